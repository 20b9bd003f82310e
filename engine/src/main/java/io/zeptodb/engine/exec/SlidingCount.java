package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Memory;
import org.jspecify.annotations.Nullable;

/** COUNT over frames. */
final class SlidingCount implements FrameFunction {
    private final @Nullable PresentCounts present;

    /** @param argument null for COUNT(*) */
    SlidingCount(MemoryBudget budget, @Nullable ColumnVector argument, int rowCount) {
        present = argument == null ? null : new PresentCounts(budget, argument, rowCount);
    }

    @Override
    public void compute(int from, int count, int[] starts, int[] ends, WritableColumn result) {
        long to = result.data() + ((long) from << 3);
        for (int i = 0; i < count; i++) {
            long rows = present == null ? ends[i] - starts[i] : present.between(starts[i], ends[i]);
            Memory.putLong(to + ((long) i << 3), rows);
        }
    }

    @Override
    public void close() {
        if (present != null) {
            present.close();
        }
    }
}
