package io.zeptodb.engine.sql.relation;

import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;

/**
 * A projection with calls that give another result each time, as random(): a row has them computed once, however often they are read above. Calcite's rules
 * write what a projection computes wherever it is read; this is no projection to them. Immutable.
 */
public final class VolatileProject extends SingleRel {
    private final List<RexNode> expressions;

    private VolatileProject(RelNode input, List<RexNode> expressions, RelDataType rowType) {
        super(input.getCluster(), input.getTraitSet(), input);
        this.expressions = List.copyOf(expressions);
        this.rowType = rowType;
    }

    /** @param expressions over the input, one for each column of the row */
    public static VolatileProject create(RelNode input, List<RexNode> expressions, RelDataType rowType) {
        return new VolatileProject(input, expressions, rowType);
    }

    public static VolatileProject of(Project project) {
        return new VolatileProject(project.getInput(), project.getProjects(), project.getRowType());
    }

    /** As a projection of Calcite's, for where nobody reads a column twice. */
    public RelNode plain() {
        return LogicalProject.create(getInput(), List.of(), expressions, getRowType(), Set.of());
    }

    public List<RexNode> expressions() {
        return expressions;
    }

    @Override
    public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
        return new VolatileProject(inputs.get(0), expressions, getRowType());
    }

    @Override
    public RelNode accept(RexShuttle shuttle) {
        List<RexNode> changed = shuttle.apply(expressions);
        return changed == expressions ? this : new VolatileProject(getInput(), changed, getRowType());
    }

    @Override
    public RelWriter explainTerms(RelWriter writer) {
        return super.explainTerms(writer).item("expressions", expressions);
    }
}
