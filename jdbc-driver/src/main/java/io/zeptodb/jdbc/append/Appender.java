package io.zeptodb.jdbc.append;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/**
 * The fast way into a table through JDBC, without an object for a row: set the columns of a row by their numbers from 1, then {@link #endRow()}. What
 * is not set is NULL. Values are converted to the types of the columns as parameters of a prepared INSERT are, with the same errors.
 *
 * <pre>{@code
 * try (Appender trades = connection.unwrap(AppendingConnection.class).appender("trades", "ts", "symbol", "price")) {
 *     for (Tick tick : ticks) {
 *         trades.setTimestampNanos(1, tick.nanos()).setString(2, tick.symbol()).setDouble(3, tick.price()).endRow();
 *     }
 * }
 * }</pre>
 *
 * <p><b>When rows are stored.</b> Rows gather in columns, in memory of the database (of the driver, when remote), until {@link #flush()}, which
 * stores them with one INSERT: in auto-commit mode that is one commit, all of them visible to everybody and, on disk, as durable as the option says,
 * when it returns. In a transaction they belong to it from then on: its statements see them, COMMIT makes them visible and durable, ROLLBACK undoes
 * them. Committing or rolling back does not touch what has not been flushed. {@link #endRow()} flushes when {@link #setAutoFlush as many rows} have
 * gathered, {@link #close()} flushes the rest.
 *
 * <p><b>Failures.</b> A flush that fails stores none of its rows; they are forgotten, those flushed before stay, and the appender can go on. A row one of
 * whose setters was refused is not finished: {@link #endRow()} fails, with the SQLSTATE of the refusal and naming the column, until that column is set
 * again, to NULL too, or the row is taken back with {@link #clearRow()}, as it has to be after a column that the appender has not. So nobody stores NULL in
 * place of a value by passing over an error; who goes on with another row after one calls clearRow() first. Without memory for another row {@link #endRow()} fails with 53200 and the row can be ended again, after a
 * flush for example.
 *
 * <p><b>Threads.</b> One after the other: from the first value of a row to {@link #endRow()} an appender belongs to the thread that set it, and what
 * another one calls meanwhile is refused (HY000) and changes nothing; only its close ends the appender, and forgets the rows that wait. For speed use
 * an appender for each thread, each on a connection of its own, for a connection does one thing at a time.
 */
public interface Appender extends AutoCloseable {
    /** Rows after which {@link #endRow()} flushes, unless it was told otherwise. */
    int DEFAULT_AUTO_FLUSH = 1 << 16;

    /** The names of the columns, in the order of their numbers. */
    List<String> columns();

    /** The number of a column, from 1. @throws SQLException 42703 when the appender has no such column */
    int column(String name) throws SQLException;

    Appender setNull(int column) throws SQLException;

    Appender setBoolean(int column, boolean value) throws SQLException;

    Appender setInt(int column, int value) throws SQLException;

    Appender setLong(int column, long value) throws SQLException;

    Appender setDouble(int column, double value) throws SQLException;

    Appender setBigDecimal(int column, @Nullable BigDecimal value) throws SQLException;

    /** The characters are read at once. A SYMBOL or a VARCHAR, or what a text can be cast to. */
    Appender setString(int column, @Nullable CharSequence value) throws SQLException;

    /** The bytes are read at once, or by {@link #endRow()}. */
    Appender setBytes(int column, byte @Nullable [] value) throws SQLException;

    /** A DATE, in days since 1970-01-01. */
    Appender setEpochDay(int column, int days) throws SQLException;

    /** A TIME, in nanoseconds since midnight. */
    Appender setTimeNanos(int column, long nanosOfDay) throws SQLException;

    /** A TIMESTAMP, in nanoseconds since 1970-01-01 UTC. */
    Appender setTimestampNanos(int column, long epochNanos) throws SQLException;

    /** Whatever {@code PreparedStatement.setObject} takes, java.time and java.sql among it. */
    Appender setObject(int column, @Nullable Object value) throws SQLException;

    /**
     * Ends the row, and flushes when enough have gathered. Columns that were not set are NULL.
     *
     * @throws SQLException when the last setter of one of its columns was refused, or the flush fails
     */
    void endRow() throws SQLException;

    /** Takes back what was set of the row that was begun. Those that were ended stay. */
    void clearRow() throws SQLException;

    /** Rows that have not been flushed. */
    int bufferedRows();

    /** Rows that this appender has flushed and appended by batch; those of a transaction that was rolled back too. */
    long appendedRows();

    /** @param rows after which {@link #endRow()} flushes, at least 1 */
    Appender setAutoFlush(int rows) throws SQLException;

    /** Stores the rows that were ended. Nothing happens when there are none. @throws SQLException HY000 while a row is begun and not ended */
    void flush() throws SQLException;

    /** Forgets the rows that have not been flushed, and the one that was begun. */
    void clear() throws SQLException;

    /** As {@link #appendBatch(VectorSchemaRoot, DictionaryProvider)} without dictionaries. */
    default long appendBatch(VectorSchemaRoot batch) throws SQLException {
        return appendBatch(batch, null);
    }

    /**
     * Flushes, then appends a batch of Arrow columns by one more INSERT. Its columns are matched by name with those of the appender, without regard
     * to case; those that it lacks are NULL. The batch stays the caller's.
     *
     * @return rows stored
     * @throws SQLException 42703 when it has a column that the appender has not, 42701 when it has one twice, 42804 for a type of Arrow that cannot be stored
     */
    long appendBatch(VectorSchemaRoot batch, @Nullable DictionaryProvider dictionaries) throws SQLException;

    /**
     * Flushes and ends; nothing happens the second time.
     *
     * @throws SQLException when the flush fails; HY000 when a row was begun and not ended, which is not stored, as the others are
     */
    @Override
    void close() throws SQLException;
}
