package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.function.Aggregator;
import java.util.Arrays;

/**
 * Any aggregate over any frames. Frames that are whole partitions are one aggregation; frames that only grow take each row once (and begin anew where, at
 * the end of a month, one does not grow); of others each is aggregated anew, from its rows when it is short and from blocks when it is long
 * ({@link PairedRows}). Equal frames that follow
 * each other are computed once. Owned by one operator; one thread.
 */
final class FrameAggregation implements AutoCloseable {
    private static final int CHUNK = 1 << 10;
    private static final int LONG_VALUES = 1 << 6;

    private final ExecutionContext context;
    private final MemoryBudget budget;
    private final AggregateFunction function;
    private final ColumnVector[] arguments;
    private final WindowRows rows;
    private final WritableColumn scratch;
    private final PairedRows pairs;

    /** @param arguments over all rows; may be constant */
    FrameAggregation(ExecutionContext context, AggregateFunction function, ColumnVector[] arguments, WindowRows rows) {
        this.context = context;
        this.budget = context.budget();
        this.function = function;
        this.arguments = arguments;
        this.rows = rows;
        scratch = new WritableColumn(budget, function.result());
        pairs = new PairedRows(budget, function, arguments, rows.rowCount());
    }

    /** Appends the results of rows [from, to), which are all rows unless both ends of the frames are near. */
    void compute(FrameBounds frames, int from, int to, WritableColumn result) {
        if (frames.isPartition()) {
            computePartitions(result);
        } else if (frames.isRunning()) {
            computeRunning(frames, result);
        } else {
            computeEach(frames, from, to, result);
        }
    }

    private void computePartitions(WritableColumn result) {
        int[] starts = rows.partitionStarts();
        int partitions = rows.partitionCount();
        SelectionVector part = new SelectionVector(Batch.ROWS);
        try (Aggregator state = function.newAggregator(budget)) {
            state.reserve(partitions);
            for (int p = 0; p < partitions; p++) {
                addRows(state, p, starts[p], starts[p + 1], part);
            }
            scratch.reserve(partitions);
            state.finish(0, partitions, scratch);
            scratch.setRowCount(partitions);
        }
        // a text or array may be long, and each row gets a copy of it
        int[] source = new int[function.result().kind().isView() ? LONG_VALUES : Batch.ROWS];
        for (int p = 0; p < partitions; p++) {
            Arrays.fill(source, 0, Math.min(source.length, starts[p + 1] - starts[p]), p);
            for (int row = starts[p]; row < starts[p + 1]; row += source.length) {
                budget.poll();
                result.append(scratch.vector(), source, Math.min(source.length, starts[p + 1] - row));
            }
        }
    }

    /** Adds rows [from, to) to one group. */
    private void addRows(Aggregator state, int group, int from, int to, SelectionVector part) {
        for (int row = from; row < to; row += Batch.ROWS) {
            int count = Math.min(Batch.ROWS, to - row);
            if (count == Batch.ROWS) {
                context.checkCancelled();
            }
            int[] positions = part.positions();
            for (int i = 0; i < count; i++) {
                positions[i] = row + i;
            }
            part.setCount(count);
            state.updateGroup(group, arguments, part, rows.rowCount());
        }
    }

    private void computeRunning(FrameBounds frames, WritableColumn result) {
        int[] starts = new int[CHUNK];
        int[] ends = new int[CHUNK];
        int[] zero = {0};
        SelectionVector part = new SelectionVector(Batch.ROWS);
        int done = 0;
        int partition = -1;
        boolean fresh = false;
        Aggregator state = function.newAggregator(budget);
        try {
            for (int from = 0; from < rows.rowCount(); from += CHUNK) {
                context.checkCancelled();
                int count = Math.min(CHUNK, rows.rowCount() - from);
                frames.fill(from, count, starts, ends);
                for (int i = 0; i < count; i++) {
                    if (starts[i] != partition || ends[i] < done) {
                        state.close();
                        state = function.newAggregator(budget);
                        state.reserve(1);
                        partition = starts[i];
                        done = partition;
                        fresh = false;
                    }
                    if (!fresh || done < ends[i]) {
                        budget.poll(); // a result may take as long as all rows before it
                        addRows(state, 0, done, ends[i], part);
                        done = ends[i];
                        scratch.clear();
                        scratch.reserve(1);
                        state.finish(0, 1, scratch);
                        scratch.setRowCount(1);
                        fresh = true;
                    }
                    result.append(scratch.vector(), zero, 1);
                }
            }
        } finally {
            state.close();
        }
    }

    private void computeEach(FrameBounds frames, int first, int to, WritableColumn result) {
        int[] starts = new int[CHUNK];
        int[] ends = new int[CHUNK];
        int[] resultOf = new int[CHUNK];
        for (int from = first; from < to; from += CHUNK) {
            context.checkCancelled();
            int count = Math.min(CHUNK, to - from);
            frames.fill(from, count, starts, ends);
            try (Aggregator state = function.newAggregator(budget)) {
                state.reserve(count);
                pairs.begin(state);
                int group = -1;
                for (int i = 0; i < count; i++) {
                    boolean same = i > 0 && frames.isWhole() && starts[i] == starts[i - 1] && ends[i] == ends[i - 1];
                    if (!same) {
                        group++;
                        addFrame(frames, from + i, starts[i], ends[i], group);
                    }
                    resultOf[i] = group;
                }
                pairs.flush();
                scratch.clear();
                scratch.reserve(group + 1);
                state.finish(0, group + 1, scratch);
                scratch.setRowCount(group + 1);
            }
            result.append(scratch.vector(), resultOf, count);
        }
    }

    private final int[] pieces = FrameBounds.newPieces();

    private void addFrame(FrameBounds frames, int row, int start, int end, int group) {
        int count = frames.pieces(row, start, end, pieces);
        for (int i = 0; i < count; i++) {
            pairs.addRange(pieces[2 * i], pieces[2 * i + 1], group);
        }
    }

    @Override
    public void close() {
        scratch.close();
        pairs.close();
    }
}
