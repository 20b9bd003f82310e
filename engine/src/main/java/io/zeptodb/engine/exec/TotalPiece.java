package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.WindowCall;
import java.util.Arrays;

/** A call whose frame is the whole partition: the pass before has its result. One thread. */
final class TotalPiece extends WindowPiece {
    private final PartitionTotals totals;
    private final int number;
    private final int[] source = new int[Batch.ROWS];

    /** @param number of the aggregate in the totals */
    TotalPiece(ExecutionContext context, WindowCall call, PartitionTotals totals, int number) {
        super(context, call);
        this.totals = totals;
        this.number = number;
    }

    @Override
    int ready(WindowRows rows, int from) {
        return rows.rowCount();
    }

    @Override
    void compute(WindowRows rows, PieceStart start, int from, int to, WritableColumn result) {
        int row = from;
        while (row < to) {
            int p = rows.partitionOf(row);
            int end = Math.min(to, rows.partitionStarts()[p + 1]);
            Arrays.fill(source, 0, Math.min(source.length, end - row), start.partition() + p);
            for (; row < end; row += source.length) {
                result.append(totals.results(number), source, Math.min(source.length, end - row));
            }
            row = end;
        }
    }

    @Override
    int keepFrom(WindowRows rows, int to) {
        return to;
    }
}
