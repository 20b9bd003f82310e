package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.plan.WindowCall;

/** A call over frames that begin with the partition: an aggregation that each row joins once and that goes on from piece to piece. One thread. */
final class RunningPiece extends WindowPiece {
    private static final int[] ZERO = {0};

    private final AggregateFunction function;
    private final WritableColumn scratch;
    private final SelectionVector part = new SelectionVector(Batch.ROWS);
    private final int[] starts = new int[Batch.ROWS];
    private final int[] ends = new int[Batch.ROWS];
    private Aggregator state;
    private int partition = -1;
    /** The first row that has not joined. */
    private int done;

    private boolean fresh;

    /** @param function the call's, or for a value the aggregate that picks it */
    RunningPiece(ExecutionContext context, WindowCall call, AggregateFunction function) {
        super(context, call);
        this.function = function;
        this.scratch = new WritableColumn(context.budget(), function.result());
        this.state = function.newAggregator(context.budget());
    }

    @Override
    int ready(WindowRows rows, int from) {
        return FramePiece.ready(context, call, rows, from);
    }

    @Override
    void compute(WindowRows rows, PieceStart start, int from, int to, WritableColumn result) {
        ColumnVector[] arguments = arguments(rows);
        FrameBounds frames = new FrameBounds(call.frame(), rows, context);
        int[] partitions = rows.partitionStarts();
        int p = rows.partitionOf(from);
        for (int row = from; row < to; row += Batch.ROWS) {
            context.checkCancelled();
            int count = Math.min(Batch.ROWS, to - row);
            frames.fill(row, count, starts, ends);
            for (int i = 0; i < count; i++) {
                while (partitions[p + 1] <= row + i) {
                    p++;
                }
                if (start.partition() + p != partition) {
                    begin(start.partition() + p, partitions[p]);
                }
                if (!fresh || done < ends[i]) {
                    add(arguments, rows.rowCount(), ends[i]);
                }
                result.append(scratch.vector(), ZERO, 1);
            }
        }
    }

    private void begin(int number, int first) {
        partition = number;
        done = first;
        fresh = false;
        state.close();
        state = function.newAggregator(context.budget());
        state.reserve(1);
    }

    private void add(ColumnVector[] arguments, int rowCount, int end) {
        context.budget().poll(); // a result may take as long as all rows before it
        while (done < end) {
            int count = Math.min(Batch.ROWS, end - done);
            for (int i = 0; i < count; i++) {
                part.positions()[i] = done + i;
            }
            part.setCount(count);
            state.updateGroup(0, arguments, part, rowCount);
            done += count;
        }
        scratch.clear();
        scratch.reserve(1);
        state.finish(0, 1, scratch);
        scratch.setRowCount(1);
        fresh = true;
    }

    @Override
    int keepFrom(WindowRows rows, int to) {
        return done;
    }

    @Override
    void dropped(int count) {
        done -= count;
    }

    @Override
    public void close() {
        super.close();
        state.close();
        scratch.close();
    }
}
