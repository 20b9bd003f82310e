package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.plan.PhysicalPlan.WorkingTable;
import org.jspecify.annotations.Nullable;

/** The rows of the recursion's last round, in slices without a copy. */
final class WorkingTableOperator implements Operator {
    private final ExecutionContext context;
    private final RowStore rows;
    private final ColumnVector[] columns;
    private final Batch output;
    private int next;

    WorkingTableOperator(WorkingTable plan, ExecutionContext context) {
        this.context = context;
        this.rows = context.workingTables().of(plan.recursion());
        columns = plan.types().stream().map(ColumnVector::new).toArray(ColumnVector[]::new);
        output = new Batch(columns);
    }

    @Override
    public @Nullable Batch next() {
        int count = Math.min(Batch.ROWS, rows.rowCount() - next);
        if (count <= 0) {
            return null;
        }
        context.checkCancelled();
        for (int i = 0; i < columns.length; i++) {
            VectorSlices.slice(rows.column(i), next, columns[i]);
        }
        next += count;
        return output.set(count, null);
    }

    @Override
    public void close() {
        next = rows.rowCount();
    }
}
