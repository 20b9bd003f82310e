package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.kernel.Bitmaps;
import io.zeptodb.engine.kernel.Memory;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * One column's memory for a fixed number of rows that never moves: what tables are made of. Rows are written by position, by one
 * writer at a time; readers point vectors at rows that were published to them, while the writer fills others. The validity bitmap is
 * absent until the first NULL; made then with every bit set, so that a reader who meets it finds its rows valid.
 *
 * <p>Texts are views into heaps that the owner keeps beside it. Ranges that start at a multiple of 8 rows need no shifting of bits.
 */
public final class ColumnBuffer implements AutoCloseable {
    /** Ranges should start at a multiple of this, for bits then start at a byte. */
    public static final int ROW_ALIGNMENT = 8;

    private static final int BIT_MASK = ROW_ALIGNMENT - 1;
    private static final int BYTE_SHIFT = 3;

    /** Null for a column of foreign memory, which is never written. */
    private final @Nullable MemoryBudget budget;

    private final ColumnType type;
    private final boolean bits;
    private final int width;
    private final int capacity;
    private final ArrowBuf data;
    private final long address;
    private volatile @Nullable ArrowBuf validity;

    public ColumnBuffer(MemoryBudget budget, ColumnType type, int capacity) {
        this.budget = budget;
        this.type = type;
        this.capacity = capacity;
        this.width = type.width();
        this.bits = type.kind() == TypeKind.BOOLEAN;
        // readers of bits read whole words, also from the last byte on
        this.data = LendingRecord.keptFor(
                bits ? budget.allocateBitmap((long) capacity + Long.SIZE) : budget.allocate((long) capacity * width));
        this.address = data.memoryAddress();
    }

    private ColumnBuffer(ColumnType type, int rows, ArrowBuf data, @Nullable ArrowBuf validity) {
        this.budget = null;
        this.type = type;
        this.capacity = rows;
        this.width = type.width();
        this.bits = type.kind() == TypeKind.BOOLEAN;
        this.data = data;
        this.address = data.memoryAddress();
        this.validity = validity;
    }

    /**
     * A column over memory that is there, such as that of a mapped file: to be read only. Bitmaps are followed by at least 8 bytes that may be read.
     *
     * @param data the values of all rows; a hold of it goes over to the column, which gives it back in {@link #close()}
     * @param validity the bitmap, as {@code data}; null when no row is NULL
     */
    public static ColumnBuffer over(ColumnType type, int rows, ArrowBuf data, @Nullable ArrowBuf validity) {
        return new ColumnBuffer(type, rows, data, validity);
    }

    public ColumnType type() {
        return type;
    }

    public int capacity() {
        return capacity;
    }

    /** The values; owned by this column. */
    public ArrowBuf data() {
        return data;
    }

    /** The validity bitmap, null while no row was NULL; owned by this column. */
    public @Nullable ArrowBuf validity() {
        return validity;
    }

    /**
     * Points a vector of this type at rows from {@code row} on. Heaps and dictionary are the owner's to set.
     *
     * @return false, and nothing done, when bitmaps must be shifted to a byte first: see {@link #pointShifted}
     */
    public boolean point(ColumnVector target, int row) {
        ArrowBuf valid = validity;
        if ((row & BIT_MASK) != 0 && (bits || valid != null)) {
            return false;
        }
        long from = bits ? address + (row >>> BYTE_SHIFT) : address + (long) row * width;
        if (valid == null) {
            target.point(data, from, null, 0);
        } else {
            target.point(data, from, valid, valid.memoryAddress() + (row >>> BYTE_SHIFT));
        }
        target.asConstant(false);
        return true;
    }

    /**
     * As {@link #point} for a row within a byte: bits are copied to the room given.
     *
     * @param validityRoom a bitmap of at least count bits, used when there are NULLs
     * @param valueRoom a bitmap of at least count bits, used for BOOLEAN, else null
     */
    public void pointShifted(
            ColumnVector target, int row, int count, ArrowBuf validityRoom, @Nullable ArrowBuf valueRoom) {
        ArrowBuf values = data;
        long from = address + (long) row * width;
        if (bits && valueRoom != null) {
            Bitmaps.copy(address, row, valueRoom.memoryAddress(), 0, count);
            values = valueRoom;
            from = valueRoom.memoryAddress();
        }
        ArrowBuf valid = validity;
        if (valid == null) {
            target.point(values, from, null, 0);
        } else {
            Bitmaps.copy(valid.memoryAddress(), row, validityRoom.memoryAddress(), 0, count);
            target.point(values, from, validityRoom, validityRoom.memoryAddress());
        }
        target.asConstant(false);
    }

    /** Copies rows [from, from + count) of another column of this width to row {@code at}; views are copied as they are. */
    public void copy(ColumnBuffer source, int from, int count, int at) {
        if (bits) {
            Bitmaps.copy(source.address, from, address, at, count);
        } else {
            Memory.copy(source.address + (long) from * width, address + (long) at * width, (long) count * width);
        }
        ArrowBuf valid = source.validity;
        if (valid != null) {
            Bitmaps.copy(valid.memoryAddress(), from, requireValidity(), at, count);
        } else {
            markValid(at, count);
        }
    }

    /**
     * Copies positions [from, from + count) of a vector of this type to row {@code at}.
     *
     * @param heap where long texts go; null when views are copied as they are
     */
    public void copy(ColumnVector source, int from, int count, int at, @Nullable ViewHeap heap) {
        if (source.isConstant()) {
            for (int i = 0; i < count; i++) {
                copyOne(source, 0, at + i, heap);
            }
            return;
        }
        if (bits) {
            Bitmaps.copy(source.data(), from, address, at, count);
        } else if (heap != null) {
            for (int i = 0; i < count; i++) {
                putView(source, from + i, at + i, heap);
            }
        } else {
            Memory.copy(source.data() + (long) from * width, address + (long) at * width, (long) count * width);
        }
        if (source.hasNulls()) {
            Bitmaps.copy(source.validity(), from, requireValidity(), at, count);
        } else {
            markValid(at, count);
        }
    }

    /**
     * Copies the positions that stand in [from, from + count) of an array, in their order, to rows from {@code at} on.
     *
     * @param source a vector of this type
     * @param heap where long texts go; null when views are copied as they are
     */
    public void gather(ColumnVector source, int[] positions, int from, int count, int at, @Nullable ViewHeap heap) {
        if (source.isConstant()) {
            copy(source, 0, count, at, heap);
            return;
        }
        if (bits) {
            for (int i = 0; i < count; i++) {
                Memory.putBit(address, (long) at + i, source.getBoolean(positions[from + i]));
            }
        } else if (heap != null) {
            for (int i = 0; i < count; i++) {
                putView(source, positions[from + i], at + i, heap);
            }
        } else {
            gatherValues(source.data(), positions, from, count, at);
        }
        if (!source.hasNulls()) {
            markValid(at, count);
            return;
        }
        long valid = requireValidity();
        for (int i = 0; i < count; i++) {
            Memory.putBit(valid, (long) at + i, Memory.getBit(source.validity(), positions[from + i]));
        }
    }

    private void gatherValues(long data, int[] positions, int from, int count, int at) {
        long to = address + (long) at * width;
        switch (width) {
            case Byte.BYTES -> {
                for (int i = 0; i < count; i++) {
                    Memory.putByte(to + i, Memory.getByte(data + positions[from + i]));
                }
            }
            case Short.BYTES -> {
                for (int i = 0; i < count; i++) {
                    Memory.putShort(to + ((long) i << 1), Memory.getShort(data + ((long) positions[from + i] << 1)));
                }
            }
            case Integer.BYTES -> {
                for (int i = 0; i < count; i++) {
                    Memory.putInt(to + ((long) i << 2), Memory.getInt(data + ((long) positions[from + i] << 2)));
                }
            }
            case Long.BYTES -> {
                for (int i = 0; i < count; i++) {
                    Memory.putLong(to + ((long) i << 3), Memory.getLong(data + ((long) positions[from + i] << 3)));
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    copyWide(data + ((long) positions[from + i] << 4), to + ((long) i << 4));
                }
            }
        }
    }

    /** Writes ascending numbers from {@code first} on to rows [at, at + count) of a BIGINT column. */
    public void fillAscending(long first, int at, int count) {
        long to = address + ((long) at << 3);
        for (int i = 0; i < count; i++) {
            Memory.putLong(to + ((long) i << 3), first + i);
        }
    }

    /** Writes {@code first + position} for the positions in [from, from + count) of an array to rows from {@code at} on of a BIGINT column. */
    public void fillNumbers(long first, int[] positions, int from, int count, int at) {
        long to = address + ((long) at << 3);
        for (int i = 0; i < count; i++) {
            Memory.putLong(to + ((long) i << 3), first + positions[from + i]);
        }
    }

    /** Address of row 0. */
    long address() {
        return address;
    }

    /** Writes one row, NULL included. */
    void copyOne(ColumnVector source, int position, int row, @Nullable ViewHeap heap) {
        switch (width) {
            case 0 -> Memory.putBit(address, row, source.getBoolean(position));
            case Byte.BYTES -> Memory.putByte(address + row, Memory.getByte(source.data() + position));
            case Short.BYTES ->
                Memory.putShort(address + ((long) row << 1), Memory.getShort(source.data() + ((long) position << 1)));
            case Integer.BYTES ->
                Memory.putInt(address + ((long) row << 2), Memory.getInt(source.data() + ((long) position << 2)));
            case Long.BYTES ->
                Memory.putLong(address + ((long) row << 3), Memory.getLong(source.data() + ((long) position << 3)));
            default -> {
                if (heap == null) {
                    copyWide(source.data() + ((long) position << 4), address + ((long) row << 4));
                } else {
                    putView(source, position, row, heap);
                }
            }
        }
        putValid(row, !source.isNull(position));
    }

    /** Writes the view of a text, zeros for NULL. */
    void putView(ColumnVector source, int position, int row, ViewHeap heap) {
        long to = address + ((long) row << 4);
        if (source.isNull(position)) {
            Memory.putLong(to, 0);
            Memory.putLong(to + Long.BYTES, 0);
        } else if (source.viewLength(position) <= ColumnVector.INLINE_BYTES) {
            copyWide(source.viewAddress(position), to);
        } else {
            heap.putView(to, source.viewBytes(position), source.viewLength(position));
        }
    }

    /** Sets one validity bit, which needs no bitmap as long as all are valid. */
    void putValid(int row, boolean valid) {
        ArrowBuf present = validity;
        if (!valid) {
            Memory.clearBit(requireValidity(), row);
        } else if (present != null) {
            Memory.setBit(present.memoryAddress(), row);
        }
    }

    private void markValid(int at, int count) {
        ArrowBuf valid = validity;
        if (valid == null) {
            return;
        }
        long to = valid.memoryAddress();
        int i = at;
        int end = at + count;
        while (i < end && (i & BIT_MASK) != 0) {
            Memory.setBit(to, i++);
        }
        int bytes = (end - i) >>> BYTE_SHIFT;
        Memory.fill(to + (i >>> BYTE_SHIFT), bytes, (byte) 0xFF);
        for (i += bytes << BYTE_SHIFT; i < end; i++) {
            Memory.setBit(to, i);
        }
    }

    private long requireValidity() {
        ArrowBuf valid = validity;
        if (valid == null) {
            if (budget == null) {
                throw new IllegalStateException("a column of foreign memory is not written");
            }
            valid = LendingRecord.keptFor(budget.allocateBitmap((long) capacity + Long.SIZE));
            Bitmaps.setAll(valid.memoryAddress(), capacity);
            validity = valid;
        }
        return valid.memoryAddress();
    }

    static void copyWide(long from, long to) {
        Memory.putLong(to, Memory.getLong(from));
        Memory.putLong(to + Long.BYTES, Memory.getLong(from + Long.BYTES));
    }

    /** Whether nobody but this column holds its buffers, or may hold them because they were exported once: rows may be written over. */
    public boolean isUnshared() {
        ArrowBuf valid = validity;
        return !LendingRecord.isLent(data) && (valid == null || !LendingRecord.isLent(valid));
    }

    /** Gives up this column's hold of its buffers; who retained them keeps them. */
    @Override
    public void close() {
        data.close();
        ArrowBuf valid = validity;
        if (valid != null) {
            validity = null;
            valid.close();
        }
    }
}
