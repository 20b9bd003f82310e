package io.zeptodb.jdbc;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.value.ArrowCursor;
import io.zeptodb.jdbc.value.KeptCursor;
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
 * Rows of a query, read out of Arrow batches: forward only, or to and fro over batches that are kept. One thread reads; any may close.
 *
 * <p>{@code unwrap(BatchCursor.class)} gives the batches instead: before the first {@link #next()}, and then no rows any more; the batches
 * live until this result set is closed. {@code unwrap(VectorSchemaRoot.class)} gives the batch in which the current row lies, to be read
 * and not kept.
 */
final class ZeptoResultSet extends AccessorResultSet {
    private final ArrowCursor rows;
    /** The same as the rows when they can be read to and fro. */
    private final @Nullable KeptCursor kept;

    private final List<Cursor.Accessor> accessors;
    private @Nullable Map<String, Integer> columnsByLabel;
    private int fetchDirection;
    /** With which it closes, when it is no statement's. */
    private final @Nullable ZeptoConnection connection;

    private ZeptoResultSet(
            @Nullable AvaticaStatement statement,
            @Nullable ZeptoConnection connection,
            Meta.Signature signature,
            BatchCursor batches,
            TimeZone timeZone)
            throws SQLException {
        super(statement, new QueryState(signature.sql), signature, new ZeptoResultSetMetaData(signature), timeZone);
        this.connection = connection;
        this.fetchDirection = statement == null ? ResultSet.FETCH_FORWARD : statement.getFetchDirection();
        boolean scrolls = statement != null && statement.getResultSetType() == ResultSet.TYPE_SCROLL_INSENSITIVE;
        this.kept = scrolls ? new KeptCursor(batches) : null;
        this.rows = kept != null ? kept : new ArrowCursor(batches);
        this.accessors = rows.accessors();
        ZeptoConnection owner = statement == null ? connection : (ZeptoConnection) statement.connection;
        if (owner != null) {
            rows.setArrayRows((element, values, first) -> CatalogAnswers.elements(owner, element, values, first));
        }
        execute2(rows, signature.columns);
    }

    /** Of a statement; takes over the batches, which are closed with it. */
    static ZeptoResultSet of(
            AvaticaStatement statement, Meta.Signature signature, BatchCursor batches, TimeZone timeZone)
            throws SQLException {
        return new ZeptoResultSet(statement, null, signature, batches, timeZone);
    }

    /** Of metadata, which has no statement; takes over the batches, which are closed with it. */
    static ZeptoResultSet ofMetadata(ZeptoConnection connection, Meta.Signature signature, BatchCursor batches)
            throws SQLException {
        return new ZeptoResultSet(null, connection, signature, batches, connection.getTimeZone());
    }

    @Override
    public boolean isClosed() throws SQLException {
        return super.isClosed() || (connection != null && connection.isClosed());
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
        return rows.next();
    }

    @Override
    public boolean wasNull() throws SQLException {
        checkOpen();
        return rows.wasNull();
    }

    @Override
    public int getRow() throws SQLException {
        checkOpen();
        return (int) Math.min(rows.rowNumber(), Integer.MAX_VALUE);
    }

    /** Also of a result that is read forward only: its first rows are pulled for it. */
    @Override
    public boolean isBeforeFirst() throws SQLException {
        checkOpen();
        return rows.rowNumber() == 0 && !rows.isAfterLast() && rows.hasRows();
    }

    @Override
    public boolean isFirst() throws SQLException {
        return getRow() == 1;
    }

    @Override
    public boolean isLast() throws SQLException {
        checkOpen();
        if (kept == null) {
            return super.isLast();
        }
        return kept.rowNumber() > 0 && !kept.hasNext();
    }

    /** Never of a result without rows. */
    @Override
    public boolean isAfterLast() throws SQLException {
        checkOpen();
        return rows.isAfterLast();
    }

    // ---- moving to and fro

    @Override
    public void beforeFirst() throws SQLException {
        checkOpen();
        if (kept == null) {
            super.beforeFirst();
        } else {
            kept.go(-1);
        }
    }

    @Override
    public void afterLast() throws SQLException {
        checkOpen();
        if (kept == null) {
            super.afterLast();
        } else {
            kept.go(kept.total());
        }
    }

    @Override
    public boolean first() throws SQLException {
        checkOpen();
        return kept == null ? super.first() : kept.go(0);
    }

    @Override
    public boolean last() throws SQLException {
        checkOpen();
        return kept == null ? super.last() : kept.go(kept.total() - 1);
    }

    /** Rows are counted from 1, or from the last one back when negative; 0 is before the first. */
    @Override
    public boolean absolute(int row) throws SQLException {
        checkOpen();
        if (kept == null) {
            return super.absolute(row);
        }
        return kept.go(row < 0 ? Math.max(-1, kept.total() + row) : row - 1L);
    }

    @Override
    public boolean relative(int count) throws SQLException {
        checkOpen();
        return kept == null ? super.relative(count) : kept.go(Math.max(-1, kept.position() + count));
    }

    @Override
    public boolean previous() throws SQLException {
        checkOpen();
        return kept == null ? super.previous() : kept.go(Math.max(-1, kept.position() - 1));
    }

    // ---- what it is

    @Override
    public int getType() throws SQLException {
        checkOpen();
        return kept == null ? ResultSet.TYPE_FORWARD_ONLY : ResultSet.TYPE_SCROLL_INSENSITIVE;
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
        FetchRules.checkDirection(direction, kept != null);
        fetchDirection = direction;
    }

    @Override
    public int getFetchDirection() throws SQLException {
        checkOpen();
        return fetchDirection;
    }

    @Override
    public void setFetchSize(int fetchSize) throws SQLException {
        checkOpen();
        FetchRules.checkSize(fetchSize);
        super.setFetchSize(fetchSize);
    }

    @Override
    public void close() {
        if (isClosedQuietly()) {
            rows.close(); // another thread may be at it: who closes the connection next counts on the memory being back
        } else {
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
        if (Wrapping.required(iface).isInstance(this)) {
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
        return Wrapping.isWrapper(this, iface) || iface == BatchCursor.class || iface == VectorSchemaRoot.class;
    }
}
