package io.zeptodb.engine.sql;

import io.zeptodb.engine.sql.relation.VolatileProject;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.Uncollect;
import org.apache.calcite.rex.RexUtil;

/**
 * Keeps what is computed with random() from being computed again where it is read: its projections become {@link VolatileProject}s. Not those with window functions,
 * through which no rule looks, nor those of correlated subqueries, which must become joins. For one statement.
 */
final class VolatileColumns extends RelationRewrite {
    private VolatileColumns() {}

    /** The tree of a statement; its own columns are read by nobody. */
    static RelNode keep(RelNode root) {
        RelNode kept = root.accept(new VolatileColumns());
        return kept instanceof VolatileProject project ? project.plain() : kept;
    }

    @Override
    RelNode replace(RelNode node) {
        if (node instanceof Project project && isVolatile(project)) {
            return VolatileProject.of(project);
        } else if (node instanceof Uncollect && node.getInput(0) instanceof VolatileProject arrays) {
            return node.copy(node.getTraitSet(), List.of(arrays.plain()));
        }
        return node;
    }

    private static boolean isVolatile(Project project) {
        return !project.getProjects().stream().allMatch(RexUtil::isDeterministic)
                && !project.containsOver()
                && !RexUtil.SubQueryFinder.containsSubQuery(project)
                && RelOptUtil.getVariablesUsed(project).isEmpty();
    }
}
