package io.zeptodb.jdbc;

import io.zeptodb.jdbc.meta.Expected;
import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.AvaticaResultSet;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/** A statement that was planned when it was made. One thread, except for {@link #cancel()}. */
final class ZeptoPreparedStatement extends ParameterSetters {
    private final StatementCore core;
    private Meta.Signature described;
    private List<@Nullable Object[]> batch = new ArrayList<>();

    ZeptoPreparedStatement(
            ZeptoConnection connection, Meta.StatementHandle handle, Meta.Signature signature, int[] resultSetKind)
            throws SQLException {
        super(connection, handle, signature, resultSetKind);
        this.described = signature;
        this.core = new StatementCore(connection, this);
    }

    @Override
    protected void checkOpen() throws SQLException {
        if (isClosed()) {
            throw SqlErrors.closed("statement");
        }
    }

    // ---- running

    private boolean run(Expected expected) throws SQLException {
        checkOpen();
        closeCurrent();
        core.setWarnings(List.of());
        @Nullable Object[] parameters = parameterValues();
        try {
            StatementLink.Outcome outcome = core.link().execute(parameters, expected, core.options(maxRowCount));
            updateCount = outcome.updateCount();
            core.setWarnings(outcome.warnings());
            if (outcome.rows() == null) {
                return false;
            }
            described = Objects.requireNonNull(outcome.signature());
            openResultSet = core.resultSet(outcome);
            return true;
        } catch (RuntimeException e) {
            throw SqlErrors.translate(e);
        }
    }

    @Override
    public boolean execute() throws SQLException {
        return run(Expected.ANYTHING);
    }

    @Override
    public ResultSet executeQuery() throws SQLException {
        run(Expected.ROWS);
        return Objects.requireNonNull(openResultSet);
    }

    @Override
    public long executeLargeUpdate() throws SQLException {
        run(Expected.COUNT);
        return updateCount;
    }

    @Override
    public void cancel() throws SQLException {
        checkOpen();
        core.cancel();
    }

    @Override
    public boolean execute(String sql) throws SQLException {
        throw noText();
    }

    @Override
    public ResultSet executeQuery(String sql) throws SQLException {
        throw noText();
    }

    @Override
    public long executeLargeUpdate(String sql) throws SQLException {
        throw noText();
    }

    @Override
    public void addBatch(String sql) throws SQLException {
        throw noText();
    }

    private static SQLException noText() {
        return SqlErrors.of(
                SqlErrors.INVALID_CALL, "a prepared statement has its text already: call the method without one");
    }

    @Override
    public ResultSet getGeneratedKeys() throws SQLException {
        throw FetchRules.noKeys();
    }

    // ---- batches

    @Override
    public void addBatch() throws SQLException {
        checkOpen();
        batch.add(parameterValues());
    }

    @Override
    public void clearBatch() throws SQLException {
        checkOpen();
        batch = new ArrayList<>();
    }

    /** Runs all of it as one commit: when one row is refused, none is stored. */
    @Override
    public long[] executeLargeBatch() throws SQLException {
        checkOpen();
        closeCurrent();
        List<@Nullable Object[]> rows = batch;
        batch = new ArrayList<>();
        if (rows.isEmpty()) {
            return new long[0];
        }
        try {
            return core.link().executeBatch(rows, core.options(0));
        } catch (RuntimeException e) {
            throw StatementCore.batchFailure(SqlErrors.translate(e), new long[0]);
        }
    }

    // ---- results

    /** Null when the statement gives no rows. */
    @Override
    public @Nullable ResultSetMetaData getMetaData() throws SQLException {
        checkOpen();
        Meta.Signature now = describe();
        return now.columns.isEmpty() ? null : new ZeptoResultSetMetaData(now);
    }

    @Override
    protected AvaticaParameter getParameter(int index) throws SQLException {
        List<AvaticaParameter> parameters = describe().parameters;
        if (index < 1 || index > parameters.size()) {
            throw ParameterRow.outside(index, parameters.size());
        }
        return parameters.get(index - 1);
    }

    private Meta.Signature describe() throws SQLException {
        try {
            described = core.link().describe(described);
            return described;
        } catch (RuntimeException e) {
            throw SqlErrors.translate(e);
        }
    }

    @Override
    public int isNullable(int index) throws SQLException {
        getParameter(index);
        return parameterNullable;
    }

    /** Ends the last result, as running something else does; that is no completion in the sense of closeOnCompletion. */
    private void closeCurrent() throws SQLException {
        AvaticaResultSet current = openResultSet;
        openResultSet = null;
        updateCount = -1;
        if (current == null) {
            return;
        }
        boolean closes = closeOnCompletion;
        closeOnCompletion = false;
        try {
            current.close();
        } catch (RuntimeException e) {
            throw SqlErrors.translate(e);
        } finally {
            closeOnCompletion = closes;
        }
    }

    /** Of the last execution. */
    @Override
    public @Nullable SQLWarning getWarnings() throws SQLException {
        checkOpen();
        return core.warnings();
    }

    @Override
    public void clearWarnings() throws SQLException {
        checkOpen();
        core.setWarnings(List.of());
    }

    @Override
    public boolean getMoreResults(int current) throws SQLException {
        checkOpen();
        if (current == KEEP_CURRENT_RESULT) {
            throw SqlErrors.unsupported("a statement has one result at a time: it cannot be kept");
        }
        closeCurrent();
        return false;
    }

    @Override
    public synchronized void close() throws SQLException {
        try {
            close_();
        } catch (RuntimeException e) {
            throw SqlErrors.translate(e);
        }
    }

    // ---- settings

    @Override
    public int getQueryTimeout() throws SQLException {
        checkOpen();
        return core.timeout();
    }

    @Override
    public void setQueryTimeout(int seconds) throws SQLException {
        checkOpen();
        core.setTimeout(seconds);
    }

    @Override
    public void setLargeMaxRows(long most) throws SQLException {
        checkOpen();
        FetchRules.checkNotNegative("maxRows", most);
        super.setLargeMaxRows(most);
    }

    @Override
    public void setMaxFieldSize(int most) throws SQLException {
        checkOpen();
        if (most != 0) {
            throw SqlErrors.unsupported("values are never cut: maxFieldSize can only be 0");
        }
    }

    @Override
    public void setFetchSize(int rows) throws SQLException {
        checkOpen();
        FetchRules.checkSize(rows);
        super.setFetchSize(rows);
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

    /** JDBC's escapes belong to the grammar: there is no processing to turn off. */
    @Override
    public void setEscapeProcessing(boolean enable) throws SQLException {
        checkOpen();
    }

    @Override
    public void setPoolable(boolean poolable) throws SQLException {
        checkOpen();
        core.setPoolable(poolable);
    }

    @Override
    public boolean isPoolable() throws SQLException {
        checkOpen();
        return core.isPoolable();
    }

    @Override
    public <T> T unwrap(Class<T> iface) throws SQLException {
        if (iface.isInstance(this)) {
            return iface.cast(this);
        }
        throw StatementCore.notWrapped(iface);
    }
}
