package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.plan.PhysicalPlan.SystemScan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows that the engine knows of itself, in batches. */
final class SystemScanOperator implements Operator {
    private final SystemScan plan;
    private final ExecutionContext context;
    private final BoxedRows output;
    private @Nullable List<@Nullable Object[]> rows;
    private int next;

    SystemScanOperator(SystemScan plan, ExecutionContext context) {
        this.plan = plan;
        this.context = context;
        this.output = new BoxedRows(plan.types(), context.budget());
    }

    @Override
    public @Nullable Batch next() {
        List<@Nullable Object[]> all = rows;
        if (all == null) {
            all = context.systemRows().apply(plan.name());
            rows = all;
        }
        if (next == all.size()) {
            return null;
        }
        context.checkCancelled();
        int count = Math.min(Batch.ROWS, all.size() - next);
        output.begin(count);
        for (int row = 0; row < count; row++) {
            @Nullable Object[] values = all.get(next + row);
            for (int i = 0; i < values.length; i++) {
                output.write(row, i, values[i]);
            }
        }
        next += count;
        return output.batch(count);
    }

    @Override
    public void close() {
        output.close();
    }
}
