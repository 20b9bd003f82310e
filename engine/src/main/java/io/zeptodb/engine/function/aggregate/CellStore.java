package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Int128;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One value of any type for each group, copied out of the batches it came in. Numbers lie in flat arrays; the bytes of a text go to an
 * array of the group that is used again by later texts that fit.
 */
final class CellStore {
    /** Bytes of a group, but for its text. */
    static final int BYTES = 3 * Long.BYTES;

    private static final int TEXT_OVERHEAD = 16;

    private final ColumnType type;
    private final LongConsumer accounting;
    private final boolean view;
    private final boolean wide;
    private final boolean eightBytes;
    private byte[] states = {};
    private long[] low = {};
    private long[] high = {};
    private byte[] @Nullable [] texts = {};
    private @Nullable SymbolDictionary dictionary;

    private static final byte EMPTY = 0;
    private static final byte NULL = 1;
    private static final byte VALUE = 2;

    /** @param accounting is told the bytes of texts before they are kept */
    CellStore(ColumnType type, LongConsumer accounting) {
        this.type = type;
        this.accounting = accounting;
        this.view = type.kind().isView();
        this.wide = type.kind() == TypeKind.DECIMAL;
        this.eightBytes = type.width() == Long.BYTES;
    }

    void grow(int groups) {
        states = Arrays.copyOf(states, groups);
        low = Arrays.copyOf(low, groups);
        if (wide) {
            high = Arrays.copyOf(high, groups);
        }
        if (view) {
            texts = Arrays.copyOf(texts, groups);
        }
    }

    /** Whether the group has been set, to a value or to NULL. */
    boolean isSet(int group) {
        return states[group] != EMPTY;
    }

    /** Takes the value, or NULL, of a row. */
    void set(int group, ColumnVector source, int row) {
        if (source.isNull(row)) {
            states[group] = NULL;
            return;
        }
        states[group] = VALUE;
        if (eightBytes) {
            low[group] = source.getLong(row);
            return;
        }
        switch (type.kind()) {
            case REAL -> low[group] = Float.floatToRawIntBits(source.getFloat(row));
            case DECIMAL -> {
                low[group] = source.getDecimalLow(row);
                high[group] = source.getDecimalHigh(row);
            }
            case VARCHAR, VARBINARY, ARRAY, ROW -> {
                int length = source.viewLength(row);
                Memory.copyToArray(source.viewBytes(row), room(group, length), 0, length);
                low[group] = length;
            }
            case SYMBOL -> {
                dictionary = source.dictionary();
                low[group] = source.getInt(row);
            }
            case NULL -> states[group] = NULL;
            default -> low[group] = source.getAsLong(row);
        }
    }

    void set(int group, CellStore other, int otherGroup) {
        states[group] = other.states[otherGroup];
        low[group] = other.low[otherGroup];
        if (wide) {
            high[group] = other.high[otherGroup];
        }
        if (view && states[group] == VALUE) {
            int length = (int) low[group];
            System.arraycopy(other.text(otherGroup), 0, room(group, length), 0, length);
        }
        if (other.dictionary != null) {
            dictionary = other.dictionary;
        }
    }

    private byte[] text(int group) {
        byte[] bytes = texts[group];
        return bytes == null ? new byte[0] : bytes;
    }

    private byte[] room(int group, int length) {
        byte[] bytes = texts[group];
        if (bytes == null || bytes.length < length) {
            int old = bytes == null ? -TEXT_OVERHEAD : bytes.length;
            int size = Math.max(length, old * 2);
            accounting.accept(size - old);
            bytes = new byte[size];
            texts[group] = bytes;
        }
        return bytes;
    }

    /** Compares a value held with a row's value, neither NULL. */
    int compare(int group, ColumnVector other, int row) {
        return switch (type.kind()) {
            case DECIMAL ->
                Int128.compare(high[group], low[group], other.getDecimalHigh(row), other.getDecimalLow(row));
            case VARCHAR, VARBINARY -> compareBytes(group, other, row);
            case SYMBOL -> other.requireDictionary().compare((int) low[group], other.getInt(row));
            case REAL -> compareDoubles(Float.intBitsToFloat((int) low[group]), other.getFloat(row));
            case DOUBLE -> compareDoubles(Double.longBitsToDouble(low[group]), other.getDouble(row));
            default -> Long.compare(low[group], other.getAsLong(row));
        };
    }

    /** Compares two values held, neither NULL. */
    int compare(int group, CellStore other, int otherGroup) {
        return switch (type.kind()) {
            case DECIMAL -> Int128.compare(high[group], low[group], other.high[otherGroup], other.low[otherGroup]);
            case VARCHAR, VARBINARY ->
                Arrays.compareUnsigned(
                        text(group), 0, (int) low[group], other.text(otherGroup), 0, (int) other.low[otherGroup]);
            case SYMBOL -> {
                SymbolDictionary texts = dictionary == null ? other.dictionary : dictionary;
                yield texts == null ? 0 : texts.compare((int) low[group], (int) other.low[otherGroup]);
            }
            case REAL ->
                compareDoubles(
                        Float.intBitsToFloat((int) low[group]), Float.intBitsToFloat((int) other.low[otherGroup]));
            case DOUBLE ->
                compareDoubles(Double.longBitsToDouble(low[group]), Double.longBitsToDouble(other.low[otherGroup]));
            default -> Long.compare(low[group], other.low[otherGroup]);
        };
    }

    private int compareBytes(int group, ColumnVector other, int row) {
        byte[] mine = text(group);
        int length = (int) low[group];
        int otherLength = other.viewLength(row);
        long at = other.viewBytes(row);
        int common = Math.min(length, otherLength);
        for (int i = 0; i < common; i++) {
            int order = (mine[i] & 0xFF) - (Memory.getByte(at + i) & 0xFF);
            if (order != 0) {
                return order;
            }
        }
        return length - otherLength;
    }

    /** NaN equals NaN and is the greatest, -0.0 equals 0.0. */
    static int compareDoubles(double a, double b) {
        return a == b ? 0 : Double.compare(a, b);
    }

    /** Writes the value of a group, or NULL, to a row. */
    void write(int group, WritableColumn target, int row) {
        if (dictionary != null) {
            target.setDictionary(dictionary);
        }
        boolean value = states[group] == VALUE;
        switch (type.kind()) {
            case REAL -> target.setDouble(row, Float.intBitsToFloat((int) low[group]));
            case DOUBLE -> target.setDouble(row, Double.longBitsToDouble(low[group]));
            case DECIMAL -> target.setDecimal(row, high[group], low[group]);
            case VARCHAR, VARBINARY, ARRAY, ROW -> {
                byte[] bytes = text(group);
                target.heap().putView(target.data() + ((long) row << 4), bytes, 0, value ? (int) low[group] : 0);
            }
            case NULL -> {
                // no values
            }
            default -> target.setLong(row, low[group]);
        }
        if (!value) {
            target.setNull(row);
        }
    }
}
