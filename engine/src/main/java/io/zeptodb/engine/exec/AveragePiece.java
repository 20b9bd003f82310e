package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.WindowCall;

/** The exponential moving averages in pieces. One thread. */
final class AveragePiece extends WindowPiece {
    private final ExponentialAverage average;
    private int partition = -1;

    AveragePiece(ExecutionContext context, WindowCall call) {
        super(context, call);
        this.average = ExponentialAverage.of(call, context);
    }

    @Override
    int ready(WindowRows rows, int from) {
        return rows.rowCount();
    }

    @Override
    void compute(WindowRows rows, PieceStart start, int from, int to, WritableColumn result) {
        ColumnVector[] arguments = arguments(rows);
        int[] partitions = rows.partitionStarts();
        int row = from;
        while (row < to) {
            int p = rows.partitionOf(row);
            int end = Math.min(to, partitions[p + 1]);
            if (start.partition() + p != partition) {
                partition = start.partition() + p;
                average.begin(0);
            }
            average.compute(0, arguments, row, end - row, result);
            row = end;
        }
        result.setRowCount(to);
    }

    @Override
    int keepFrom(WindowRows rows, int to) {
        return to;
    }

    @Override
    public void close() {
        super.close();
        average.close();
    }
}
