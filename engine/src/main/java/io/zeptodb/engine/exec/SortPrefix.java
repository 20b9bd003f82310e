package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.kernel.Int128;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Values as longs that ascend with the order of SQL. For most types that is the whole value; of a text it is the first seven bytes and the
 * length up to eight, of a DECIMAL its value as far as it fits: equal prefixes then need {@link #compareRest}. NULLs are the caller's. Stateless.
 */
final class SortPrefix {
    /** Bytes of a text that are in its prefix. */
    static final int TEXT_BYTES = 7;

    private static final long LENGTH_MASK = 0xFF;

    private SortPrefix() {}

    /** Whether equal prefixes always are equal values. */
    static boolean isExact(TypeKind kind) {
        return !kind.isView() && kind != TypeKind.SYMBOL && kind != TypeKind.DECIMAL;
    }

    /** Whether values of this prefix, as {@link #load} made it, may differ. */
    static boolean needsRest(TypeKind kind, long prefix, boolean descending) {
        if (isExact(kind)) {
            return false;
        }
        long plain = descending ? ~prefix : prefix;
        if (kind == TypeKind.DECIMAL) {
            return plain == Long.MIN_VALUE || plain == Long.MAX_VALUE;
        }
        return ((plain ^ Long.MIN_VALUE) & LENGTH_MASK) > TEXT_BYTES;
    }

    /**
     * Writes the prefix of row {@code rows[i]} to {@code keys[i]} for i in [from, to).
     *
     * @param ranks for a SYMBOL: place of each code in the order of texts, which then is the prefix; or null
     */
    static void load(
            ColumnVector vector,
            boolean descending,
            int @Nullable [] ranks,
            int[] rows,
            int from,
            int to,
            long[] keys) {
        TypeKind kind = vector.type().kind();
        if (ranks != null) {
            for (int i = from; i < to; i++) {
                keys[i] = ranks[vector.getInt(rows[i])];
            }
        } else {
            switch (kind) {
                case SYMBOL -> loadSymbols(vector, rows, from, to, keys);
                case VARCHAR, VARBINARY, ARRAY, ROW -> {
                    for (int i = from; i < to; i++) {
                        keys[i] = ofText(vector, rows[i]);
                    }
                }
                case DECIMAL -> loadDecimals(vector, rows, from, to, keys);
                case NULL -> Arrays.fill(keys, from, to, 0);
                default -> loadPlain(vector, rows, from, to, keys);
            }
        }
        if (descending) {
            for (int i = from; i < to; i++) {
                keys[i] = ~keys[i];
            }
        }
    }

    private static void loadPlain(ColumnVector vector, int[] rows, int from, int to, long[] keys) {
        int mask = vector.mask();
        long data = vector.data();
        switch (vector.type().kind()) {
            case BIGINT, TIME, TIMESTAMP, INTERVAL_DAY -> {
                for (int i = from; i < to; i++) {
                    keys[i] = Memory.getLong(data + ((long) (rows[i] & mask) << 3));
                }
            }
            case DOUBLE -> {
                for (int i = from; i < to; i++) {
                    keys[i] = OrderedLongs.of(Memory.getDouble(data + ((long) (rows[i] & mask) << 3)));
                }
            }
            case REAL -> {
                for (int i = from; i < to; i++) {
                    keys[i] = OrderedLongs.of(Memory.getFloat(data + ((long) (rows[i] & mask) << 2)));
                }
            }
            default -> {
                for (int i = from; i < to; i++) {
                    keys[i] = vector.getAsLong(rows[i]);
                }
            }
        }
    }

    private static void loadSymbols(ColumnVector vector, int[] rows, int from, int to, long[] keys) {
        SymbolDictionary dictionary = vector.dictionary();
        if (dictionary == null) {
            Arrays.fill(keys, from, to, 0);
            return;
        }
        ColumnVector texts = dictionary.values();
        for (int i = from; i < to; i++) {
            keys[i] = ofText(texts, vector.getInt(rows[i]));
        }
    }

    private static void loadDecimals(ColumnVector vector, int[] rows, int from, int to, long[] keys) {
        for (int i = from; i < to; i++) {
            long high = vector.getDecimalHigh(rows[i]);
            long low = vector.getDecimalLow(rows[i]);
            boolean fits = high == low >> (Long.SIZE - 1);
            keys[i] = fits ? low : high < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private static long ofText(ColumnVector vector, int row) {
        // eight bytes are there to read: a short text lies in its view with zeros behind it
        long bytes = Long.reverseBytes(Memory.getLong(vector.viewBytes(row)));
        long length = Math.min(vector.viewLength(row), TEXT_BYTES + 1);
        return ((bytes & ~LENGTH_MASK) | length) ^ Long.MIN_VALUE;
    }

    /**
     * As {@link #load}, of what texts have behind their first {@code skip} bytes, which must be equal.
     *
     * @param vector VARCHAR or VARBINARY; every row has more than {@code skip} bytes
     */
    static void loadBehind(
            ColumnVector vector, int skip, boolean descending, int[] rows, int from, int to, long[] keys) {
        for (int i = from; i < to; i++) {
            long address = vector.viewBytes(rows[i]) + skip;
            int left = vector.viewLength(rows[i]) - skip;
            long bytes = 0;
            if (left >= Long.BYTES) {
                bytes = Long.reverseBytes(Memory.getLong(address));
            } else {
                for (int b = 0; b < left; b++) {
                    bytes |= (Memory.getByte(address + b) & LENGTH_MASK) << (Long.SIZE - Byte.SIZE * (b + 1));
                }
            }
            long key = ((bytes & ~LENGTH_MASK) | Math.min(left, TEXT_BYTES + 1)) ^ Long.MIN_VALUE;
            keys[i] = descending ? ~key : key;
        }
    }

    /** Compares two values whose prefixes are equal. */
    static int compareRest(ColumnVector vector, int row, int other, boolean descending) {
        int order = switch (vector.type().kind()) {
            case DECIMAL ->
                Int128.compare(
                        vector.getDecimalHigh(row),
                        vector.getDecimalLow(row),
                        vector.getDecimalHigh(other),
                        vector.getDecimalLow(other));
            case SYMBOL ->
                Objects.requireNonNull(vector.dictionary()).compare(vector.getInt(row), vector.getInt(other));
            case VARCHAR, VARBINARY, ARRAY, ROW -> vector.compareText(row, vector, other);
            default -> 0;
        };
        return descending ? -order : order;
    }
}
