package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.kernel.Bitmaps;
import io.zeptodb.engine.kernel.Memory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * A column that owns its memory: results of expressions, hash table keys, sort buffers, staged rows. Grows by doubling. Rows are
 * written by position (after {@link #reserve}) or appended. One thread. {@link #vector()} is a view of it that is valid until the next
 * write or close.
 *
 * <p>Validity is absent until the first NULL; from then on every row has its bit, valid unless said otherwise.
 */
public final class WritableColumn implements AutoCloseable {
    private static final int LEAST_ROWS = 64;

    private final MemoryBudget budget;
    private final ColumnType type;
    private final ColumnVector vector;
    private final @Nullable ViewHeap heap;
    private @Nullable ArrowBuf dataBuffer;
    private @Nullable ArrowBuf validityBuffer;
    private boolean nulls;
    private int capacity;
    private int rowCount;
    private ArrowBuf @Nullable [] sharedHeaps;
    private long @Nullable [] sharedHeapAddresses;

    public WritableColumn(MemoryBudget budget, ColumnType type) {
        this.budget = budget;
        this.type = type;
        this.vector = new ColumnVector(type);
        this.heap = type.kind().isView() ? new ViewHeap(budget) : null;
    }

    public ColumnType type() {
        return type;
    }

    public int rowCount() {
        return rowCount;
    }

    /** Sets the number of rows, which must have been reserved. */
    public void setRowCount(int rows) {
        rowCount = rows;
    }

    /** Forgets all rows and NULLs; keeps the memory. */
    public void clear() {
        rowCount = 0;
        nulls = false;
        sharedHeaps = null;
        sharedHeapAddresses = null;
        if (heap != null) {
            heap.clear();
        }
    }

    /** Makes room for at least this many rows; what was written is kept, addresses may change. */
    public void reserve(int rows) {
        if (rows <= capacity && dataBuffer != null) {
            return;
        }
        long doubled = Math.max(LEAST_ROWS, Math.min((long) capacity * 2, Integer.MAX_VALUE - LEAST_ROWS));
        int wanted = (int) Math.max(rows, doubled);
        long oldBytes = dataBuffer == null ? 0 : dataBytes(rowsWritten());
        ArrowBuf grown = budget.allocate(dataBytes(wanted));
        if (dataBuffer != null) {
            Memory.copy(dataBuffer.memoryAddress(), grown.memoryAddress(), oldBytes);
            dataBuffer.close();
        }
        dataBuffer = grown;
        if (validityBuffer != null) {
            ArrowBuf bits = budget.allocate(Bitmaps.bytes(wanted));
            Bitmaps.setAll(bits.memoryAddress(), wanted);
            if (nulls) {
                Bitmaps.copy(validityBuffer.memoryAddress(), 0, bits.memoryAddress(), 0, rowsWritten());
            }
            validityBuffer.close();
            validityBuffer = bits;
        }
        capacity = wanted;
    }

    /** Bytes of the buffers. */
    public long heldBytes() {
        return (dataBuffer == null ? 0 : dataBuffer.capacity())
                + (validityBuffer == null ? 0 : validityBuffer.capacity())
                + (heap == null ? 0 : heap.heldBytes());
    }

    /** Bytes that the rows have, without room for more. */
    public long usedBytes() {
        return dataBytes(rowCount) + (nulls ? Bitmaps.bytes(rowCount) : 0) + (heap == null ? 0 : heap.usedBytes());
    }

    /** Bytes that appending so many more rows takes for a moment, if their texts are as long as those before. */
    public long growthBytes(int rows) {
        long wanted = (long) rowCount + rows;
        long bytes = 0;
        if (wanted > capacity) {
            int grown = (int) Math.min(Math.max(wanted, (long) capacity * 2), Integer.MAX_VALUE);
            bytes = dataBytes(grown) + (validityBuffer == null ? 0 : Bitmaps.bytes(grown));
        }
        if (heap != null) {
            bytes += heap.growthBytes(rowCount == 0 ? 0 : heap.usedBytes() / rowCount * rows);
        }
        return bytes;
    }

    private int rowsWritten() {
        // positional writers set the count last: everything reserved may hold values
        return capacity;
    }

    private long dataBytes(int rows) {
        return switch (type.kind()) {
            case BOOLEAN -> Bitmaps.bytes(rows);
            case NULL -> 0;
            default -> (long) rows * type.width();
        };
    }

    /** Address of row 0 of the reserved room. */
    public long data() {
        ArrowBuf buffer = dataBuffer;
        if (buffer == null) {
            reserve(1);
            return data();
        }
        return buffer.memoryAddress();
    }

    /** Address of the validity bitmap, made with every bit set when it is not there yet. */
    public long validity() {
        ArrowBuf bits = validityBuffer;
        if (bits == null) {
            reserve(1);
            bits = budget.allocate(Bitmaps.bytes(capacity));
            validityBuffer = bits;
        }
        if (!nulls) {
            Bitmaps.setAll(bits.memoryAddress(), capacity);
            nulls = true;
        }
        return bits.memoryAddress();
    }

    public boolean hasNulls() {
        return nulls;
    }

    /** The heap of a VARCHAR or VARBINARY column, to put views with. */
    public ViewHeap heap() {
        if (heap == null) {
            throw new IllegalStateException("a column of type " + type + " has no heap");
        }
        return heap;
    }

    /** Takes another column's heaps as they are, for views copied from it; nothing may be written to this column's own heap then. */
    public void shareHeaps(ArrowBuf[] heaps, long[] addresses) {
        sharedHeaps = heaps;
        sharedHeapAddresses = addresses;
    }

    /** SYMBOL columns: the dictionary of the codes written. */
    public void setDictionary(@Nullable SymbolDictionary dictionary) {
        vector.withDictionary(dictionary);
    }

    /** SYMBOL columns: takes the dictionary of rows that are added, see {@link SymbolDictionary#ofBoth}. */
    void joinDictionary(@Nullable SymbolDictionary dictionary) {
        vector.withDictionary(SymbolDictionary.ofBoth(vector.dictionary(), dictionary));
    }

    public void setNull(int row) {
        Memory.clearBit(validity(), row);
    }

    public void setBoolean(int row, boolean value) {
        Memory.putBit(data(), row, value);
    }

    /** Any integer-like kind, narrowed without a check. */
    public void setLong(int row, long value) {
        long at = data();
        switch (type.kind()) {
            case BOOLEAN -> Memory.putBit(at, row, value != 0);
            case TINYINT -> Memory.putByte(at + row, (byte) value);
            case SMALLINT -> Memory.putShort(at + ((long) row << 1), (short) value);
            case INTEGER, DATE, SYMBOL, INTERVAL_MONTH -> Memory.putInt(at + ((long) row << 2), (int) value);
            case BIGINT, TIME, TIMESTAMP, INTERVAL_DAY -> Memory.putLong(at + ((long) row << 3), value);
            default -> throw new IllegalStateException("no integer fits a column of type " + type);
        }
    }

    /** REAL or DOUBLE. */
    public void setDouble(int row, double value) {
        if (type.kind() == TypeKind.REAL) {
            Memory.putFloat(data() + ((long) row << 2), (float) value);
        } else {
            Memory.putDouble(data() + ((long) row << 3), value);
        }
    }

    public void setDecimal(int row, long high, long low) {
        long at = data() + ((long) row << 4);
        Memory.putLong(at, low);
        Memory.putLong(at + Long.BYTES, high);
    }

    /** The value must have this column's scale and fit its precision: for edges, not for loops. */
    public void setDecimal(int row, BigDecimal value) {
        BigInteger unscaled = value.unscaledValue();
        setDecimal(row, unscaled.shiftRight(Long.SIZE).longValue(), unscaled.longValue());
    }

    /** VARCHAR or VARBINARY: copies the bytes. */
    public void setBytes(int row, long from, int length) {
        heap().putView(data() + ((long) row << 4), from, length);
    }

    public void setBytes(int row, byte[] bytes) {
        heap().putView(data() + ((long) row << 4), bytes, 0, bytes.length);
    }

    /** VARCHAR or VARBINARY: copies a part of an array. */
    public void setBytes(int row, byte[] bytes, int offset, int length) {
        heap().putView(data() + ((long) row << 4), bytes, offset, length);
    }

    public void setText(int row, String text) {
        setBytes(row, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Appends rows [from, from + count) of a vector of the same kind; long texts are copied. A SYMBOL vector's codes are taken as they are.
     */
    public void append(ColumnVector source, int from, int count) {
        ColumnCopy.range(source, from, count, this, rowCount, true);
        rowCount += count;
    }

    /**
     * Appends rows of a vector whose long texts stay where they are, so this column is valid only as long as the source's memory is. All
     * that is appended until {@link #clear()} must have the same heaps.
     */
    public void appendShared(ColumnVector source, int from, int count) {
        ColumnCopy.range(source, from, count, this, rowCount, false);
        if (heap != null) {
            shareHeaps(source.heaps(), source.heapAddresses());
        }
        rowCount += count;
    }

    /** As {@link #appendShared(ColumnVector, int, int)} for the given positions. */
    public void appendShared(ColumnVector source, int[] positions, int count) {
        ColumnCopy.gather(source, positions, count, this, rowCount, false);
        if (heap != null) {
            shareHeaps(source.heaps(), source.heapAddresses());
        }
        rowCount += count;
    }

    /** Appends the given positions; -1 appends a NULL. Long texts are copied. */
    public void append(ColumnVector source, int[] positions, int count) {
        ColumnCopy.gather(source, positions, count, this, rowCount, true);
        rowCount += count;
    }

    /**
     * Becomes the given positions of a vector; -1 becomes NULL. Long texts stay where they are, so this column is valid only as long as
     * the source's memory is.
     */
    public void gatherShared(ColumnVector source, int[] positions, int count) {
        clear();
        ColumnCopy.gather(source, positions, count, this, 0, false);
        if (heap != null) {
            shareHeaps(source.heaps(), source.heapAddresses());
        }
        rowCount = count;
    }

    /** Points {@link #vector()} at what was written. */
    public ColumnVector vector() {
        ArrowBuf bits = nulls ? validityBuffer : null;
        vector.point(
                dataBuffer,
                dataBuffer == null ? 0 : dataBuffer.memoryAddress(),
                bits,
                bits == null ? 0 : bits.memoryAddress());
        if (sharedHeaps != null && sharedHeapAddresses != null) {
            vector.withHeaps(sharedHeaps, sharedHeapAddresses);
        } else if (heap != null) {
            vector.withHeaps(heap.buffers(), heap.addresses());
        }
        return vector;
    }

    @Override
    public void close() {
        if (dataBuffer != null) {
            dataBuffer.close();
            dataBuffer = null;
        }
        if (validityBuffer != null) {
            validityBuffer.close();
            validityBuffer = null;
        }
        if (heap != null) {
            heap.close();
        }
        capacity = 0;
        rowCount = 0;
        nulls = false;
    }
}
