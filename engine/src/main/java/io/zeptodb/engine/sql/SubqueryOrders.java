package io.zeptodb.engine.sql;

import io.zeptodb.engine.sql.ast.LatestOn;
import io.zeptodb.engine.sql.ast.WindowJoinNode;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AsofJoin;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.core.TableModify;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexUtil.SubQueryFinder;
import org.jspecify.annotations.Nullable;

/**
 * Takes the ORDER BY out of the subqueries whose order nobody sees: all but those that only a choice of columns, conditions, LIMIT and the left sides of as-of
 * and window joins stand above, for these keep their rows in order. Calcite by itself takes out all of them. One with a LIMIT says which rows there are, and stays.
 */
final class SubqueryOrders {
    private static final RexShuttle INSIDE_OF_EXPRESSIONS = new RexShuttle() {
        @Override
        public RexNode visitSubQuery(RexSubQuery query) {
            RexSubQuery visited = (RexSubQuery) super.visitSubQuery(query);
            RelNode rel = remove(visited.rel, false);
            return rel == visited.rel ? visited : visited.clone(rel);
        }
    };

    private SubqueryOrders() {}

    /** The tree of a statement without the sorts that do not matter. */
    static RelNode removeUnseen(RelNode root) {
        return remove(root, true);
    }

    private static RelNode remove(RelNode node, boolean seen) {
        if (node instanceof Sort sort && isPlain(sort) && !seen) {
            return remove(sort.getInput(), false);
        }
        if (node instanceof Sort limit
                && limit.getCollation().getFieldCollations().isEmpty()) {
            RelNode ordered = withOrder(limit, limit.getInput());
            if (ordered != null) {
                return remove(ordered, seen);
            }
        }
        List<RelNode> inputs = new ArrayList<>();
        boolean changed = false;
        for (RelNode input : node.getInputs()) {
            RelNode visited = remove(input, inputs.isEmpty() && showsOrder(node, seen));
            changed |= visited != input;
            inputs.add(visited);
        }
        RelNode replaced = changed ? node.copy(node.getTraitSet(), inputs) : node;
        return replaced.accept(INSIDE_OF_EXPRESSIONS);
    }

    /** A limit as one with the order that it takes the first rows of, for these are parted when a correlated subquery becomes a join; null when it has none. */
    private static @Nullable RelNode withOrder(Sort limit, RelNode input) {
        if (input instanceof Sort sort && isPlain(sort)) {
            return sort.copy(sort.getTraitSet(), sort.getInput(), sort.getCollation(), limit.offset, limit.fetch);
        } else if (input instanceof Project project && showsOrder(project, true)) {
            RelNode ordered = withOrder(limit, project.getInput());
            return ordered == null ? null : project.copy(project.getTraitSet(), List.of(ordered));
        } else if (input instanceof Filter filter && showsOrder(filter, true)) {
            RelNode below = belowOrder(filter);
            return below == null ? null : withOrder(limit, below);
        }
        return null;
    }

    /** A condition over what is sorted as one of what is to be sorted; null when nothing is. */
    private static @Nullable RelNode belowOrder(Filter filter) {
        RelNode input = filter.getInput();
        if (input instanceof Sort sort && isPlain(sort)) {
            return sort.copy(sort.getTraitSet(), List.of(filter.copy(filter.getTraitSet(), List.of(sort.getInput()))));
        } else if (input instanceof Project project
                && showsOrder(project, true)
                && project.getProjects().stream().allMatch(RexUtil::isDeterministic)) {
            RexNode condition = RelOptUtil.pushPastProject(filter.getCondition(), project);
            RelNode below = belowOrder(filter.copy(filter.getTraitSet(), project.getInput(), condition));
            return below == null ? null : project.copy(project.getTraitSet(), List.of(below));
        } else if (input instanceof Filter lower && showsOrder(lower, true)) {
            RelNode below = belowOrder(lower);
            return below == null ? null : belowOrder(filter.copy(filter.getTraitSet(), below, filter.getCondition()));
        }
        return null;
    }

    private static boolean isPlain(Sort sort) {
        return sort.fetch == null && sort.offset == null;
    }

    /** Whether the order of a node's first input is to be seen, in its own rows or in which of them there are. */
    private static boolean showsOrder(RelNode node, boolean seen) {
        if (node instanceof Sort sort) {
            return sort.getCollation().getFieldCollations().isEmpty();
        } else if (node instanceof Project project) {
            // a window without ORDER BY has an order of its own, and subqueries become joins
            return seen && !project.containsOver() && !SubQueryFinder.containsSubQuery(project);
        } else if (node instanceof Filter filter) {
            return seen && !isLatest(filter) && !SubQueryFinder.containsSubQuery(filter);
        } else if (node instanceof Correlate correlate) {
            return seen && isWindowJoin(correlate.getRight());
        }
        return seen && (node instanceof AsofJoin || node instanceof TableModify);
    }

    private static boolean isLatest(Filter filter) {
        return RexUtil.findOperatorCall(LatestOn.OPERATOR, filter.getCondition()) != null;
    }

    /** The right side as {@link WindowJoins} writes it: aggregates over a filter by the window. */
    private static boolean isWindowJoin(RelNode right) {
        RelNode node = right;
        while (node instanceof Project || node instanceof Aggregate) {
            node = node.getInput(0);
        }
        return node instanceof Filter filter
                && filter.getCondition() instanceof RexCall call
                && WindowJoinNode.isWindow(call.getOperator());
    }
}
