package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.List;
import java.util.function.Supplier;

/** Answers aggregations from materialized views where one has what they need. For one statement. */
interface ViewAnswers {
    /** Reads tables. */
    ViewAnswers NONE = aggregation -> aggregation;

    /** The aggregation answered from a view, or itself. */
    PhysicalPlan answer(PhysicalPlan aggregation);

    /** Answers from these views; of several that can, the one that has to put together the fewest groups. */
    static ViewAnswers of(Supplier<List<KeptView>> views) {
        return aggregation -> {
            TableAggregate query = TableAggregate.of(aggregation);
            if (query == null) {
                return aggregation;
            }
            ViewMatch best = null;
            for (KeptView view : views.get()) {
                ViewMatch match = ViewMatch.of(view, query);
                if (match != null && (best == null || match.isBetterThan(best))) {
                    best = match;
                }
            }
            return best == null ? aggregation : best.plan(aggregation);
        };
    }
}
