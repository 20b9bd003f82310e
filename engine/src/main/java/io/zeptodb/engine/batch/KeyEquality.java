package io.zeptodb.engine.batch;

import io.zeptodb.engine.kernel.Memory;
import org.jspecify.annotations.Nullable;

/** Compares keys of a batch with stored keys, in the sense of {@link KeyHashing}. Stateless. */
public final class KeyEquality {
    private KeyEquality() {}

    /**
     * For each i of {@code rows[0, count)}, an index into the positions that count: clears {@code equal[i]} when the batch's value at its
     * position differs from the stored value at {@code groups[i]}.
     */
    public static void compare(
            ColumnVector batch,
            int @Nullable [] positions,
            int[] rows,
            int count,
            ColumnVector stored,
            int[] groups,
            boolean[] equal) {
        if (batch.hasNulls() || stored.hasNulls()) {
            for (int i = 0; i < count; i++) {
                int row = positions == null ? rows[i] : positions[rows[i]];
                equal[i] &= equalOrBothNull(batch, row, stored, groups[i]);
            }
            return;
        }
        int mask = batch.mask();
        long left = batch.data();
        long right = stored.data();
        switch (batch.type().kind()) {
            case INTEGER, DATE, SYMBOL, INTERVAL_MONTH -> {
                for (int i = 0; i < count; i++) {
                    int row = (positions == null ? rows[i] : positions[rows[i]]) & mask;
                    equal[i] &=
                            Memory.getInt(left + ((long) row << 2)) == Memory.getInt(right + ((long) groups[i] << 2));
                }
            }
            case BIGINT, TIME, TIMESTAMP, INTERVAL_DAY -> {
                for (int i = 0; i < count; i++) {
                    int row = (positions == null ? rows[i] : positions[rows[i]]) & mask;
                    equal[i] &=
                            Memory.getLong(left + ((long) row << 3)) == Memory.getLong(right + ((long) groups[i] << 3));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    int row = positions == null ? rows[i] : positions[rows[i]];
                    equal[i] &= equalValues(batch, row, stored, groups[i]);
                }
            }
        }
    }

    public static boolean equalOrBothNull(ColumnVector left, int row, ColumnVector right, int otherRow) {
        boolean leftNull = left.isNull(row);
        return leftNull == right.isNull(otherRow) && (leftNull || equalValues(left, row, right, otherRow));
    }

    private static boolean equalValues(ColumnVector left, int row, ColumnVector right, int otherRow) {
        return switch (left.type().kind()) {
            case REAL ->
                KeyHashing.canonicalBits(left.getFloat(row)) == KeyHashing.canonicalBits(right.getFloat(otherRow));
            case DOUBLE ->
                KeyHashing.canonicalBits(left.getDouble(row)) == KeyHashing.canonicalBits(right.getDouble(otherRow));
            case DECIMAL ->
                left.getDecimalLow(row) == right.getDecimalLow(otherRow)
                        && left.getDecimalHigh(row) == right.getDecimalHigh(otherRow);
            case VARCHAR, VARBINARY, ARRAY, ROW -> equalBytes(left, row, right, otherRow);
            case NULL -> true;
            default -> left.getAsLong(row) == right.getAsLong(otherRow);
        };
    }

    private static boolean equalBytes(ColumnVector left, int row, ColumnVector right, int otherRow) {
        long view = left.viewAddress(row);
        long other = right.viewAddress(otherRow);
        if (Memory.getLong(view) != Memory.getLong(other)) {
            return false;
        }
        int length = Memory.getInt(view);
        if (length <= ColumnVector.INLINE_BYTES) {
            return Memory.getLong(view + Long.BYTES) == Memory.getLong(other + Long.BYTES);
        }
        long bytes = left.viewBytes(row);
        long otherBytes = right.viewBytes(otherRow);
        int i = Integer.BYTES;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (Memory.getLong(bytes + i) != Memory.getLong(otherBytes + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (Memory.getByte(bytes + i) != Memory.getByte(otherBytes + i)) {
                return false;
            }
        }
        return true;
    }
}
