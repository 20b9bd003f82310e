package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.Expression.Comparison;
import io.zeptodb.engine.plan.ExpressionText;
import io.zeptodb.engine.plan.ExpressionTree;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.WindowJoin;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Window joins: takes the condition apart into keys and the two bounds of the right time. One statement, one thread. */
final class WindowJoinLowering {
    private final LoweringContext context;
    private final AggregateLowering aggregates;

    WindowJoinLowering(LoweringContext context, AggregateLowering aggregates) {
        this.context = context;
        this.aggregates = aggregates;
    }

    PhysicalPlan join(WindowJoinRelation join, PhysicalPlan left, PhysicalPlan right) {
        int leftCount = left.columns().size();
        List<PlanColumn> both = Columns.joined(left.columns(), right.columns());
        ExpressionLowering expressions = new ExpressionLowering(context, both);
        JoinCondition condition =
                new JoinCondition(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Comparison start = null;
        Comparison end = null;
        for (RexNode conjunct : RelOptUtil.conjunctions(join.condition())) {
            JoinCondition part = JoinCondition.of(
                    ExpressionTree.conjuncts(expressions.condition(conjunct)), leftCount, context.conversion());
            if (part.nullSafe().contains(true)) {
                throw notOfAWindowJoin("IS NOT DISTINCT FROM", conjunct);
            }
            condition.leftKeys().addAll(part.leftKeys());
            condition.rightKeys().addAll(part.rightKeys());
            for (Expression rest : part.rest()) {
                Comparison bound =
                        rest instanceof Comparison comparison ? JoinCondition.sides(comparison, leftCount) : null;
                boolean opens = bound != null && isOneOf(bound, Comparator.LESS, Comparator.LESS_OR_EQUAL);
                boolean closes = bound != null && isOneOf(bound, Comparator.GREATER, Comparator.GREATER_OR_EQUAL);
                if ((!opens && !closes) || (opens ? start : end) != null) {
                    throw notOfAWindowJoin(new ExpressionText(both).of(rest), conjunct);
                }
                start = opens ? bound : start;
                end = closes ? bound : end;
            }
        }
        if (start == null || end == null || !start.right().equals(end.right())) {
            throw error(noWindow(start, end), join.condition());
        }
        return build(join, left, right, condition, new Bounds(start, end));
    }

    private record Bounds(Comparison start, Comparison end) {}

    private static boolean isOneOf(Comparison comparison, Comparator one, Comparator other) {
        return comparison.operator() == one || comparison.operator() == other;
    }

    private static EngineException notOfAWindowJoin(String condition, RexNode place) {
        return error(
                "the condition " + condition
                        + " of a WINDOW JOIN is neither an equality of keys nor one of the two bounds of its"
                        + " window; say a condition on the left side in WHERE, one on the right side in a subquery there",
                place);
    }

    private static String noWindow(@Nullable Comparison start, @Nullable Comparison end) {
        String found = start == null && end == null
                ? "got none"
                : start == null ? "got no start" : end == null ? "got no end" : "got bounds of two different times";
        return "a WINDOW JOIN needs the start and the end of its window for one right time, as q.ts BETWEEN t.ts - INTERVAL '5' SECOND"
                + " AND t.ts, " + found;
    }

    private static EngineException error(String message, RexNode node) {
        SqlParserPos place = place(node);
        return new EngineException(
                ErrorCode.INVALID_STATEMENT, message, place.getLineNum(), place.getColumnNum(), null);
    }

    /** Of a condition that was put together the place of its first part. */
    private static SqlParserPos place(RexNode node) {
        if (!(node instanceof RexCall call)) {
            return SqlParserPos.ZERO;
        }
        boolean known = call.getParserPosition().getLineNum() > 0;
        return known || call.getOperands().isEmpty()
                ? call.getParserPosition()
                : place(call.getOperands().get(0));
    }

    private PhysicalPlan build(
            WindowJoinRelation join, PhysicalPlan left, PhysicalPlan right, JoinCondition condition, Bounds bounds) {
        int leftCount = left.columns().size();
        AggregateLowering.Lowered calls =
                aggregates.calls(join.calls(), join.getRight().getRowType(), right, leftCount);
        TimeOrder order = TimeOrder.trace(calls.input());
        WindowJoin.Window window = new WindowJoin.Window(
                ExpressionTree.renumber(bounds.start.right(), index -> index - leftCount),
                bounds.start.left(),
                bounds.start.operator() == Comparator.LESS_OR_EQUAL,
                bounds.end.left(),
                bounds.end.operator() == Comparator.GREATER_OR_EQUAL,
                join.prevailing(),
                order == null ? -1 : order.sequence());
        List<PlanColumn> columns = new ArrayList<>(left.columns());
        calls.calls()
                .forEach(call ->
                        columns.add(new PlanColumn(call.name(), call.function().result(), true)));
        PhysicalPlan plan = new WindowJoin(
                left,
                order == null ? calls.input() : order.plan(),
                List.copyOf(condition.leftKeys()),
                List.copyOf(condition.rightKeys()),
                window,
                calls.calls(),
                columns);
        List<Expression> output = new ArrayList<>();
        for (int i = 0; i < leftCount; i++) {
            output.add(new Column(i, left.columns().get(i).type()));
        }
        output.addAll(calls.values());
        return new Projections(context.folding()).project(plan, output, Columns.of(join, output));
    }
}
