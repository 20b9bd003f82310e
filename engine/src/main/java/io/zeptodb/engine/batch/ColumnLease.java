package io.zeptodb.engine.batch;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.ColumnView;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** A column view that keeps the buffers it points at by their reference counts: values, validity, texts, and the texts of a dictionary. */
public final class ColumnLease implements ColumnView {
    private final ColumnVector column;
    private final @Nullable ColumnVector symbols;
    private final int rows;
    private final String name;
    private final BufferAllocator allocator;
    private final ArrowBuf[] held;
    private @Nullable FieldVector shared;
    private boolean closed;

    /**
     * Retains the memory; the caller guarantees it until this returns.
     *
     * @param column a vector of this lease's own
     * @param allocator for what {@link #vector()} must add
     */
    public ColumnLease(ColumnVector column, int rows, String name, BufferAllocator allocator) {
        this.column = column;
        this.rows = rows;
        this.name = name;
        this.allocator = allocator;
        SymbolDictionary dictionary = column.dictionary();
        this.symbols = dictionary == null ? null : dictionary.values();
        List<ArrowBuf> buffers = new ArrayList<>();
        addBuffers(column, buffers);
        if (symbols != null) {
            addBuffers(symbols, buffers);
        }
        this.held = buffers.toArray(ArrowBuf[]::new);
        for (ArrowBuf buffer : held) {
            buffer.getReferenceManager().retain();
        }
    }

    private static void addBuffers(ColumnVector vector, List<ArrowBuf> buffers) {
        ArrowBuf data = vector.dataBuffer();
        if (data != null) {
            buffers.add(data);
        }
        ArrowBuf validity = vector.validityBuffer();
        if (validity != null) {
            buffers.add(validity);
        }
        buffers.addAll(List.of(vector.heaps()));
    }

    private ColumnVector open() {
        if (closed) {
            throw new EngineException(ErrorCode.CLOSED, "the view of column '" + name + "' is closed");
        }
        return column;
    }

    private ColumnVector open(int row) {
        ColumnVector vector = open();
        if (row < 0 || row >= rows) {
            throw new IndexOutOfBoundsException("row " + row + " of a view of " + rows + " rows");
        }
        return vector;
    }

    @Override
    public ColumnType type() {
        return column.type();
    }

    @Override
    public int rowCount() {
        return rows;
    }

    @Override
    public boolean isNull(int row) {
        return open(row).isNull(row);
    }

    @Override
    public long getLong(int row) {
        return open(row).getAsLong(row);
    }

    @Override
    public double getDouble(int row) {
        ColumnVector vector = open(row);
        return switch (type().kind()) {
            case REAL -> vector.getFloat(row);
            case DOUBLE -> vector.getDouble(row);
            default -> throw wrongType("a double");
        };
    }

    private EngineException wrongType(String what) {
        return new EngineException(ErrorCode.DATATYPE_MISMATCH, "column '" + name + "' is " + type() + ", not " + what);
    }

    @Override
    public @Nullable String getString(int row) {
        ColumnVector vector = open(row);
        if (vector.isNull(row)) {
            return null;
        }
        return switch (type().kind()) {
            case VARCHAR -> vector.getText(row);
            case SYMBOL -> symbols == null ? null : symbols.getText(vector.getInt(row));
            default -> throw wrongType("text");
        };
    }

    @Override
    public long address() {
        return open().data();
    }

    @Override
    public FieldVector vector() {
        ColumnVector vector = open();
        FieldVector known = shared;
        if (known == null) {
            known = ArrowVectors.share(vector, rows, name, allocator);
            shared = known;
        }
        return known;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (shared != null) {
            shared.close();
            shared = null;
        }
        for (ArrowBuf buffer : held) {
            buffer.getReferenceManager().release();
        }
    }
}
