package io.zeptodb.jdbc;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.value.ArrowCursor;
import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.calcite.avatica.AvaticaResultSet;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.QueryState;
import org.apache.calcite.avatica.util.Cursor;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a query, forward only, read where they lie in Arrow batches. One thread.
 *
 * <p>{@code unwrap(BatchCursor.class)} gives the batches instead: before the first {@link #next()}, and then no rows any more; the batches
 * live until this result set is closed. {@code unwrap(VectorSchemaRoot.class)} gives the batch in which the current row lies, to be read
 * and not kept.
 */
final class ZeptoResultSet extends AccessorResultSet {
    private final ArrowCursor rows;
    private final List<Cursor.Accessor> accessors;
    private @Nullable Map<String, Integer> columnsByLabel;
    private long rowNumber;
    private boolean started;
    private boolean ended;

    /** Takes over the batches: they are closed with it. A result of metadata has no statement. */
    ZeptoResultSet(
            @Nullable AvaticaStatement statement, Meta.Signature signature, BatchCursor batches, TimeZone timeZone)
            throws SQLException {
        super(statement, new QueryState(signature.sql), signature, new ZeptoResultSetMetaData(signature), timeZone);
        this.rows = new ArrowCursor(batches);
        this.accessors = rows.accessors();
        execute2(rows, signature.columns);
    }

    /** The rows are there from the beginning. */
    @Override
    protected AvaticaResultSet execute() {
        return this;
    }

    @Override
    protected void checkOpen() throws SQLException {
        if (isClosed()) {
            throw SqlErrors.closed("result set");
        }
    }

    @Override
    Cursor.Accessor accessor(int columnIndex) throws SQLException {
        checkOpen();
        if (columnIndex < 1 || columnIndex > accessors.size()) {
            throw SqlErrors.of(
                    SqlErrors.UNDEFINED_RESULT_COLUMN,
                    "there is no column " + columnIndex + ": the result has " + accessors.size() + ", counted from 1");
        }
        return accessors.get(columnIndex - 1);
    }

    @Override
    public int findColumn(String columnLabel) throws SQLException {
        checkOpen();
        if (columnsByLabel == null) {
            columnsByLabel = new HashMap<>();
            for (int i = signature.columns.size(); i > 0; i--) {
                // of several columns with one label JDBC takes the first
                columnsByLabel.put(signature.columns.get(i - 1).label.toLowerCase(Locale.ROOT), i);
            }
        }
        Integer index = columnLabel == null ? null : columnsByLabel.get(columnLabel.toLowerCase(Locale.ROOT));
        if (index == null) {
            List<String> labels =
                    signature.columns.stream().map(column -> column.label).toList();
            throw SqlErrors.of(
                    SqlErrors.UNDEFINED_RESULT_COLUMN,
                    "there is no column '" + columnLabel + "': the result has " + String.join(", ", labels));
        }
        return index;
    }

    @Override
    public boolean next() throws SQLException {
        checkOpen();
        started = true;
        if (rows.next()) {
            rowNumber++;
            return true;
        }
        ended = true;
        return false;
    }

    @Override
    public boolean wasNull() throws SQLException {
        checkOpen();
        return rows.wasNull();
    }

    @Override
    public int getRow() throws SQLException {
        checkOpen();
        return ended ? 0 : (int) Math.min(rowNumber, Integer.MAX_VALUE);
    }

    @Override
    public boolean isBeforeFirst() throws SQLException {
        checkOpen();
        if (!started) {
            throw SqlErrors.unsupported("a forward-only result does not know whether it has rows before next()");
        }
        return false;
    }

    @Override
    public boolean isFirst() throws SQLException {
        return getRow() == 1;
    }

    @Override
    public boolean isAfterLast() throws SQLException {
        checkOpen();
        return ended && rowNumber > 0;
    }

    @Override
    public int getType() throws SQLException {
        checkOpen();
        return ResultSet.TYPE_FORWARD_ONLY;
    }

    @Override
    public int getConcurrency() throws SQLException {
        checkOpen();
        return ResultSet.CONCUR_READ_ONLY;
    }

    @Override
    public int getHoldability() throws SQLException {
        checkOpen();
        return ResultSet.HOLD_CURSORS_OVER_COMMIT;
    }

    @Override
    public void setFetchDirection(int direction) throws SQLException {
        checkOpen();
        FetchRules.checkDirection(direction);
    }

    @Override
    public int getFetchDirection() throws SQLException {
        checkOpen();
        return ResultSet.FETCH_FORWARD;
    }

    @Override
    public void setFetchSize(int fetchSize) throws SQLException {
        checkOpen();
        FetchRules.checkSize(fetchSize);
        super.setFetchSize(fetchSize);
    }

    @Override
    public void close() {
        if (!isClosedQuietly()) {
            super.close();
        }
    }

    private boolean isClosedQuietly() {
        try {
            return isClosed();
        } catch (SQLException e) {
            throw new IllegalStateException("isClosed of a result set only reads a field", e);
        }
    }

    @Override
    public <T> T unwrap(Class<T> iface) throws SQLException {
        if (iface.isInstance(this)) {
            return iface.cast(this);
        }
        checkOpen();
        if (iface == BatchCursor.class) {
            return iface.cast(rows.takeBatches());
        }
        if (iface == VectorSchemaRoot.class) {
            return iface.cast(rows.batch());
        }
        throw SqlErrors.of(
                ErrorCode.FEATURE_NOT_SUPPORTED.sqlState(),
                "a result set cannot be unwrapped to " + iface.getName() + ", only to " + BatchCursor.class.getName()
                        + " and " + VectorSchemaRoot.class.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> iface) {
        return iface.isInstance(this) || iface == BatchCursor.class || iface == VectorSchemaRoot.class;
    }
}
