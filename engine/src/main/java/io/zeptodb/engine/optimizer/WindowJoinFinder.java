package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.sql.ast.WindowJoinNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.mapping.Mappings;
import org.jspecify.annotations.Nullable;

/**
 * Finds the window joins in a validated tree: aggregates over a filter by the operator of {@link WindowJoinNode}, run for each left row. They become
 * {@link WindowJoinRelation}s before subqueries are decorrelated, which would make ordinary joins of them with all pairs of rows.
 */
final class WindowJoinFinder {
    private WindowJoinFinder() {}

    static RelNode reveal(RelNode node) {
        RelNode current = RelInputs.rewrite(node, WindowJoinFinder::reveal);
        if (current instanceof Correlate correlate) {
            RelNode join = join(correlate);
            return join == null ? current : join;
        }
        return current;
    }

    /** The call of the operator that a filter is by, or null. */
    private static @Nullable RexCall window(Filter filter) {
        boolean found = filter.getCondition() instanceof RexCall call && WindowJoinNode.isWindow(call.getOperator());
        return found ? (RexCall) filter.getCondition() : null;
    }

    private static @Nullable RelNode join(Correlate correlate) {
        RelNode below = correlate.getRight();
        Project top = below instanceof Project project ? project : null;
        below = top == null ? below : top.getInput();
        if (!(below instanceof Aggregate aggregate) || aggregate.getGroupCount() > 0) {
            return null;
        }
        Project arguments = aggregate.getInput() instanceof Project project ? project : null;
        RelNode filtered = arguments == null ? aggregate.getInput() : arguments.getInput();
        RexCall window = filtered instanceof Filter filter ? window(filter) : null;
        if (window == null) {
            return null;
        }
        RelNode right = ((Filter) filtered).getInput();
        int columns = right.getRowType().getFieldCount();
        List<AggregateCall> calls = aggregate.getAggCallList();
        RelNode evaluated = right;
        if (arguments != null) {
            evaluated = withArguments(right, arguments);
            var behind = Mappings.target(
                    column -> columns + column,
                    arguments.getProjects().size(),
                    columns + arguments.getProjects().size());
            calls = calls.stream().map(call -> call.transform(behind)).toList();
        }
        RexNode condition = overBoth(window.getOperands().get(0), correlate);
        RelNode join = new WindowJoinRelation(
                correlate.getLeft(),
                evaluated,
                condition,
                window.getOperator().equals(WindowJoinNode.PREVAILING_WINDOW),
                calls,
                top == null ? correlate.getRowType() : rowType(correlate, aggregate));
        return top == null ? join : project(correlate, join, top);
    }

    private static RelNode withArguments(RelNode right, Project arguments) {
        RexBuilder rex = right.getCluster().getRexBuilder();
        List<RexNode> columns = new ArrayList<>(rex.identityProjects(right.getRowType()));
        List<String> names = new ArrayList<>(right.getRowType().getFieldNames());
        for (RexNode argument : arguments.getProjects()) {
            names.add("$arg" + columns.size());
            columns.add(argument);
        }
        return LogicalProject.create(right, List.of(), columns, names, Set.of());
    }

    private static RelDataType rowType(Correlate correlate, Aggregate aggregate) {
        var fields = correlate.getCluster().getTypeFactory().builder();
        List<RelDataTypeField> left = correlate.getLeft().getRowType().getFieldList();
        left.forEach(fields::add);
        for (RelDataTypeField field : aggregate.getRowType().getFieldList()) {
            fields.add("$result" + field.getIndex(), field.getType());
        }
        return fields.uniquify().build();
    }

    /** What stood over the aggregates, beside the left columns. */
    private static RelNode project(Correlate correlate, RelNode join, Project top) {
        int leftCount = correlate.getLeft().getRowType().getFieldCount();
        RexBuilder rex = join.getCluster().getRexBuilder();
        List<RexNode> columns = new ArrayList<>();
        for (int i = 0; i < leftCount; i++) {
            columns.add(rex.makeInputRef(join, i));
        }
        top.getProjects().forEach(each -> columns.add(RexUtil.shift(each, leftCount)));
        return RelOptUtil.createCastRel(
                LogicalProject.create(
                        join, List.of(), columns, correlate.getRowType().getFieldNames(), Set.of()),
                correlate.getRowType(),
                true);
    }

    /** Over the right columns and the variable of the left row becomes: over the left columns, then the right ones. */
    private static RexNode overBoth(RexNode condition, Correlate correlate) {
        CorrelationId id = correlate.getCorrelationId();
        RelNode left = correlate.getLeft();
        int leftCount = left.getRowType().getFieldCount();
        return condition.accept(new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef reference) {
                return new RexInputRef(reference.getIndex() + leftCount, reference.getType());
            }

            @Override
            public RexNode visitFieldAccess(RexFieldAccess access) {
                boolean ofLeft =
                        access.getReferenceExpr() instanceof RexCorrelVariable variable && variable.id.equals(id);
                return ofLeft ? new RexInputRef(access.getField().getIndex(), access.getType()) : access;
            }
        });
    }

    /** @throws EngineException when a window join is left that compares nothing with the left side */
    static void requireAllFound(RelNode node) {
        if (node instanceof Filter filter && window(filter) != null) {
            throw new EngineException(
                    ErrorCode.INVALID_STATEMENT,
                    "the window of a WINDOW JOIN must lie about a time of the left side, as"
                            + " q.ts BETWEEN t.ts - INTERVAL '5' SECOND AND t.ts");
        }
        node.getInputs().forEach(WindowJoinFinder::requireAllFound);
    }
}
