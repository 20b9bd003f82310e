package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.kernel.Memory;
import org.jspecify.annotations.Nullable;

/** How many values of a column in a range of rows are not NULL: a difference of two running counts, or none at all when no value is NULL. */
final class PresentCounts implements AutoCloseable {
    private final @Nullable AccountedInts running;
    private final int[] counts;
    private final boolean none;

    PresentCounts(MemoryBudget budget, ColumnVector column, int rowCount) {
        none = column.isConstant() && column.isNull(0);
        if (none || column.isConstant() || !column.hasNulls()) {
            running = null;
            counts = new int[0];
            return;
        }
        AccountedInts made = new AccountedInts(budget);
        made.reserve(rowCount + 1);
        running = made;
        counts = made.values();
        long bits = column.validity();
        int count = 0;
        for (int i = 0; i < rowCount; i++) {
            counts[i] = count;
            count += Memory.getBit(bits, i) ? 1 : 0;
        }
        counts[rowCount] = count;
    }

    int between(int start, int end) {
        if (counts.length > 0) {
            return counts[end] - counts[start];
        }
        return none ? 0 : end - start;
    }

    @Override
    public void close() {
        if (running != null) {
            running.close();
        }
    }
}
