package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.jdbc.value.ArrowCursor;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.util.Cursor;
import org.jspecify.annotations.Nullable;

/** A result that a client reads as frames of rows, in order. For one thread at a time. */
final class ServedFrames implements EngineStatement.ServedResult {
    /** Of a frame, behind the row with which it has them: it lies in the heap as values, as a message and as bytes. */
    private static final long ENOUGH_BYTES = 1 << 22;

    private final List<ResultColumn> columns;
    private final ArrowCursor cursor;
    private long sentRows;

    /** Takes over the rows, also when this fails. */
    ServedFrames(BatchCursor rows) {
        try {
            this.columns = rows.columns();
            this.cursor = new ArrowCursor(rows);
        } catch (RuntimeException | Error e) {
            try (rows) {
                throw e;
            }
        }
    }

    List<ResultColumn> columns() {
        return columns;
    }

    /**
     * The next rows: so many, or as many as have some megabytes.
     *
     * @param offset rows that the client has
     * @param mostRows at least 1
     * @throws EngineException after which the result cannot be read on
     */
    Meta.Frame next(long offset, int mostRows, WireFormat format) {
        List<Cursor.Accessor> accessors = cursor.accessors();
        List<Object> rows = new ArrayList<>(Math.min(mostRows, 1024));
        boolean done = false;
        long bytes = 0;
        try {
            while (rows.size() < mostRows && bytes < ENOUGH_BYTES && !done) {
                if (cursor.next()) {
                    @Nullable Object[] row = new Object[accessors.size()];
                    for (int i = 0; i < row.length; i++) {
                        row[i] = format.value(columns.get(i), accessors.get(i));
                        bytes += WireFormat.bytes(row[i]);
                    }
                    rows.add(Arrays.asList(row));
                } else {
                    done = true;
                }
            }
        } catch (SQLException e) {
            throw asEngineException(e);
        }
        sentRows += rows.size();
        return new Meta.Frame(offset, done, rows);
    }

    /** @throws EngineException INVALID_STATEMENT when the client has another number of rows than were sent; the result stays */
    void checkOffset(long offset) {
        if (offset != sentRows) {
            throw new EngineException(
                    ErrorCode.INVALID_STATEMENT,
                    "rows were asked for from " + offset + " on, but they are sent in order and " + sentRows
                            + " were sent");
        }
    }

    private static RuntimeException asEngineException(SQLException failure) {
        return failure.getCause() instanceof EngineException engine
                ? engine
                : new EngineException(
                        ErrorCode.INTERNAL_ERROR, "cannot read a result: " + failure.getMessage(), failure);
    }

    /** Frames are made by the thread that has the statement, which is the one that asks. */
    @Override
    public boolean isBusy() {
        return false;
    }

    @Override
    public void close() {
        cursor.close();
    }
}
