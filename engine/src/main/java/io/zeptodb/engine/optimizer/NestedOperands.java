package io.zeptodb.engine.optimizer;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;

/**
 * Takes subqueries and outer columns out of what IN, ANY and ALL compare, as in {@code (SELECT …) NOT IN (SELECT …)}: they become columns of a projection
 * below. Calcite's rules would put them into the condition of a join, where the outer columns are two levels away, and its decorrelator does not look.
 */
final class NestedOperands {
    private NestedOperands() {}

    static RelNode hoist(RelNode node) {
        RelNode current = RelInputs.rewrite(node, NestedOperands::hoist).accept(new Inside());
        if (current instanceof Filter filter) {
            Columns columns = new Columns(filter.getInput());
            RexNode condition = filter.getCondition().accept(columns);
            return columns.isEmpty() ? filter : above(filter, columns, condition);
        }
        if (current instanceof Project project) {
            Columns columns = new Columns(project.getInput());
            List<RexNode> expressions = columns.visitList(project.getProjects());
            return columns.isEmpty()
                    ? project
                    : LogicalProject.create(
                            columns.project(project.getVariablesSet()),
                            project.getHints(),
                            expressions,
                            project.getRowType().getFieldNames(),
                            project.getVariablesSet());
        }
        return current;
    }

    private static RelNode above(Filter filter, Columns columns, RexNode condition) {
        RelNode wider = LogicalFilter.create(
                columns.project(filter.getVariablesSet()), condition, ImmutableSet.copyOf(filter.getVariablesSet()));
        List<? extends RexNode> own = filter.getCluster().getRexBuilder().identityProjects(filter.getRowType());
        return LogicalProject.create(wider, List.of(), own, filter.getRowType().getFieldNames(), Set.of());
    }

    /** Does the same in the queries of a node's expressions. */
    private static final class Inside extends RexShuttle {
        @Override
        public RexNode visitSubQuery(RexSubQuery subQuery) {
            RexSubQuery visited = (RexSubQuery) super.visitSubQuery(subQuery);
            RelNode hoisted = hoist(visited.rel);
            return hoisted == visited.rel ? visited : visited.clone(hoisted);
        }
    }

    /** Replaces the operands by columns behind those of the input. */
    private static final class Columns extends RexShuttle {
        private final RelNode input;
        private final List<RexNode> taken = new ArrayList<>();

        private Columns(RelNode input) {
            this.input = input;
        }

        @Override
        public RexNode visitSubQuery(RexSubQuery subQuery) {
            List<RexNode> operands = new ArrayList<>();
            for (RexNode operand : subQuery.getOperands()) {
                boolean nested = RexUtil.SubQueryFinder.find(operand) != null || RexUtil.containsCorrelation(operand);
                operands.add(nested ? column(operand) : operand);
            }
            return operands.equals(subQuery.getOperands()) ? subQuery : subQuery.clone(subQuery.getType(), operands);
        }

        private RexNode column(RexNode operand) {
            taken.add(operand);
            int index = input.getRowType().getFieldCount() + taken.size() - 1;
            return new RexInputRef(index, operand.getType());
        }

        boolean isEmpty() {
            return taken.isEmpty();
        }

        RelNode project(Set<CorrelationId> variables) {
            List<RexNode> expressions =
                    new ArrayList<>(input.getCluster().getRexBuilder().identityProjects(input.getRowType()));
            List<String> names = new ArrayList<>(input.getRowType().getFieldNames());
            for (RexNode operand : taken) {
                names.add("$operand" + expressions.size());
                expressions.add(operand);
            }
            return LogicalProject.create(input, List.of(), expressions, names, variables);
        }
    }
}
