package io.zeptodb.engine.optimizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.ConditionalCorrelate;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.sql2rel.TopDownGeneralDecorrelator;
import org.apache.calcite.tools.RelBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Decorrelates over the rows that the outer values come from. Calcite takes the values from all of the left side, which is then in the tree twice: of
 * n subqueries side by side, each of them a join with the ones before, the last would make a tree of 2^n copies. The joins before keep each of their left
 * rows and so its values: these are taken from below them.
 */
final class OuterRows {
    /** With a left side of more nodes the values are taken from below filters too: some more of them are better than all of it twice. */
    private static final int MANY_NODES = 100;

    private OuterRows() {}

    /** @param correlate with nothing correlated on its left side */
    static RelNode decorrelate(Correlate correlate, RelBuilder builder) {
        boolean keepsLeft = keepsLeft(correlate.getJoinType());
        RelNode values = keepsLeft ? values(correlate) : correlate.getLeft();
        RelNode joined = values == correlate.getLeft() ? null : over(values, correlate, builder);
        return joined != null ? joined : TopDownGeneralDecorrelator.decorrelateQuery(correlate, builder);
    }

    private static boolean keepsLeft(JoinRelType type) {
        return type == JoinRelType.LEFT || type == JoinRelType.LEFT_MARK;
    }

    /** The lowest node whose first columns are those that the right side and the condition read. */
    private static RelNode values(Correlate correlate) {
        RelNode left = correlate.getLeft();
        int width = left.getRowType().getFieldCount();
        int needed = correlate.getRequiredColumns().length();
        for (int column : RelOptUtil.InputFinder.bits(correlate.getCondition())) {
            needed = column < width ? Math.max(needed, column + 1) : needed;
        }
        boolean throughFilters = isLarge(left);
        RelNode values = left;
        for (RelNode below = below(values, needed, throughFilters);
                below != null;
                below = below(values, needed, throughFilters)) {
            values = below;
        }
        return values;
    }

    private static @Nullable RelNode below(RelNode node, int needed, boolean throughFilters) {
        boolean passes = (node instanceof Join join && keepsLeft(join.getJoinType()))
                || (node instanceof Project project && isPrefix(project.getProjects(), needed))
                || (node instanceof Filter && throughFilters);
        RelNode below = passes ? node.getInput(0) : null;
        return below != null && below.getRowType().getFieldCount() >= needed ? below : null;
    }

    private static boolean isPrefix(List<RexNode> columns, int count) {
        for (int i = 0; i < count; i++) {
            if (!(columns.get(i) instanceof RexInputRef reference) || reference.getIndex() != i) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLarge(RelNode root) {
        return nodes(root, MANY_NODES) > MANY_NODES;
    }

    /** How many there are; no more are counted than are asked for. */
    private static int nodes(RelNode node, int most) {
        int nodes = 1;
        for (RelNode input : node.getInputs()) {
            nodes += nodes <= most ? nodes(input, most - nodes) : 0;
        }
        return nodes;
    }

    /** Decorrelates over the rows of the values alone and joins what comes of it with all of the left side; null where that has another form. */
    private static @Nullable RelNode over(RelNode values, Correlate correlate, RelBuilder builder) {
        RelNode left = correlate.getLeft();
        int width = left.getRowType().getFieldCount();
        int narrow = values.getRowType().getFieldCount();
        RexNode condition = shift(correlate.getCondition(), width, narrow - width);
        RelNode apart = TopDownGeneralDecorrelator.decorrelateQuery(with(correlate, values, condition), builder);
        Project project = apart instanceof Project top ? top : null;
        RelNode core = project == null ? apart : project.getInput();
        boolean isExpected = core instanceof Join join
                && join.getJoinType() == correlate.getJoinType()
                && join.getLeft().getRowType().getFieldCount() == narrow
                && (project == null || isPrefix(project.getProjects(), narrow));
        if (!isExpected) {
            return null;
        }
        Join join = (Join) core;
        RelNode joined = LogicalJoin.create(
                left,
                join.getRight(),
                List.of(),
                shift(join.getCondition(), narrow, width - narrow),
                Set.of(),
                join.getJoinType());
        List<RexNode> all = builder.push(joined).fields();
        List<RexNode> outputs = new ArrayList<>(all.subList(0, width));
        if (project == null) {
            outputs.addAll(all.subList(width, all.size()));
        } else {
            for (RexNode column :
                    project.getProjects().subList(narrow, project.getProjects().size())) {
                outputs.add(shift(column, narrow, width - narrow));
            }
        }
        return builder.project(outputs, correlate.getRowType().getFieldNames()).build();
    }

    private static Correlate with(Correlate correlate, RelNode left, RexNode condition) {
        return correlate instanceof ConditionalCorrelate conditional
                ? conditional.copy(
                        correlate.getTraitSet(),
                        left,
                        correlate.getRight(),
                        correlate.getCorrelationId(),
                        correlate.getRequiredColumns(),
                        correlate.getJoinType(),
                        condition)
                : correlate.copy(
                        correlate.getTraitSet(),
                        left,
                        correlate.getRight(),
                        correlate.getCorrelationId(),
                        correlate.getRequiredColumns(),
                        correlate.getJoinType());
    }

    /** References to columns from one on are moved. */
    private static RexNode shift(RexNode expression, int from, int by) {
        return expression.accept(new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef reference) {
                return reference.getIndex() < from
                        ? reference
                        : new RexInputRef(reference.getIndex() + by, reference.getType());
            }
        });
    }
}
