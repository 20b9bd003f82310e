package io.zeptodb.engine.optimizer;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.logical.LogicalAsofJoin;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;

/**
 * Hides the literals of conditions behind a function that Calcite knows nothing about. Its decorrelator simplifies what it moves, and cannot
 * be told not to: it would make ranges (Sarg) of lists and comparisons, in the order of UTF-16, which is not ours.
 */
final class HiddenLiterals {
    private static final SqlFunction HIDDEN = new SqlFunction(
            "$LITERAL", SqlKind.OTHER_FUNCTION, ReturnTypes.ARG0, null, OperandTypes.ANY, SqlFunctionCategory.SYSTEM);

    private HiddenLiterals() {}

    static RelNode hide(RelNode root) {
        return rewrite(root, new Hide(root.getCluster().getRexBuilder()));
    }

    static RelNode reveal(RelNode root) {
        return rewrite(root, new Reveal());
    }

    private static RelNode rewrite(RelNode node, RexShuttle shuttle) {
        RelNode current = RelInputs.rewrite(node, input -> rewrite(input, shuttle));
        // nothing moves the conditions of an as-of join, and Calcite cannot replace them
        boolean mayChange = !(current instanceof LogicalAsofJoin)
                && (shuttle instanceof Reveal || current instanceof Filter || current instanceof Join);
        return mayChange ? current.accept(shuttle) : current;
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

        private RexNode hidden(RexNode literal) {
            return builder.makeCall(literal.getType(), HIDDEN, List.of(literal));
        }
    }

    private static final class Reveal extends RexShuttle {
        @Override
        public RexNode visitCall(RexCall call) {
            return call.getOperator().equals(HIDDEN) ? call.getOperands().get(0) : super.visitCall(call);
        }
    }
}
