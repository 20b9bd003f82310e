package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.ArrowFields;
import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.TypeKind;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/**
 * Makes Arrow batches of Avatica's frames in {@link WireFormat#EXACT}, so that rows from a server and rows of metadata are read by the
 * same accessors as the engine's own. SYMBOL columns arrive as text. One batch for each frame; its memory is freed at the end of the
 * rows and by close. One thread.
 */
public final class FrameCursor implements BatchCursor {
    /** Gets the frame that begins with the row at an offset. */
    @FunctionalInterface
    public interface Source {
        Meta.@Nullable Frame fetch(long offset);
    }

    private final List<ResultColumn> columns;
    private final Schema schema;
    private final VectorSchemaRoot root;
    private final Source source;
    private final DictionaryProvider noDictionaries = new DictionaryProvider.MapDictionaryProvider();
    private final @Nullable Runnable whenClosed;
    private Meta.@Nullable Frame frame;
    private boolean more = true;
    private @Nullable RuntimeException failure;
    private long offset;
    private long rowsLeft;
    private boolean closed;

    /**
     * A cursor that begins with a frame that is there already.
     *
     * @param maxRows most rows to give; 0 means all
     * @param whenClosed told once, at the first close
     */
    public FrameCursor(
            List<ResultColumn> columns,
            Meta.Frame firstFrame,
            Source source,
            long maxRows,
            BufferAllocator allocator,
            @Nullable Runnable whenClosed) {
        this.columns = List.copyOf(columns);
        this.frame = firstFrame;
        this.source = source;
        this.rowsLeft = maxRows == 0 ? Long.MAX_VALUE : maxRows;
        this.whenClosed = whenClosed;
        this.schema = new Schema(fields(columns));
        this.root = VectorSchemaRoot.create(schema, allocator);
    }

    private static List<Field> fields(List<ResultColumn> columns) {
        List<Field> fields = new ArrayList<>(columns.size());
        for (ResultColumn column : columns) {
            ColumnType type = column.type().kind() == TypeKind.SYMBOL ? ColumnType.VARCHAR : column.type();
            fields.add(ArrowFields.field(column.label(), type, true, 0));
        }
        return fields;
    }

    @Override
    public List<ResultColumn> columns() {
        return columns;
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public boolean next() {
        clear();
        if (failure != null) {
            throw failure;
        }
        try {
            return nextRows();
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    private boolean nextRows() {
        while (rowsLeft > 0) {
            Meta.Frame current = frame != null ? frame : more ? source.fetch(offset) : null;
            frame = null;
            if (current == null) {
                more = false;
                return false;
            }
            more = !current.done;
            int rows = load(current);
            if (rows > 0) {
                offset += rows;
                rowsLeft -= rows;
                return true;
            }
        }
        return false;
    }

    private synchronized void clear() {
        checkOpen();
        root.clear();
    }

    private void checkOpen() {
        if (closed) {
            throw new EngineException(ErrorCode.STATEMENT_CLOSED, "the result is closed");
        }
    }

    private synchronized int load(Meta.Frame current) {
        checkOpen(); // another thread may have closed it while the frame was on its way
        List<List<?>> rows = new ArrayList<>();
        for (Object row : current.rows) {
            if (rows.size() == rowsLeft) {
                break;
            }
            rows.add((List<?>) row);
        }
        for (int i = 0; i < columns.size(); i++) {
            FrameColumns.fill(root.getVector(i), columns.get(i), rows, i);
        }
        root.setRowCount(rows.size());
        return rows.size();
    }

    @Override
    public VectorSchemaRoot batch() {
        return root;
    }

    @Override
    public DictionaryProvider dictionaries() {
        return noDictionaries;
    }

    @Override
    public synchronized void whileOpen(Runnable action) {
        checkOpen();
        action.run();
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            frame = null;
            root.close();
        }
        if (whenClosed != null) {
            whenClosed.run();
        }
    }
}
