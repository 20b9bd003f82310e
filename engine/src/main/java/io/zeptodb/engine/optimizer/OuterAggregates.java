package io.zeptodb.engine.optimizer;

import java.util.List;
import java.util.Locale;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;

/**
 * An aggregate of nothing but outer columns belongs to the outer query, says the standard, wherever it is written. Calcite takes it for one of the subquery's,
 * which is another number, so it is refused.
 */
final class OuterAggregates {
    private OuterAggregates() {}

    /** @throws io.zeptodb.engine.api.EngineException FEATURE_NOT_SUPPORTED where a subquery among the expressions of a tree has one */
    static void refuse(RelNode node) {
        node.accept(new RexShuttle() {
            @Override
            public RexNode visitSubQuery(RexSubQuery subQuery) {
                refuseWithin(subQuery.rel);
                refuse(subQuery.rel);
                return super.visitSubQuery(subQuery);
            }
        });
        node.getInputs().forEach(OuterAggregates::refuse);
    }

    private static void refuseWithin(RelNode node) {
        if (node instanceof Aggregate aggregate && aggregate.getInput() instanceof Project project) {
            for (AggregateCall call : aggregate.getAggCallList()) {
                List<RexNode> arguments = call.getArgList().stream()
                        .map(project.getProjects()::get)
                        .toList();
                if (isOuter(arguments)) {
                    throw Unsupported.because(
                            call.getAggregation().getName().toLowerCase(Locale.ROOT)
                                    + "(…) of columns of the outer query alone",
                            "it belongs to that query, compute it there");
                }
            }
        }
        node.getInputs().forEach(OuterAggregates::refuseWithin);
    }

    private static boolean isOuter(List<RexNode> arguments) {
        return arguments.stream().anyMatch(RexUtil::containsCorrelation)
                && RelOptUtil.InputFinder.bits(arguments, null).isEmpty();
    }
}
