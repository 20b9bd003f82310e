package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Case;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.IsNull;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.Expression.Or;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Apply;
import io.zeptodb.engine.plan.PhysicalPlan.Binding;
import io.zeptodb.engine.plan.PhysicalPlan.Filter;
import io.zeptodb.engine.plan.PhysicalPlan.HashAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.HashJoin;
import io.zeptodb.engine.plan.PhysicalPlan.JoinType;
import io.zeptodb.engine.plan.PhysicalPlan.Limit;
import io.zeptodb.engine.plan.PhysicalPlan.NestedLoopJoin;
import io.zeptodb.engine.plan.PhysicalPlan.Project;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;

/** Joins but for as-of joins: by hash where sides are compared for equality, else by nested loops; marks with SQL's three values. */
final class JoinLowering {
    private static final String MARK = "$mark";
    private static final double CLEARLY = 2;
    private static final Literal ONE = new Literal(1L, ColumnType.BIGINT);

    private final LoweringContext context;

    JoinLowering(LoweringContext context) {
        this.context = context;
    }

    PhysicalPlan join(Join join, PhysicalPlan left, PhysicalPlan right) {
        List<PlanColumn> both = Columns.joined(left.columns(), right.columns());
        Expression condition = new ExpressionLowering(context, both).condition(join.getCondition());
        boolean mayBeUnknown = join.getCondition().getType().isNullable();
        JoinCondition parts = JoinCondition.of(
                ExpressionTree.conjuncts(mayBeUnknown ? condition : Folding.asFilter(condition)),
                left.columns().size(),
                context.conversion());
        if (join.getJoinType() == JoinRelType.LEFT_MARK) {
            return mark(left, right, parts, mayBeUnknown, join.getRowType().getFieldNames());
        }
        JoinType type = type(join.getJoinType());
        boolean filters = type == JoinType.SEMI || type == JoinType.ANTI;
        return filters && parts.hasKeys() && isSmallerLeft(join)
                ? exchanged(left, right, type, parts)
                : join(left, right, type, parts);
    }

    /** Clearly smaller: the side that comes out is then built into the table, and the other one is streamed past it. */
    private static boolean isSmallerLeft(Join join) {
        return RowEstimate.of(join.getLeft()).rows() * CLEARLY
                < RowEstimate.of(join.getRight()).rows();
    }

    /** A semi or anti join with its sides exchanged. */
    private static PhysicalPlan exchanged(
            PhysicalPlan left, PhysicalPlan right, JoinType type, JoinCondition condition) {
        int leftCount = left.columns().size();
        int rightCount = right.columns().size();
        Expression residual = condition.residual();
        return new HashJoin(
                right,
                left,
                type == JoinType.SEMI ? JoinType.RIGHT_SEMI : JoinType.RIGHT_ANTI,
                List.copyOf(condition.rightKeys()),
                List.copyOf(condition.leftKeys()),
                List.copyOf(condition.nullSafe()),
                residual == null
                        ? null
                        : ExpressionTree.renumber(
                                residual, index -> index < leftCount ? index + rightCount : index - leftCount),
                left.columns());
    }

    private static JoinType type(JoinRelType type) {
        return switch (type) {
            case INNER -> JoinType.INNER;
            case LEFT -> JoinType.LEFT;
            case RIGHT -> JoinType.RIGHT;
            case FULL -> JoinType.FULL;
            case SEMI -> JoinType.SEMI;
            case ANTI -> JoinType.ANTI;
            case LEFT_MARK -> JoinType.MARK;
            case ASOF, LEFT_ASOF -> throw new IllegalStateException("as-of joins are lowered elsewhere");
        };
    }

    static PhysicalPlan join(PhysicalPlan left, PhysicalPlan right, JoinType type, JoinCondition condition) {
        List<PlanColumn> columns = columns(left, right, type);
        if (!condition.hasKeys()) {
            boolean asksForOne = condition.rest().isEmpty()
                    && (type == JoinType.SEMI || type == JoinType.ANTI || type == JoinType.MARK);
            PhysicalPlan needed = asksForOne ? new Limit(right, null, ONE) : right;
            return new NestedLoopJoin(left, needed, type, condition.residual(), columns);
        }
        return new HashJoin(
                left,
                right,
                type,
                List.copyOf(condition.leftKeys()),
                List.copyOf(condition.rightKeys()),
                List.copyOf(condition.nullSafe()),
                condition.residual(),
                columns);
    }

    private static List<PlanColumn> columns(PhysicalPlan left, PhysicalPlan right, JoinType type) {
        return switch (type) {
            case SEMI, ANTI -> left.columns();
            case MARK -> Columns.joined(left.columns(), List.of(new PlanColumn(MARK, ColumnType.BOOLEAN, false)));
            default ->
                Columns.joined(
                        left.columns(),
                        right.columns(),
                        type == JoinType.RIGHT || type == JoinType.FULL,
                        type == JoinType.LEFT || type == JoinType.FULL);
        };
    }

    /**
     * The left columns and whether the condition is true for a right row, NULL when it is for none but unknown for one: what IN gives.
     */
    private PhysicalPlan mark(
            PhysicalPlan left, PhysicalPlan right, JoinCondition parts, boolean mayBeUnknown, List<String> names) {
        PhysicalPlan matched = join(left, right, JoinType.MARK, parts);
        if (!mayBeUnknown) {
            return matched;
        }
        return threeValued(
                unknown(matched, right, parts), left, names.get(left.columns().size()));
    }

    /** One mark of two: NULL where no right row matches but one is unknown. */
    private static PhysicalPlan threeValued(PhysicalPlan withBothMarks, PhysicalPlan left, String name) {
        int leftCount = left.columns().size();
        Expression isMatched = new Column(leftCount, ColumnType.BOOLEAN);
        Expression isUnknown = new Column(leftCount + 1, ColumnType.BOOLEAN);
        List<Expression> expressions = new ArrayList<>(Columns.references(left.columns()));
        expressions.add(new Case(
                List.of(isMatched, isUnknown),
                List.of(Folding.TRUE, new Literal(null, ColumnType.BOOLEAN)),
                Folding.FALSE,
                ColumnType.BOOLEAN));
        List<PlanColumn> columns = new ArrayList<>(left.columns());
        columns.add(new PlanColumn(name, ColumnType.BOOLEAN, true));
        return new Project(withBothMarks, expressions, columns);
    }

    /** Adds whether the condition is unknown for a right row that agrees in the NULL-safe keys. */
    private PhysicalPlan unknown(PhysicalPlan left, PhysicalPlan right, JoinCondition parts) {
        int leftCount = left.columns().size();
        JoinCondition safe =
                new JoinCondition(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        List<Integer> compared = new ArrayList<>();
        for (int i = 0; i < parts.leftKeys().size(); i++) {
            if (parts.nullSafe().get(i)) {
                safe.leftKeys().add(parts.leftKeys().get(i));
                safe.rightKeys().add(parts.rightKeys().get(i));
                safe.nullSafe().add(true);
            } else {
                compared.add(i);
            }
        }
        if (compared.size() == 1 && parts.rest().isEmpty()) {
            Expression leftKey = parts.leftKeys().get(compared.get(0));
            return unknownOfOneKey(left, right, safe, leftKey, parts.rightKeys().get(compared.get(0)));
        }
        // the condition stands over the columns before the first mark was added: right ones move by one
        List<Expression> terms = new ArrayList<>();
        for (int key : compared) {
            Expression rightKey = ExpressionTree.renumber(parts.rightKeys().get(key), index -> index + leftCount);
            terms.add(new Expression.Comparison(
                    Expression.Comparator.EQUAL, parts.leftKeys().get(key), rightKey));
        }
        for (Expression rest : parts.rest()) {
            terms.add(ExpressionTree.renumber(rest, index -> index < leftCount - 1 ? index : index + 1));
        }
        safe.rest().add(new IsNull(ExpressionTree.and(terms), false));
        return join(left, right, JoinType.MARK, safe);
    }

    /** One equality is unknown where a side is NULL, so the right side shrinks to at most two rows for each list of NULL-safe keys. */
    private static PhysicalPlan unknownOfOneKey(
            PhysicalPlan left, PhysicalPlan right, JoinCondition safe, Expression leftKey, Expression rightKey) {
        List<Expression> groups = new ArrayList<>(safe.rightKeys());
        groups.add(new IsNull(rightKey, false));
        List<PlanColumn> columns = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            columns.add(new PlanColumn("$key" + i, groups.get(i).type(), true));
        }
        PhysicalPlan nulls = new HashAggregate(right, groups, List.of(), columns);
        int leftCount = left.columns().size();
        JoinCondition condition = new JoinCondition(
                safe.leftKeys(),
                Columns.references(columns.subList(0, safe.rightKeys().size())),
                safe.nullSafe(),
                List.of(new Or(List.of(
                        new IsNull(leftKey, false), new Column(leftCount + columns.size() - 1, ColumnType.BOOLEAN)))));
        return join(left, nulls, JoinType.MARK, condition);
    }

    /** What decorrelation left: the right side runs for each left row. Its condition becomes a filter of the right side. */
    PhysicalPlan apply(Correlate correlate, PhysicalPlan left, PhysicalPlan right) {
        JoinType type = type(correlate.getJoinType());
        CorrelationId id = correlate.getCorrelationId();
        List<PlanColumn> both = Columns.joined(left.columns(), right.columns());
        Expression condition = new ExpressionLowering(context, both).condition(correlate.getCondition());
        int leftCount = left.columns().size();
        Expression overRight = ExpressionTree.rewrite(condition, each -> {
            if (!(each instanceof Column column)) {
                return each;
            }
            return column.index() < leftCount
                    ? context.variables().field(id, column.index())
                    : new Column(column.index() - leftCount, column.type());
        });
        PhysicalPlan filtered = Folding.isTrue(overRight) ? right : new Filter(right, overRight);
        boolean mayBeUnknown =
                type == JoinType.MARK && correlate.getCondition().getType().isNullable();
        List<Binding> bindings = context.variables().close(id);
        PhysicalPlan matched = new Apply(left, filtered, type, bindings, columns(left, right, type));
        if (!mayBeUnknown) {
            return matched;
        }
        PhysicalPlan unknowns = new Filter(right, new IsNull(overRight, false));
        PhysicalPlan marked = new Apply(matched, unknowns, type, bindings, columns(matched, right, type));
        return threeValued(marked, left, correlate.getRowType().getFieldNames().get(leftCount));
    }
}
