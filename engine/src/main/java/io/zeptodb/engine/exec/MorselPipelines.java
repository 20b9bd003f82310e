package io.zeptodb.engine.exec;

import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Filter;
import io.zeptodb.engine.plan.PhysicalPlan.Project;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import java.util.ArrayList;
import java.util.List;

/**
 * Splits a plan of projections and filters over a table scan into pipelines for several threads. Who consumes in parallel opens them,
 * gives each to a task of {@link Workers#runAll}, and merges what the tasks made.
 */
final class MorselPipelines {
    private MorselPipelines() {}

    /** Whether the plan is a scan, or projections and filters over one. */
    static boolean canSplit(PhysicalPlan plan) {
        PhysicalPlan below = plan;
        while (below instanceof Filter || below instanceof Project) {
            below = below.inputs().get(0);
        }
        return below instanceof TableScan;
    }

    /**
     * Opens as many pipelines as the query has threads and the scan has morsels, at least one. The caller closes each.
     *
     * @param plan one that {@link #canSplit}
     */
    static List<MorselPipeline> open(PhysicalPlan plan, ExecutionContext context) {
        Morsels morsels = new Morsels(new ScanRanges(scanOf(plan), context), Morsels.ROWS, false, context.budget());
        long useful = (morsels.ranges().rowBound() + Morsels.ROWS - 1) / Morsels.ROWS;
        int count = (int) Math.max(1, Math.min(context.workers().parallelism(), useful));
        List<MorselPipeline> pipelines = new ArrayList<>(count);
        try {
            for (int i = 0; i < count; i++) {
                pipelines.add(open(plan, morsels, context));
            }
        } finally {
            if (pipelines.size() < count) {
                pipelines.forEach(MorselPipeline::close);
            }
        }
        return pipelines;
    }

    private static TableScan scanOf(PhysicalPlan plan) {
        PhysicalPlan below = plan;
        while (!(below instanceof TableScan)) {
            below = below.inputs().get(0);
        }
        return (TableScan) below;
    }

    private static MorselPipeline open(PhysicalPlan plan, Morsels morsels, ExecutionContext context) {
        TableScanOperator scan = new TableScanOperator(morsels, context.of(scanOf(plan)));
        return new MorselPipeline(over(scan, plan, context), scan);
    }

    private static Operator over(TableScanOperator scan, PhysicalPlan plan, ExecutionContext context) {
        return Operators.measured(plan, context, own -> {
            if (plan instanceof Filter filter) {
                return new FilterOperator(over(scan, filter.input(), own), filter.condition(), own);
            }
            if (plan instanceof Project project) {
                return new ProjectOperator(over(scan, project.input(), own), project.expressions(), own);
            }
            return scan;
        });
    }
}
