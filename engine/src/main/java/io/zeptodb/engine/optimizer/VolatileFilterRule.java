package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.sql.relation.VolatileProject;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.tools.RelBuilder;

/** Conditions on columns that a volatile projection only passes on move below it. */
final class VolatileFilterRule extends RelOptRule {
    @SuppressWarnings("deprecation") // the other form of rules needs generated configuration classes
    VolatileFilterRule() {
        super(
                operand(Filter.class, operand(VolatileProject.class, any())),
                RelationOptimizer.BUILDERS,
                "VolatileFilterRule");
    }

    @Override
    public void onMatch(RelOptRuleCall call) {
        Filter filter = call.rel(0);
        VolatileProject project = call.rel(1);
        List<RexNode> columns = project.expressions();
        List<RexNode> below = new ArrayList<>();
        List<RexNode> above = new ArrayList<>();
        for (RexNode conjunct : RelOptUtil.conjunctions(filter.getCondition())) {
            boolean passed = RexUtil.isDeterministic(conjunct)
                    && !RexUtil.containsCorrelation(conjunct)
                    && RelOptUtil.InputFinder.bits(conjunct).asList().stream()
                            .allMatch(column -> columns.get(column) instanceof RexInputRef);
            (passed ? below : above).add(conjunct);
        }
        if (below.isEmpty()) {
            return;
        }
        RexShuttle overInput = new RexShuttle() {
            @Override
            public RexNode visitInputRef(RexInputRef reference) {
                return columns.get(reference.getIndex());
            }
        };
        RelBuilder builder = call.builder();
        RelNode input = builder.push(project.getInput())
                .filter(overInput.visitList(below))
                .build();
        builder.push(project.copy(project.getTraitSet(), List.of(input)));
        call.transformTo(builder.filter(above).build());
    }
}
