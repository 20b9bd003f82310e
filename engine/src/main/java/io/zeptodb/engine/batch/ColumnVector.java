package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.kernel.Memory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * A read-only column of a batch: a pointer into memory that somebody else owns, in Arrow's layout, with bit 0 of validity and BOOLEAN
 * bits at the first byte. It is re-pointed from batch to batch by its owner. One thread; the memory's owner says how long it is
 * valid.
 *
 * <p>A constant vector has its one value at position 0 and stands for any number of rows: loops read position {@code i & mask()}.
 *
 * <p>A view (VARCHAR, VARBINARY) is 16 bytes: int32 length, then up to 12 bytes inline, or a 4-byte prefix, int32 index of a heap and
 * int32 offset into it.
 */
public final class ColumnVector {
    /** Longest text that lies inside its view. */
    public static final int INLINE_BYTES = 12;

    /** Bytes of a view. */
    public static final int VIEW_BYTES = 16;

    private static final int VIEW_HEAP_INDEX = 8;
    private static final int VIEW_HEAP_OFFSET = 12;
    private static final ArrowBuf[] NO_HEAPS = {};
    private static final long[] NO_ADDRESSES = {};

    private final ColumnType type;
    private @Nullable ArrowBuf dataBuffer;
    private @Nullable ArrowBuf validityBuffer;
    private long data;
    private long validity;
    private ArrowBuf[] heaps = NO_HEAPS;
    private long[] heapAddresses = NO_ADDRESSES;
    private @Nullable SymbolDictionary dictionary;
    private boolean constant;

    public ColumnVector(ColumnType type) {
        this.type = type;
    }

    public ColumnType type() {
        return type;
    }

    /**
     * Points at values and validity.
     *
     * @param dataBuffer the buffer that the values lie in, so that a result can retain it
     * @param dataAddress address of row 0 (of its byte, for BOOLEAN)
     * @param validityBuffer the buffer of the bitmap, or null when no row is NULL
     * @param validityAddress address of the byte whose lowest bit is row 0; 0 when no row is NULL
     */
    public ColumnVector point(
            @Nullable ArrowBuf dataBuffer, long dataAddress, @Nullable ArrowBuf validityBuffer, long validityAddress) {
        this.dataBuffer = dataBuffer;
        this.data = dataAddress;
        this.validityBuffer = validityBuffer;
        this.validity = validityAddress;
        return this;
    }

    /** The heaps that views index into; shared arrays, not copied. */
    public ColumnVector withHeaps(ArrowBuf[] heapBuffers, long[] addresses) {
        this.heaps = heapBuffers;
        this.heapAddresses = addresses;
        return this;
    }

    public ColumnVector withDictionary(@Nullable SymbolDictionary newDictionary) {
        this.dictionary = newDictionary;
        return this;
    }

    public ColumnVector asConstant(boolean isConstant) {
        this.constant = isConstant;
        return this;
    }

    /** Becomes another pointer to what {@code other} points at; both must have one kind of values. */
    public ColumnVector pointLike(ColumnVector other) {
        dataBuffer = other.dataBuffer;
        data = other.data;
        validityBuffer = other.validityBuffer;
        validity = other.validity;
        heaps = other.heaps;
        heapAddresses = other.heapAddresses;
        dictionary = other.dictionary;
        constant = other.constant;
        return this;
    }

    /**
     * Becomes a pointer to rows of {@code other} from one on; both must have one kind of values. A constant stands for them as it is.
     *
     * @param row a multiple of 8
     */
    public ColumnVector pointFrom(ColumnVector other, int row) {
        pointLike(other);
        if (!constant) {
            int bitBytes = row / Byte.SIZE;
            data += type.kind() == TypeKind.BOOLEAN ? bitBytes : (long) row * type.width();
            validity += validity == 0 ? 0 : bitBytes;
        }
        return this;
    }

    public @Nullable ArrowBuf dataBuffer() {
        return dataBuffer;
    }

    public @Nullable ArrowBuf validityBuffer() {
        return validityBuffer;
    }

    /** Address of row 0. */
    public long data() {
        return data;
    }

    /** Address of the validity bitmap, 0 when no row is NULL. */
    public long validity() {
        return validity;
    }

    public boolean hasNulls() {
        return validity != 0;
    }

    public boolean isConstant() {
        return constant;
    }

    /** All ones, or 0 for a constant: {@code i & mask()} is the position of row i. */
    public int mask() {
        return constant ? 0 : -1;
    }

    public ArrowBuf[] heaps() {
        return heaps;
    }

    public long[] heapAddresses() {
        return heapAddresses;
    }

    public @Nullable SymbolDictionary dictionary() {
        return dictionary;
    }

    /** The dictionary of a SYMBOL vector. */
    public SymbolDictionary requireDictionary() {
        if (dictionary == null) {
            throw new IllegalStateException("vector of type " + type + " has no dictionary");
        }
        return dictionary;
    }

    public boolean isNull(int row) {
        return validity != 0 && !Memory.getBit(validity, row & mask());
    }

    public boolean getBoolean(int row) {
        return Memory.getBit(data, row & mask());
    }

    public int getInt(int row) {
        return Memory.getInt(data + ((long) (row & mask()) << 2));
    }

    public long getLong(int row) {
        return Memory.getLong(data + ((long) (row & mask()) << 3));
    }

    public double getDouble(int row) {
        return Memory.getDouble(data + ((long) (row & mask()) << 3));
    }

    public float getFloat(int row) {
        return Memory.getFloat(data + ((long) (row & mask()) << 2));
    }

    /** The value of any integer-like kind, widened: integers, DATE, TIME, TIMESTAMP, SYMBOL code, intervals, BOOLEAN as 0 or 1. */
    public long getAsLong(int row) {
        int at = row & mask();
        return switch (type.kind()) {
            case BOOLEAN -> Memory.getBit(data, at) ? 1 : 0;
            case TINYINT -> Memory.getByte(data + at);
            case SMALLINT -> Memory.getShort(data + ((long) at << 1));
            case INTEGER, DATE, SYMBOL, INTERVAL_MONTH -> Memory.getInt(data + ((long) at << 2));
            case BIGINT, TIME, TIMESTAMP, INTERVAL_DAY -> Memory.getLong(data + ((long) at << 3));
            default -> throw new IllegalStateException("no integer in a vector of type " + type);
        };
    }

    /** Low 64 bits of a DECIMAL's unscaled value. */
    public long getDecimalLow(int row) {
        return Memory.getLong(data + ((long) (row & mask()) << 4));
    }

    /** High 64 bits of a DECIMAL's unscaled value. */
    public long getDecimalHigh(int row) {
        return Memory.getLong(data + ((long) (row & mask()) << 4) + Long.BYTES);
    }

    /** A DECIMAL as an object: for edges, not for loops. */
    public BigDecimal getDecimal(int row) {
        byte[] bigEndian = new byte[16];
        long high = getDecimalHigh(row);
        long low = getDecimalLow(row);
        for (int i = 0; i < Long.BYTES; i++) {
            bigEndian[7 - i] = (byte) (high >>> (i << 3));
            bigEndian[15 - i] = (byte) (low >>> (i << 3));
        }
        return new BigDecimal(new BigInteger(bigEndian), type.scale());
    }

    /** Address of the 16-byte view of a row. */
    public long viewAddress(int row) {
        return data + ((long) (row & mask()) << 4);
    }

    /** Bytes of a text or binary. */
    public int viewLength(int row) {
        return Memory.getInt(viewAddress(row));
    }

    /** Address of the bytes of a text or binary. */
    public long viewBytes(int row) {
        long view = viewAddress(row);
        if (Memory.getInt(view) <= INLINE_BYTES) {
            return view + Integer.BYTES;
        }
        return heapAddresses[Memory.getInt(view + VIEW_HEAP_INDEX)] + Memory.getInt(view + VIEW_HEAP_OFFSET);
    }

    public byte[] getBytes(int row) {
        byte[] bytes = new byte[viewLength(row)];
        Memory.copyToArray(viewBytes(row), bytes, 0, bytes.length);
        return bytes;
    }

    /** The text of a VARCHAR or SYMBOL row: for edges, not for loops. */
    public String getText(int row) {
        if (dictionary != null) {
            return dictionary.text(getInt(row));
        }
        return new String(getBytes(row), StandardCharsets.UTF_8);
    }

    /** Compares two views byte by byte, unsigned, which for UTF-8 is by code point. */
    public int compareText(int row, ColumnVector other, int otherRow) {
        int length = viewLength(row);
        int otherLength = other.viewLength(otherRow);
        long bytes = viewBytes(row);
        long otherBytes = other.viewBytes(otherRow);
        int common = Math.min(length, otherLength);
        for (int i = 0; i < common; i++) {
            int order = (Memory.getByte(bytes + i) & 0xFF) - (Memory.getByte(otherBytes + i) & 0xFF);
            if (order != 0) {
                return order;
            }
        }
        return length - otherLength;
    }

    public boolean equalText(int row, ColumnVector other, int otherRow) {
        long head = Memory.getLong(viewAddress(row));
        // length and the first four bytes decide most comparisons without touching the heap
        return head == Memory.getLong(other.viewAddress(otherRow)) && compareText(row, other, otherRow) == 0;
    }

    @Override
    public String toString() {
        return "ColumnVector[" + type + (constant ? ", constant" : "") + (hasNulls() ? ", nulls" : "") + "]";
    }
}
