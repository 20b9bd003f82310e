package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.kernel.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Puts values of an ARRAY or ROW type together, part by part in their order. Used again for each value; one thread. Its one array is as long as the longest. */
public final class NestedWriter {
    private static final int FIRST_BYTES = 128;
    /** Longest value: what a text may have. */
    private static final int MOST_BYTES = 1 << 28;

    private final NestedShape shape;
    private byte[] bytes = new byte[FIRST_BYTES];
    private ByteBuffer view = wrap(bytes);
    private int parts;
    private int next;
    private int size;

    public NestedWriter(NestedShape shape) {
        this.shape = shape;
    }

    private static ByteBuffer wrap(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Begins a value of so many parts: elements of an ARRAY; a ROW has those of its type. */
    public NestedWriter begin(int count) {
        parts = count;
        next = 0;
        size = 0;
        long fixed = shape.countBytes() + ((count + 7L) >>> 3) + (long) count * widest();
        if (fixed > MOST_BYTES) {
            throw tooLong(fixed);
        }
        int start = shape.slotOffset(count, count);
        grow(start);
        Arrays.fill(bytes, 0, start, (byte) 0);
        size = start;
        if (shape.countBytes() > 0) {
            view.putInt(0, count);
        }
        return this;
    }

    private int widest() {
        return ColumnVector.VIEW_BYTES;
    }

    private EngineException tooLong(long wanted) {
        return new EngineException(
                ErrorCode.NUMERIC_OUT_OF_RANGE,
                "a value of type " + shape.type() + " takes at most " + MOST_BYTES + " bytes, this one has " + wanted
                        + " or more: aggregate fewer rows into it");
    }

    private void grow(long wanted) {
        if (wanted > MOST_BYTES) {
            throw tooLong(wanted);
        }
        if (wanted > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.max(wanted, Math.min(MOST_BYTES, bytes.length * 2L)));
            view = wrap(bytes);
        }
    }

    /** The next part is NULL. */
    public NestedWriter putNull() {
        next++;
        return this;
    }

    /** The next part is the value of a row, of exactly the part's kind; it may be NULL. */
    public NestedWriter put(ColumnVector source, int row) {
        ColumnType type = shape.part(next);
        if (source.isNull(row)) {
            return putNull();
        }
        int slot = shape.slotOffset(parts, next);
        int bits = shape.countBytes() + (next >>> 3);
        switch (type.kind()) {
            case NULL -> {
                return putNull();
            }
            case BOOLEAN -> bytes[slot] = (byte) (source.getBoolean(row) ? 1 : 0);
            case REAL -> view.putInt(slot, Float.floatToIntBits(source.getFloat(row) + 0.0f));
            case DOUBLE -> view.putLong(slot, Double.doubleToLongBits(source.getDouble(row) + 0.0));
            case DECIMAL -> {
                view.putLong(slot, source.getDecimalLow(row));
                view.putLong(slot + Long.BYTES, source.getDecimalHigh(row));
            }
            case VARCHAR, VARBINARY, ARRAY, ROW -> putBytes(slot, source.viewBytes(row), source.viewLength(row));
            default -> putWhole(slot, type.width(), source.getAsLong(row));
        }
        bytes[bits] |= (byte) (1 << (next & 7));
        next++;
        return this;
    }

    private void putBytes(int slot, long from, int length) {
        grow((long) size + length);
        view.putInt(slot, size);
        view.putInt(slot + Integer.BYTES, length);
        Memory.copyToArray(from, bytes, size, length);
        size += length;
    }

    private void putWhole(int slot, int width, long value) {
        switch (width) {
            case 1 -> view.put(slot, (byte) value);
            case 2 -> view.putShort(slot, (short) value);
            case 4 -> view.putInt(slot, (int) value);
            default -> view.putLong(slot, value);
        }
    }

    /** Writes the value to a reserved row of a column of its type. */
    public void finish(WritableColumn target, int row) {
        if (next != parts) {
            throw new IllegalStateException(next + " parts of " + parts + " were put into " + shape.type());
        }
        target.setBytes(row, bytes, 0, size);
    }
}
