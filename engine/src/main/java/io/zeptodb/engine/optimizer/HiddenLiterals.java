package io.zeptodb.engine.optimizer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.calcite.plan.Strong;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.ConditionalCorrelate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalAsofJoin;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;

/**
 * Hides the literals of conditions, and the equalities of mark joins, behind functions that Calcite knows nothing about. Its decorrelator simplifies what it
 * moves, and cannot be told not to: it would make ranges (Sarg) of lists and comparisons, in the order of UTF-16, which is not ours, and
 * a = c of a = b AND a = c, which is another one where a mark is NULL.
 */
final class HiddenLiterals {
    private static final SqlFunction HIDDEN = new SqlFunction(
            "$LITERAL", SqlKind.OTHER_FUNCTION, ReturnTypes.ARG0, null, OperandTypes.ANY, SqlFunctionCategory.SYSTEM);

    private static final SqlFunction EQUAL =
            new SqlFunction(
                    "$EQUAL",
                    SqlKind.OTHER_FUNCTION,
                    ReturnTypes.BOOLEAN_NULLABLE,
                    null,
                    OperandTypes.ANY_ANY,
                    SqlFunctionCategory.SYSTEM) {
                /** As of an equality, or NOT IN would be an anti join, for which NULL is no match. */
                @Override
                public Supplier<Strong.Policy> getStrongPolicyInference() {
                    return () -> Strong.Policy.ANY;
                }
            };

    private HiddenLiterals() {}

    static RelNode hide(RelNode root) {
        return rewrite(root, new Hide(root.getCluster().getRexBuilder()));
    }

    static RelNode reveal(RelNode root) {
        return rewrite(root, new Reveal(root.getCluster().getRexBuilder()));
    }

    private static RelNode rewrite(RelNode node, RexShuttle shuttle) {
        RelNode current = RelInputs.rewrite(node, input -> rewrite(input, shuttle));
        // nothing moves the conditions of an as-of join, and Calcite cannot replace them
        boolean mayChange = !(current instanceof LogicalAsofJoin)
                && (shuttle instanceof Reveal || current instanceof Filter || current instanceof Join);
        RelNode changed = mayChange ? current.accept(shuttle) : current;
        RexShuttle ofMarks = shuttle instanceof Hide hide ? hide.equalities() : shuttle;
        if (changed instanceof Join join && join.getJoinType() == JoinRelType.LEFT_MARK) {
            return join.accept(ofMarks);
        } else if (changed instanceof ConditionalCorrelate correlate) {
            return correlate.copy(
                    correlate.getTraitSet(),
                    correlate.getLeft(),
                    correlate.getRight(),
                    correlate.getCorrelationId(),
                    correlate.getRequiredColumns(),
                    correlate.getJoinType(),
                    correlate.getCondition().accept(ofMarks));
        }
        return changed;
    }

    /** Literals of comparisons and functions; TRUE and FALSE beside AND and OR stay what they are. */
    private static final class Hide extends RexShuttle {
        private final RexBuilder builder;

        private Hide(RexBuilder builder) {
            this.builder = builder;
        }

        @Override
        public RexNode visitCall(RexCall call) {
            RexNode visited = super.visitCall(call);
            if (!(visited instanceof RexCall rewritten)
                    || call.isA(SqlKind.AND)
                    || call.isA(SqlKind.OR)
                    || call.isA(SqlKind.NOT)) {
                return visited;
            }
            List<RexNode> operands = new ArrayList<>();
            for (RexNode operand : rewritten.getOperands()) {
                operands.add(operand instanceof RexLiteral ? hidden(operand) : operand);
            }
            return rewritten.clone(rewritten.getType(), operands);
        }

        RexShuttle equalities() {
            return new RexShuttle() {
                @Override
                public RexNode visitCall(RexCall call) {
                    RexNode visited = super.visitCall(call);
                    return visited.isA(SqlKind.EQUALS)
                            ? builder.makeCall(visited.getType(), EQUAL, ((RexCall) visited).getOperands())
                            : visited;
                }
            };
        }

        private RexNode hidden(RexNode literal) {
            return builder.makeCall(literal.getType(), HIDDEN, List.of(literal));
        }
    }

    private static final class Reveal extends RexShuttle {
        private final RexBuilder builder;

        private Reveal(RexBuilder builder) {
            this.builder = builder;
        }

        @Override
        public RexNode visitCall(RexCall call) {
            if (call.getOperator().equals(HIDDEN)) {
                return call.getOperands().get(0);
            }
            RexNode visited = super.visitCall(call);
            return visited instanceof RexCall equality && equality.getOperator().equals(EQUAL)
                    ? builder.makeCall(equality.getType(), SqlStdOperatorTable.EQUALS, equality.getOperands())
                    : visited;
        }
    }
}
