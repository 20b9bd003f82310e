package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where each row of a batch goes: to which of several buffers (by index) and to which row of it. Made once for a batch, then applied to
 * each column with one loop and no branch on the type. One thread; the arrays are kept for the next batch.
 */
public final class ColumnScatter {
    private int[] positions = {};
    private int[] buffers = {};
    private int[] rows = {};
    private long[] addresses = {};
    private int count;

    /** Makes room for this many rows and forgets those before. */
    public void begin(int most) {
        if (most > positions.length) {
            positions = new int[most];
            buffers = new int[most];
            rows = new int[most];
        }
        count = 0;
    }

    /** Position {@code position} of the batch goes to {@code row} of the buffer with index {@code buffer}. */
    public void add(int position, int buffer, int row) {
        positions[count] = position;
        buffers[count] = buffer;
        rows[count] = row;
        count++;
    }

    /**
     * Copies a column.
     *
     * @param source a vector of the targets' type
     * @param targets by index; may have holes where no row goes
     * @param heap where long texts go; null for other types
     */
    public void apply(ColumnVector source, @Nullable ColumnBuffer[] targets, @Nullable ViewHeap heap) {
        if (count == 0) {
            return;
        }
        boolean maskedTargets = collectAddresses(targets);
        int width = source.type().width();
        if (heap != null || source.type().kind() == TypeKind.BOOLEAN) {
            for (int i = 0; i < count; i++) {
                ColumnBuffer target = target(targets, i);
                target.copyOne(source, positions[i] & source.mask(), rows[i], heap);
            }
            return;
        }
        copyValues(source.data(), source.mask(), width);
        if (source.hasNulls() || maskedTargets) {
            for (int i = 0; i < count; i++) {
                target(targets, i).putValid(rows[i], !source.isNull(positions[i]));
            }
        }
    }

    /** Numbers the rows of a BIGINT column: a row gets {@code first} plus its position. */
    public void applyNumbers(long first, @Nullable ColumnBuffer[] targets) {
        collectAddresses(targets);
        for (int i = 0; i < count; i++) {
            Memory.putLong(addresses[buffers[i]] + ((long) rows[i] << 3), first + positions[i]);
        }
    }

    private static ColumnBuffer require(@Nullable ColumnBuffer buffer) {
        if (buffer == null) {
            throw new IllegalStateException("a row is scattered to a buffer that is not there");
        }
        return buffer;
    }

    private ColumnBuffer target(@Nullable ColumnBuffer[] targets, int i) {
        return require(targets[buffers[i]]);
    }

    /** Whether some target has a validity bitmap, which must then be written also for valid rows. */
    private boolean collectAddresses(@Nullable ColumnBuffer[] targets) {
        if (addresses.length < targets.length) {
            addresses = Arrays.copyOf(addresses, Math.max(targets.length, addresses.length * 2));
        }
        boolean masked = false;
        for (int i = 0; i < targets.length; i++) {
            ColumnBuffer target = targets[i];
            addresses[i] = target == null ? 0 : target.address();
            masked |= target != null && target.validity() != null;
        }
        return masked;
    }

    private void copyValues(long from, int mask, int width) {
        switch (width) {
            case Byte.BYTES -> {
                for (int i = 0; i < count; i++) {
                    Memory.putByte(addresses[buffers[i]] + rows[i], Memory.getByte(from + (positions[i] & mask)));
                }
            }
            case Short.BYTES -> {
                for (int i = 0; i < count; i++) {
                    Memory.putShort(
                            addresses[buffers[i]] + ((long) rows[i] << 1),
                            Memory.getShort(from + ((long) (positions[i] & mask) << 1)));
                }
            }
            case Integer.BYTES -> {
                for (int i = 0; i < count; i++) {
                    Memory.putInt(
                            addresses[buffers[i]] + ((long) rows[i] << 2),
                            Memory.getInt(from + ((long) (positions[i] & mask) << 2)));
                }
            }
            case Long.BYTES -> {
                for (int i = 0; i < count; i++) {
                    Memory.putLong(
                            addresses[buffers[i]] + ((long) rows[i] << 3),
                            Memory.getLong(from + ((long) (positions[i] & mask) << 3)));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    ColumnBuffer.copyWide(
                            from + ((long) (positions[i] & mask) << 4), addresses[buffers[i]] + ((long) rows[i] << 4));
                }
            }
        }
    }
}
