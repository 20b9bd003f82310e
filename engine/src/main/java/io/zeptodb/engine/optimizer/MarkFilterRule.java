package io.zeptodb.engine.optimizer;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.tools.RelBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A filter that keeps only marked rows of a mark join makes it a semi join, one that keeps only unmarked rows an anti join. Behind it the mark
 * is a constant. NOT mark is enough for an anti join only where the mark cannot be NULL.
 */
final class MarkFilterRule extends RelOptRule {
    @SuppressWarnings("deprecation") // the other form of rules needs generated configuration classes
    MarkFilterRule() {
        super(operand(Filter.class, operand(Join.class, any())), RelationOptimizer.BUILDERS, "MarkFilterRule");
    }

    @Override
    public void onMatch(RelOptRuleCall call) {
        Filter filter = call.rel(0);
        Join join = call.rel(1);
        if (join.getJoinType() != JoinRelType.LEFT_MARK) {
            return;
        }
        int mark = join.getRowType().getFieldCount() - 1;
        boolean nullable = join.getCondition().getType().isNullable();
        List<RexNode> conjuncts = RelOptUtil.conjunctions(filter.getCondition());
        Boolean kept = null;
        for (RexNode conjunct : conjuncts) {
            kept = kept == null ? keptMark(conjunct, mark, nullable) : kept;
        }
        if (kept == null) {
            return;
        }
        RelBuilder builder = call.builder();
        RexNode value = markLiteral(builder.getRexBuilder(), kept, join, mark);
        List<RexNode> rest = new ArrayList<>();
        for (RexNode conjunct : conjuncts) {
            if (!kept.equals(keptMark(conjunct, mark, nullable))) {
                rest.add(replace(conjunct, mark, value));
            }
        }
        builder.push(join.getLeft()).push(join.getRight());
        builder.join(kept ? JoinRelType.SEMI : JoinRelType.ANTI, certain(join.getCondition()));
        builder.filter(rest);
        List<RexNode> fields = new ArrayList<>(builder.fields());
        fields.add(value);
        builder.project(fields, filter.getRowType().getFieldNames());
        call.transformTo(builder.build());
    }

    /** Where only TRUE counts, x IS TRUE is x. */
    private static RexNode certain(RexNode condition) {
        return condition.getKind() == SqlKind.IS_TRUE
                ? ((RexCall) condition).getOperands().get(0)
                : condition;
    }

    private static RexNode markLiteral(RexBuilder builder, boolean value, Join join, int mark) {
        RelDataType type = join.getRowType().getFieldList().get(mark).getType();
        return builder.makeAbstractCast(type, builder.makeLiteral(value), false);
    }

    /** The mark of all rows that a condition lets pass; null when it says nothing of it. */
    private static @Nullable Boolean keptMark(RexNode condition, int mark, boolean nullable) {
        if (isMark(condition, mark)) {
            return true;
        }
        if (!(condition instanceof RexCall call) || !isMark(call.getOperands().get(0), mark)) {
            return null;
        }
        if (call.getKind() == SqlKind.IS_TRUE) {
            return true;
        }
        boolean unmarked = call.getKind() == SqlKind.IS_NOT_TRUE || (call.getKind() == SqlKind.NOT && !nullable);
        return unmarked ? false : null;
    }

    private static boolean isMark(RexNode node, int mark) {
        return node instanceof RexInputRef reference && reference.getIndex() == mark;
    }

    private static RexNode replace(RexNode condition, int mark, RexNode value) {
        return condition.accept(new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef reference) {
                return reference.getIndex() == mark ? value : reference;
            }
        });
    }
}
