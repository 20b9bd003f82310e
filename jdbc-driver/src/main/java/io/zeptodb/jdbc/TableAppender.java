package io.zeptodb.jdbc;

import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.append.Appender;
import io.zeptodb.jdbc.append.ParameterCells;
import io.zeptodb.jdbc.append.ParameterColumns;
import io.zeptodb.jdbc.value.SqlErrors;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/**
 * An appender is a prepared INSERT whose batch it fills: the statement owns the rows that wait, and frees them with itself or with its connection. It
 * belongs to one thread from the first value of a row to the row's end, and during each other call; a second one is refused meanwhile.
 */
final class TableAppender implements Appender {
    private static final VarHandle USER;

    static {
        try {
            USER = MethodHandles.lookup().findVarHandle(TableAppender.class, "user", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Among the refusals, whatever columns were set that there are not. */
    private static final int NO_COLUMN = 0;

    private final ZeptoPreparedStatement insert;
    private final String table;
    private final List<String> columns;
    /** One value on its way that is not of a simple kind. */
    private final ParameterCells cells;

    private ParameterColumns rows;
    private int autoFlush = DEFAULT_AUTO_FLUSH;
    private int buffered;
    private long appended;
    private boolean begun;
    /** Of the row that was begun, the columns whose last setter was refused, and why: null, as nearly always, when there is none. */
    private @Nullable Map<Integer, SQLException> refusals;

    private volatile boolean closed;
    /** To which thread it belongs now. */
    private volatile @Nullable Thread user;

    private TableAppender(ZeptoPreparedStatement insert, String table, List<String> columns) throws SQLException {
        this.insert = insert;
        this.table = table;
        this.columns = columns;
        this.cells = new ParameterCells(columns.size());
        this.rows = insert.openBatch();
    }

    static TableAppender open(ZeptoConnection connection, String table, String... columns) throws SQLException {
        if (table == null || columns == null) {
            throw SqlErrors.of(
                    SqlErrors.INVALID_CALL, "an appender wants the name of a table and of columns, got null");
        }
        List<String> names = columns.length == 0 ? columnsOf(connection, table) : names(columns);
        String parameters = "?" + ", ?".repeat(Math.max(0, names.size() - 1));
        String listed = names.isEmpty()
                ? "" // no such table, or none that can be seen: the statement says so
                : " ("
                        + String.join(
                                ", ", names.stream().map(TableAppender::quoted).toList()) + ")";
        String sql = "INSERT INTO " + quoted(table) + listed + " VALUES (" + parameters + ")";
        ZeptoPreparedStatement insert = (ZeptoPreparedStatement) connection.prepareStatement(sql);
        if (names.isEmpty()) {
            insert.close();
            throw SqlErrors.of(
                    ErrorCode.UNDEFINED_TABLE.sqlState(), "the columns of '" + table + "' are not known: name them");
        }
        return new TableAppender(insert, table, names);
    }

    private static List<String> names(String[] columns) throws SQLException {
        for (String column : columns) {
            if (column == null) {
                throw SqlErrors.of(SqlErrors.INVALID_CALL, "an appender wants the names of columns, got null");
            }
        }
        return List.of(columns);
    }

    private static List<String> columnsOf(ZeptoConnection connection, String table) throws SQLException {
        String escape = connection.getMetaData().getSearchStringEscape();
        String pattern = table.replace(escape, escape + escape)
                .replace("_", escape + "_")
                .replace("%", escape + "%");
        List<String> names = new ArrayList<>();
        try (ResultSet rows = connection.getMetaData().getColumns(null, connection.getSchema(), pattern, null)) {
            while (rows.next()) {
                names.add(rows.getString("COLUMN_NAME"));
            }
        }
        return List.copyOf(names);
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    public int column(String name) throws SQLException {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).equalsIgnoreCase(name)) {
                return i + 1;
            }
        }
        throw SqlErrors.of(
                ErrorCode.UNDEFINED_COLUMN.sqlState(),
                "the appender to '" + table + "' has no column '" + name + "', only " + String.join(", ", columns));
    }

    // ---- whose it is

    /** @throws SQLException when it is closed, or another thread's */
    private void enter() throws SQLException {
        if (closed) {
            throw SqlErrors.closed("appender");
        }
        Thread caller = Thread.currentThread();
        Thread owner = user;
        if (owner != caller && !USER.compareAndSet(this, (Thread) null, caller)) {
            throw SqlErrors.of(
                    SqlErrors.INVALID_CALL,
                    "the appender to '" + table + "' is used by "
                            + (owner == null ? "another thread" : "thread '" + owner.getName() + "'")
                            + ": its rows are set by one thread after the other, each from the first value to endRow(); use an appender for each thread");
        }
        if (closed) {
            leave();
            throw SqlErrors.closed("appender");
        }
    }

    /** Between rows it is nobody's. */
    private void leave() {
        if (!begun) {
            USER.setRelease(this, (Thread) null);
        }
    }

    // ---- a row

    /** A value of the row is to be set: the row is begun, whatever becomes of the value. @return the place of the column */
    private int begin(int column) throws SQLException {
        enter();
        begun = true;
        if (refusals != null) {
            takeBack(column);
        }
        if (column < 1 || column > columns.size()) {
            throw refused(
                    column,
                    SqlErrors.of(
                            ErrorCode.UNDEFINED_COLUMN.sqlState(),
                            "the appender to '" + table + "' has columns 1 to " + columns.size() + ", got " + column));
        }
        return column - 1;
    }

    private Appender set(int column) throws SQLException {
        try {
            rows.set(column - 1, cells);
            return this;
        } catch (SQLException | RuntimeException | Error e) {
            throw refused(column, e);
        }
    }

    /** The row cannot be ended until the column has a value, or is NULL because the caller says so. */
    private SQLException refused(int column, Throwable failure) {
        SQLException known = SqlErrors.translate(failure);
        Map<Integer, SQLException> all = refusals;
        if (all == null) {
            all = new TreeMap<>();
            refusals = all;
        }
        // columns that there are not are one, which no setter takes back
        all.put(column < 1 || column > columns.size() ? NO_COLUMN : column, known);
        if (failure instanceof Error error) {
            throw error;
        }
        return known;
    }

    /** The column is set again: if that is refused too, it says so. */
    private void takeBack(int column) {
        Map<Integer, SQLException> all = refusals;
        if (all != null && all.remove(column) != null && all.isEmpty()) {
            refusals = null;
        }
    }

    private SQLException unfinished(Map<Integer, SQLException> refused) {
        Map.Entry<Integer, SQLException> first = refused.entrySet().iterator().next();
        SQLException reason = first.getValue();
        int column = first.getKey();
        String more = refused.size() == 1 ? "" : ", nor " + (refused.size() - 1) + " more";
        String what = column == NO_COLUMN
                ? "a column that it has not was set in this row (" + reason.getMessage() + ")" + more + ": "
                : "column " + column + ", '" + columns.get(column - 1) + "', has no value in this row" + more
                        + ", because it was refused (" + reason.getMessage() + "): set it again, or ";
        return SqlErrors.of(
                reason.getSQLState(),
                0,
                "the appender to '" + table + "' cannot end a row: " + what + "take the row back with clearRow()",
                reason);
    }

    @Override
    public Appender setNull(int column) throws SQLException {
        begin(column);
        cells.setNull(column);
        return set(column);
    }

    @Override
    public Appender setBoolean(int column, boolean value) throws SQLException {
        begin(column);
        cells.setBoolean(column, value);
        return set(column);
    }

    @Override
    public Appender setInt(int column, int value) throws SQLException {
        begin(column);
        cells.setInt(column, value);
        return set(column);
    }

    @Override
    public Appender setLong(int column, long value) throws SQLException {
        int place = begin(column);
        try {
            rows.setLong(place, value);
            return this;
        } catch (SQLException | RuntimeException | Error e) {
            throw refused(column, e);
        }
    }

    @Override
    public Appender setDouble(int column, double value) throws SQLException {
        int place = begin(column);
        try {
            rows.setDouble(place, value);
            return this;
        } catch (SQLException | RuntimeException | Error e) {
            throw refused(column, e);
        }
    }

    @Override
    public Appender setBigDecimal(int column, @Nullable BigDecimal value) throws SQLException {
        begin(column);
        cells.setObject(column, value);
        return set(column);
    }

    @Override
    public Appender setString(int column, @Nullable CharSequence value) throws SQLException {
        if (value == null) {
            return setNull(column);
        }
        int place = begin(column);
        try {
            rows.setText(place, value);
            return this;
        } catch (SQLException | RuntimeException | Error e) {
            throw refused(column, e);
        }
    }

    @Override
    public Appender setBytes(int column, byte @Nullable [] value) throws SQLException {
        begin(column);
        cells.setObject(column, value);
        return set(column);
    }

    @Override
    public Appender setEpochDay(int column, int days) throws SQLException {
        begin(column);
        cells.setDate(column, days);
        return set(column);
    }

    @Override
    public Appender setTimeNanos(int column, long nanosOfDay) throws SQLException {
        begin(column);
        if (nanosOfDay < 0 || nanosOfDay >= ParameterCells.NANOS_PER_DAY) {
            throw refused(
                    column,
                    SqlErrors.of(
                            ErrorCode.DATETIME_OUT_OF_RANGE.sqlState(),
                            "a TIME has 0 to " + (ParameterCells.NANOS_PER_DAY - 1) + " nanoseconds, got "
                                    + nanosOfDay));
        }
        cells.setTime(column, nanosOfDay);
        return set(column);
    }

    @Override
    public Appender setTimestampNanos(int column, long epochNanos) throws SQLException {
        int place = begin(column);
        try {
            rows.setTimestamp(place, epochNanos);
            return this;
        } catch (SQLException | RuntimeException | Error e) {
            throw refused(column, e);
        }
    }

    @Override
    public Appender setObject(int column, @Nullable Object value) throws SQLException {
        begin(column);
        try {
            cells.setObject(
                    column, ParameterConversion.natural(ParameterConversion.forType(value, insert.typeOf(column))));
        } catch (SQLException | RuntimeException | Error e) {
            throw refused(column, e);
        }
        return set(column);
    }

    @Override
    public void endRow() throws SQLException {
        enter();
        try {
            if (refusals != null) {
                throw unfinished(refusals);
            }
            rows.endRow();
            begun = false;
            buffered++;
            if (buffered >= autoFlush) {
                store();
            }
        } catch (RuntimeException e) {
            throw SqlErrors.translate(e);
        } finally {
            leave();
        }
    }

    // ---- rows

    @Override
    public int bufferedRows() {
        return buffered;
    }

    @Override
    public long appendedRows() {
        return appended;
    }

    @Override
    public Appender setAutoFlush(int rows) throws SQLException {
        if (rows < 1) {
            throw SqlErrors.of(SqlErrors.INVALID_CALL, "an appender flushes after 1 row or more, got " + rows);
        }
        enter();
        autoFlush = rows;
        leave();
        return this;
    }

    @Override
    public void flush() throws SQLException {
        enter();
        try {
            requireEnded();
            store();
        } finally {
            leave();
        }
    }

    private void requireEnded() throws SQLException {
        if (begun) {
            throw notEnded("end it with endRow() or take it back with clearRow() before the flush");
        }
    }

    private SQLException notEnded(String remedy) {
        return SqlErrors.of(
                SqlErrors.INVALID_CALL,
                0,
                "a row of the appender to '" + table + "' was begun and not ended: " + remedy,
                refusals == null ? null : unfinished(refusals));
    }

    private void store() throws SQLException {
        if (buffered > 0) {
            buffered = 0; // stored or forgotten
            try {
                appended += insert.executeLargeBatch().length;
            } finally {
                if (!closed && !insert.isClosed()) {
                    rows = insert.openBatch();
                }
            }
        }
    }

    @Override
    public void clearRow() throws SQLException {
        enter();
        rows.clearRow();
        begun = false;
        refusals = null;
        leave();
    }

    @Override
    public void clear() throws SQLException {
        enter();
        try {
            buffered = 0;
            begun = false;
            refusals = null;
            insert.clearBatch();
            rows = insert.openBatch();
        } finally {
            leave();
        }
    }

    @Override
    public long appendBatch(VectorSchemaRoot batch, @Nullable DictionaryProvider dictionaries) throws SQLException {
        if (batch == null) {
            throw SqlErrors.of(SqlErrors.INVALID_CALL, "an appender wants a batch to append, got null");
        }
        enter();
        try {
            requireEnded();
            store();
            return append(batch, dictionaries);
        } finally {
            leave();
        }
    }

    private long append(VectorSchemaRoot batch, @Nullable DictionaryProvider dictionaries) throws SQLException {
        FieldVector[] vectors = new FieldVector[columns.size()];
        for (FieldVector vector : batch.getFieldVectors()) {
            int place = column(vector.getName()) - 1;
            if (vectors[place] != null) {
                throw SqlErrors.of(
                        ErrorCode.DUPLICATE_COLUMN.sqlState(),
                        "cannot append to '" + table + "': column '" + vector.getName() + "' is twice in the batch");
            }
            vectors[place] = vector;
        }
        int rows = batch.getRowCount();
        for (int i = 0; i < vectors.length; i++) {
            if (vectors[i] == null) {
                vectors[i] = new NullVector(columns.get(i), rows);
            }
        }
        List<FieldVector> ordered = List.of(vectors);
        VectorSchemaRoot parameters =
                new VectorSchemaRoot(ordered.stream().map(FieldVector::getField).toList(), ordered, rows);
        long stored = insert.executeColumns(parameters, dictionaries).length;
        appended += stored;
        return stored;
    }

    /** Under another thread's row it forgets what waits: nothing is stored that may be half set. */
    @Override
    public void close() throws SQLException {
        if (closed) {
            return;
        }
        try {
            enter();
        } catch (SQLException e) {
            closed = true;
            insert.close();
            throw e;
        }
        closed = true;
        if (begun) {
            rows.clearRow();
        }
        ClosingSteps steps = new ClosingSteps();
        steps.run(this::store);
        steps.run(insert::close);
        if (begun) {
            steps.run(() -> {
                throw notEnded("it was not stored");
            });
        }
        steps.end();
    }
}
