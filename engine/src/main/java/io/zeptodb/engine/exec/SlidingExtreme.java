package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import java.util.Arrays;

/**
 * MIN and MAX over frames, of every type that has {@link OrderedLongs}: in two parts, as {@link SlidingDoubleSum}, with each row compared
 * twice in all. Rows that are NULL count as the worst value.
 */
final class SlidingExtreme implements FrameFunction {
    private static final int CHUNK = 1 << 10;

    private final MemoryBudget budget;
    private final ColumnVector argument;
    private final boolean greatest;
    /** All ones when the greatest is looked for: longs are turned round, so that the least is. */
    private final long flip;

    private final PresentCounts present;
    private final int rowCount;
    private final long[] chunk = new long[CHUNK];
    private int chunkFrom;
    private int chunkEnd;
    private long[] tails = {};
    private int tailsFrom;
    private int middle;
    /** Start of the frame before; one that goes back, or ends sooner, is begun anew. */
    private int last;

    private int end;
    private long least = Long.MAX_VALUE;

    SlidingExtreme(MemoryBudget budget, ColumnVector argument, int rowCount, boolean greatest) {
        this.budget = budget;
        this.argument = argument;
        this.rowCount = rowCount;
        this.greatest = greatest;
        this.flip = greatest ? -1 : 0;
        this.present = new PresentCounts(budget, argument, rowCount);
    }

    /** Reads a chunk that has this row: forward from it, or, when rows are read backward, up to it. */
    private void load(int row, boolean backward) {
        chunkFrom = backward ? Math.max(0, row + 1 - CHUNK) : row;
        int count = Math.min(CHUNK, rowCount - chunkFrom);
        chunkEnd = chunkFrom + count;
        OrderedLongs.encode(argument, chunkFrom, count, chunk, greatest ? "max" : "min");
        for (int i = 0; i < count; i++) {
            chunk[i] ^= flip;
        }
        if (argument.hasNulls()) {
            for (int i = 0; i < count; i++) {
                chunk[i] = argument.isNull(chunkFrom + i) ? Long.MAX_VALUE : chunk[i];
            }
        }
    }

    @Override
    public void compute(int from, int count, int[] starts, int[] ends, WritableColumn result) {
        boolean isDouble = result.type().kind().isFloat();
        for (int i = 0; i < count; i++) {
            int start = starts[i];
            if (start >= end || start < last || ends[i] < end) {
                middle = start;
                end = start;
                least = Long.MAX_VALUE;
            }
            last = start;
            extend(ends[i]);
            if (start >= middle && start < end) {
                turn(start);
            }
            if (present.between(start, ends[i]) == 0) {
                result.setNull(from + i);
                continue;
            }
            long best = Math.min(tails[start - tailsFrom], least) ^ flip;
            if (isDouble) {
                result.setDouble(from + i, OrderedLongs.toDouble(best));
            } else {
                result.setLong(from + i, best);
            }
        }
    }

    private void extend(int newEnd) {
        for (; end < newEnd; end++) {
            if (end < chunkFrom || end >= chunkEnd) {
                load(end, false);
            }
            least = Math.min(least, chunk[end - chunkFrom]);
        }
    }

    private void turn(int start) {
        int size = end - start;
        if (size > tails.length) {
            int wanted = (int) Math.max(size, Math.min(tails.length * 2L, Integer.MAX_VALUE - Long.BYTES));
            budget.reserveHeap((long) (wanted - tails.length) * Long.BYTES);
            tails = Arrays.copyOf(tails, wanted);
        }
        long running = Long.MAX_VALUE;
        for (int row = end - 1; row >= start; row--) {
            if (row < chunkFrom || row >= chunkEnd) {
                load(row, true);
            }
            running = Math.min(running, chunk[row - chunkFrom]);
            tails[row - start] = running;
        }
        tailsFrom = start;
        middle = end;
        least = Long.MAX_VALUE;
    }

    @Override
    public void close() {
        present.close();
        budget.reserveHeap(-(long) tails.length * Long.BYTES);
        tails = new long[0];
    }
}
