package io.zeptodb.engine.optimizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.tools.RelBuilder;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/**
 * Conditions on left columns above an as-of join, a window join or a mark join move to its left side, and, where they speak of keys only, to the right side of
 * the first two as well: right rows of other keys match no row that is left. Conditions on right columns stay: they choose among results, not among candidates.
 */
final class SideFilterRule extends RelOptRule {
    private static final Set<SqlKind> OF_KEYS = EnumSet.of(
            SqlKind.EQUALS,
            SqlKind.NOT_EQUALS,
            SqlKind.LESS_THAN,
            SqlKind.LESS_THAN_OR_EQUAL,
            SqlKind.GREATER_THAN,
            SqlKind.GREATER_THAN_OR_EQUAL,
            SqlKind.IS_DISTINCT_FROM,
            SqlKind.IS_NOT_DISTINCT_FROM,
            SqlKind.IS_NULL,
            SqlKind.IS_NOT_NULL,
            SqlKind.LIKE,
            SqlKind.AND,
            SqlKind.OR,
            SqlKind.NOT);

    private final Function<RelNode, @Nullable RexNode> condition;

    @SuppressWarnings("deprecation") // the other form of rules needs generated configuration classes
    private SideFilterRule(Class<? extends RelNode> join, Function<RelNode, @Nullable RexNode> condition) {
        super(
                operand(Filter.class, operand(join, any())),
                RelationOptimizer.BUILDERS,
                "SideFilterRule of " + join.getSimpleName());
        this.condition = condition;
    }

    static SideFilterRule ofAsofJoins() {
        return new SideFilterRule(AsofJoin.class, join -> ((AsofJoin) join).getCondition());
    }

    static SideFilterRule ofWindowJoins() {
        return new SideFilterRule(WindowJoinRelation.class, join -> ((WindowJoinRelation) join).condition());
    }

    /** Nothing moves to the right of these: a row of NULLs there makes a mark NULL. */
    static SideFilterRule ofMarkJoins() {
        return new SideFilterRule(
                Join.class,
                join -> isMarkJoin(join) ? join.getCluster().getRexBuilder().makeLiteral(true) : null);
    }

    private static boolean isMarkJoin(RelNode join) {
        return join instanceof Join any && any.getJoinType() == JoinRelType.LEFT_MARK;
    }

    @Override
    public void onMatch(RelOptRuleCall call) {
        Filter filter = call.rel(0);
        RelNode join = call.rel(1);
        RexNode keyCondition = condition.apply(join);
        if (keyCondition == null) {
            return;
        }
        RelNode leftInput = join.getInput(0);
        RelNode rightInput = join.getInput(1);
        int leftCount = leftInput.getRowType().getFieldCount();
        int[] keys = rightKeys(keyCondition, leftCount);
        List<RexNode> left = new ArrayList<>();
        List<RexNode> right = new ArrayList<>();
        List<RexNode> above = new ArrayList<>();
        for (RexNode conjunct : RelOptUtil.conjunctions(filter.getCondition())) {
            ImmutableBitSet read = RelOptUtil.InputFinder.bits(conjunct);
            boolean movable =
                    read.length() <= leftCount && (isMarkJoin(join) || !RexUtil.containsCorrelation(conjunct));
            if (!movable) {
                above.add(conjunct);
                continue;
            }
            left.add(conjunct);
            boolean ofKeys = !read.isEmpty() && read.asList().stream().allMatch(column -> keys[column] >= 0);
            if (ofKeys && isSameForEqualKeys(conjunct)) {
                right.add(overRight(conjunct, keys, rightInput));
            }
        }
        if (left.isEmpty()) {
            return;
        }
        RelBuilder builder = call.builder();
        RelNode newLeft = builder.push(leftInput).filter(left).build();
        RelNode newRight = builder.push(rightInput).filter(right).build();
        builder.push(join.copy(join.getTraitSet(), List.of(newLeft, newRight)));
        call.transformTo(builder.filter(above).build());
    }

    /** For each left column the right column that equals it, or -1. */
    private static int[] rightKeys(RexNode condition, int leftCount) {
        int[] keys = new int[leftCount];
        Arrays.fill(keys, -1);
        for (RexNode conjunct : RelOptUtil.conjunctions(condition)) {
            if (conjunct.getKind() == SqlKind.EQUALS
                    && ((RexCall) conjunct).getOperands().get(0) instanceof RexInputRef a
                    && ((RexCall) conjunct).getOperands().get(1) instanceof RexInputRef b) {
                int left = Math.min(a.getIndex(), b.getIndex());
                int right = Math.max(a.getIndex(), b.getIndex());
                if (left < leftCount && right >= leftCount && sameType(a, b)) {
                    keys[left] = right - leftCount;
                }
            }
        }
        return keys;
    }

    /**
     * Whether a condition gives the same for all keys that are equal, and fails for none: random() is another one for each row, the texts of 0.0 and -0.0
     * differ, and a division would fail of right rows that no left row meets.
     */
    private static boolean isSameForEqualKeys(RexNode condition) {
        if (!(condition instanceof RexCall call)) {
            return true;
        }
        return (OF_KEYS.contains(call.getKind()) || RexUtil.isLosslessCast(call))
                && call.getOperands().stream().allMatch(SideFilterRule::isSameForEqualKeys);
    }

    private static boolean sameType(RexNode a, RexNode b) {
        return a.getType().getSqlTypeName() == b.getType().getSqlTypeName();
    }

    private static RexNode overRight(RexNode conjunct, int[] keys, RelNode right) {
        return conjunct.accept(new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef reference) {
                return RexInputRef.of(keys[reference.getIndex()], right.getRowType());
            }
        });
    }
}
