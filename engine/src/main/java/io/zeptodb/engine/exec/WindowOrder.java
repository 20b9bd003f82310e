package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.plan.SortKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An ORDER BY over stored columns, as a long for each row by which most rows can be ordered, and a comparison of the rows whose longs are equal.
 * Immutable; valid as long as the columns.
 */
final class WindowOrder {
    private static final int PREFIX_BYTES = Long.BYTES;
    private static final int BYTE_MASK = 0xFF;

    private final List<SortKey> keys;
    private final ColumnVector[] columns;

    /** @param columns the columns that the keys' numbers mean; full, not constant */
    WindowOrder(List<SortKey> keys, ColumnVector[] columns) {
        this.keys = keys;
        this.columns = columns;
    }

    /** Writes the longs of rows [from, from + count) to {@code out[0, count)}: rows that come first have smaller ones, or equal ones. */
    void prefixes(int from, int count, long[] out) {
        if (keys.isEmpty()) {
            java.util.Arrays.fill(out, 0, count, 0);
            return;
        }
        SortKey key = keys.get(0);
        ColumnVector column = columns[key.column()];
        values(column, from, count, out);
        if (key.descending()) {
            for (int i = 0; i < count; i++) {
                out[i] = ~out[i];
            }
        }
        if (column.hasNulls()) {
            long place = key.nullsFirst() ? Long.MIN_VALUE : Long.MAX_VALUE;
            for (int i = 0; i < count; i++) {
                out[i] = column.isNull(from + i) ? place : out[i];
            }
        }
    }

    private static void values(ColumnVector column, int from, int count, long[] out) {
        switch (column.type().kind()) {
            case NULL -> java.util.Arrays.fill(out, 0, count, 0);
            case DECIMAL -> {
                for (int i = 0; i < count; i++) {
                    out[i] = decimalPrefix(column.getDecimalHigh(from + i), column.getDecimalLow(from + i));
                }
            }
            case VARCHAR, VARBINARY, ARRAY, ROW -> {
                for (int i = 0; i < count; i++) {
                    out[i] = column.isNull(from + i) ? 0 : textPrefix(column, from + i);
                }
            }
            case SYMBOL -> {
                boolean known = column.dictionary() != null;
                for (int i = 0; i < count; i++) {
                    out[i] = !known || column.isNull(from + i)
                            ? 0
                            : textPrefix(column.requireDictionary().values(), column.getInt(from + i));
                }
            }
            default -> OrderedLongs.encode(column, from, count, out, "an order key");
        }
    }

    private static long decimalPrefix(long high, long low) {
        if (high == low >> (Long.SIZE - 1)) {
            return low;
        }
        return high < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    /** The first bytes as an unsigned number, flipped into the order of signed ones. */
    private static long textPrefix(ColumnVector texts, int row) {
        int length = Math.min(texts.viewLength(row), PREFIX_BYTES);
        long bytes = texts.viewBytes(row);
        long prefix = 0;
        for (int i = 0; i < length; i++) {
            prefix |= (long) (Memory.getByte(bytes + i) & BYTE_MASK) << (Long.SIZE - Byte.SIZE - i * Byte.SIZE);
        }
        return prefix ^ Long.MIN_VALUE;
    }

    /** Orders rows whose longs are equal; null when equal longs mean equal rows. */
    @Nullable
    RowComparator ties() {
        if (keys.isEmpty()) {
            return null;
        }
        ColumnVector first = columns[keys.get(0).column()];
        TypeKind kind = first.type().kind();
        boolean exact = !first.hasNulls() && !kind.isText() && !kind.isView() && kind != TypeKind.DECIMAL;
        return exact && keys.size() == 1 ? null : this::compare;
    }

    /** Compares two rows by all keys. */
    int compare(int row, int other) {
        for (SortKey key : keys) {
            int order = compare(key, columns[key.column()], row, other);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int compare(SortKey key, ColumnVector column, int row, int other) {
        boolean rowNull = column.isNull(row);
        boolean otherNull = column.isNull(other);
        if (rowNull || otherNull) {
            return rowNull == otherNull ? 0 : rowNull == key.nullsFirst() ? -1 : 1;
        }
        int order = compareValues(column, row, other);
        return key.descending() ? -order : order;
    }

    private static int compareValues(ColumnVector column, int row, int other) {
        return switch (column.type().kind()) {
            case NULL -> 0;
            case REAL -> Float.compare(column.getFloat(row) + 0.0f, column.getFloat(other) + 0.0f);
            case DOUBLE -> Double.compare(column.getDouble(row) + 0.0, column.getDouble(other) + 0.0);
            case DECIMAL -> {
                int high = Long.compare(column.getDecimalHigh(row), column.getDecimalHigh(other));
                yield high != 0 ? high : Long.compareUnsigned(column.getDecimalLow(row), column.getDecimalLow(other));
            }
            case VARCHAR, VARBINARY, ARRAY, ROW -> Integer.signum(column.compareText(row, column, other));
            case SYMBOL -> Integer.signum(column.requireDictionary().compare(column.getInt(row), column.getInt(other)));
            default -> Long.compare(column.getAsLong(row), column.getAsLong(other));
        };
    }
}
