package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnBuffer;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * Room for the bitmaps of one column slice that had to be shifted to bit 0: one for validity, one for BOOLEAN values. Owned by a
 * scan, one for each column; its content is valid until it is used again. One thread.
 */
public final class BitScratch implements AutoCloseable {
    private final MemoryBudget budget;
    private @Nullable ArrowBuf validity;
    private @Nullable ArrowBuf values;

    public BitScratch(MemoryBudget budget) {
        this.budget = budget;
    }

    public ArrowBuf validity(long bits) {
        validity = sized(validity, bits);
        return validity;
    }

    public ArrowBuf values(long bits) {
        values = sized(values, bits);
        return values;
    }

    /** Points at rows of a buffer that do not start at a byte, with shifted copies of their bits. */
    void pointShifted(ColumnBuffer buffer, ColumnVector target, int row, int count) {
        boolean booleans = target.type().kind() == TypeKind.BOOLEAN;
        buffer.pointShifted(target, row, count, validity(count), booleans ? values(count) : null);
    }

    private ArrowBuf sized(@Nullable ArrowBuf buffer, long bits) {
        if (buffer != null && buffer.capacity() * Byte.SIZE >= bits) {
            return buffer;
        }
        if (buffer != null) {
            buffer.close();
        }
        return budget.allocateBitmap(bits);
    }

    @Override
    public void close() {
        if (validity != null) {
            validity.close();
            validity = null;
        }
        if (values != null) {
            values.close();
            values = null;
        }
    }
}
