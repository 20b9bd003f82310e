package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Zeros that stand for the values and the validity of columns that a segment does not have: all rows are NULL. One memory for all segments of a
 * table, as large as the largest of them needs. Thread-safe.
 */
final class NullMemory implements AutoCloseable {
    private static final int SPARE_BYTES = 64;

    private final MemoryBudget budget;
    private final List<ArrowBuf> buffers = new ArrayList<>();
    private volatile ArrowBuf[] latest = {};

    NullMemory(MemoryBudget budget) {
        this.budget = budget;
    }

    /** Points a vector at this many NULLs. */
    void point(ColumnVector target, int rows) {
        long bytes = (long) rows * Math.max(1, target.type().width()) + SPARE_BYTES;
        ArrowBuf zeros = ofAtLeast(bytes);
        target.point(zeros, zeros.memoryAddress(), zeros, zeros.memoryAddress());
        target.asConstant(false);
    }

    private ArrowBuf ofAtLeast(long bytes) {
        ArrowBuf[] present = latest;
        if (present.length > 0 && present[0].capacity() >= bytes) {
            return present[0];
        }
        synchronized (this) {
            present = latest;
            if (present.length > 0 && present[0].capacity() >= bytes) {
                return present[0];
            }
            ArrowBuf larger = budget.allocate(bytes);
            larger.setZero(0, larger.capacity());
            buffers.add(larger); // the smaller one stays: a reader may have it
            latest = new ArrowBuf[] {larger};
            return larger;
        }
    }

    /** Only when nobody reads any more. */
    @Override
    public synchronized void close() {
        buffers.forEach(ArrowBuf::close);
        buffers.clear();
        latest = new ArrowBuf[0];
    }
}
