package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.zeptodb.jdbc.append.Appender;
import io.zeptodb.jdbc.append.AppendingConnection;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What JDBC promises of batches of parameters, the same in the process and over the network. */
abstract class BatchConformance extends ResultConformance {
    private static final int TRIALS = Integer.getInteger("batches", 20);
    private static final long FIRST_SEED = Long.getLong("seed", 1);
    private static final Pattern ROW_TOLD = Pattern.compile(" \\(row (\\d+)(?:, column '\\w+'| of the batch)\\)");

    static List<String> answer(Connection on, String sql) throws SQLException {
        List<String> lines = new ArrayList<>();
        try (Statement statement = on.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                String[] line = new String[columns];
                for (int i = 0; i < columns; i++) {
                    line[i] = rows.getString(i + 1);
                }
                lines.add(Arrays.toString(line));
            }
        }
        return lines;
    }

    @Test
    void aBatchStoresAndRefusesWhatItsRowsOneByOneDo() throws SQLException {
        int refused = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + TRIALS; seed++) {
            run("DROP TABLE IF EXISTS rowwise");
            run("DROP TABLE IF EXISTS batched");
            run("DROP TABLE IF EXISTS appended");
            run("CREATE TABLE rowwise" + RandomRows.COLUMNS);
            run("CREATE TABLE batched" + RandomRows.COLUMNS);
            run("CREATE TABLE appended" + RandomRows.COLUMNS);
            refused += compare(seed) ? 1 : 0;
        }
        assertThat(refused).isBetween(1, TRIALS - 1);
    }

    /** Whether the batch was refused. */
    private boolean compare(long seed) throws SQLException {
        RandomRows rows = new RandomRows(seed);
        int count = rows.count();
        Map<Integer, String> errors = new TreeMap<>();
        connection.setAutoCommit(false);
        try (PreparedStatement single =
                        connection.prepareStatement("INSERT INTO rowwise VALUES (" + RandomRows.PARAMETERS + ")");
                PreparedStatement batched =
                        connection.prepareStatement("INSERT INTO batched VALUES (" + RandomRows.PARAMETERS + ")");
                Appender appender = connection.unwrap(AppendingConnection.class).appender("appended")) {
            for (int i = 0; i < count; i++) {
                List<RandomRows.Cell> row = rows.row(i);
                RandomRows.set(single, row);
                RandomRows.set(batched, row);
                batched.addBatch();
                RandomRows.set(appender, row);
                appender.endRow();
                try {
                    assertThat(single.executeUpdate()).isEqualTo(1);
                } catch (SQLException e) {
                    errors.put(i + 1, e.getSQLState() + " " + e.getMessage());
                }
            }
            if (errors.isEmpty()) {
                assertThat(batched.executeBatch())
                        .as("seed %d", seed)
                        .hasSize(count)
                        .containsOnly(1);
            } else {
                BatchUpdateException failure = catchThrowableOfType(BatchUpdateException.class, batched::executeBatch);
                assertThat((Object) failure).as("seed %d: %s", seed, errors).isNotNull();
                assertThat(failure.getUpdateCounts()).isEmpty();
                Matcher told = ROW_TOLD.matcher(String.valueOf(failure.getMessage()));
                assertThat(told.find()).as("%s tells its row", failure).isTrue();
                assertThat(errors.get(Integer.parseInt(told.group(1))))
                        .as("seed %d: what was refused is refused alone, in that row", seed)
                        .isEqualTo(failure.getSQLState() + " " + told.replaceAll(""));
                SQLException refusal = catchThrowableOfType(SQLException.class, appender::flush);
                assertThat(refusal.getSQLState()).as("seed %d", seed).isEqualTo(failure.getSQLState());
                connection.rollback();
            }
        } finally {
            connection.setAutoCommit(true);
        }
        if (errors.isEmpty()) {
            List<String> expected = answer(connection, "SELECT * FROM rowwise ORDER BY id");
            assertThat(answer(connection, "SELECT * FROM batched ORDER BY id"))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
            assertThat(answer(connection, "SELECT * FROM appended ORDER BY id"))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
        return !errors.isEmpty();
    }

    @Test
    void aBatchMayHaveConstantsColumnsThatItDoesNotNameAndNothingButNulls() throws SQLException {
        run("CREATE TABLE t (a INTEGER, sym SYMBOL, v VARCHAR, d DOUBLE, n DECIMAL(10,2))");
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO t (d, a, sym) VALUES (?, 7, 'x'), (?, 8, ?)")) {
            insert.setDouble(1, 0.5);
            insert.setInt(2, 2);
            insert.setNull(3, java.sql.Types.VARCHAR);
            insert.addBatch();
            assertThat(insert.executeBatch()).containsExactly(2);
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO t (d, a, sym, v) VALUES (?, 9, 'constant', NULL)")) {
            for (int i = 0; i < 5000; i++) {
                insert.setNull(1, java.sql.Types.DOUBLE);
                insert.addBatch();
            }
            assertThat(insert.executeLargeBatch()).hasSize(5000).containsOnly(1);
        }
        assertThat(answer(connection, "SELECT a, sym, v, d, n, count(*) FROM t GROUP BY a, sym, v, d, n ORDER BY a"))
                .containsExactly(
                        "[7, x, null, 0.5, null, 1]",
                        "[8, null, null, 2, null, 1]",
                        "[9, constant, null, null, null, 5000]");
    }

    @Test
    void aBatchOfExpressionsRunsRowByRow() throws SQLException {
        run("CREATE TABLE t (a BIGINT, v VARCHAR)");
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO t VALUES (CAST(? AS BIGINT) + 1, upper(CAST(? AS VARCHAR)))")) {
            for (int i = 0; i < 3; i++) {
                insert.setLong(1, i);
                insert.setString(2, "v" + i);
                insert.addBatch();
            }
            assertThat(insert.executeBatch()).containsExactly(1, 1, 1);
        }
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM t WHERE a = ?")) {
            for (int i = 2; i < 6; i++) {
                delete.setInt(1, i);
                delete.addBatch();
            }
            assertThat(delete.executeBatch()).containsExactly(1, 1, 0, 0);
        }
        assertThat(answer(connection, "SELECT * FROM t")).containsExactly("[1, V0]");
    }

    @Test
    void oneRowThatIsRefusedLeavesNothingAndTheStatementGoesOn() throws SQLException {
        run("CREATE TABLE t (a INTEGER NOT NULL, d DECIMAL(4,1))");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)")) {
            for (int wrong : List.of(0, 5000, 9999)) {
                for (int i = 0; i < 10_000; i++) {
                    insert.setLong(1, i == wrong ? 3_000_000_000L : i);
                    insert.setBigDecimal(2, new BigDecimal("1.5"));
                    insert.addBatch();
                }
                assertThatThrownBy(insert::executeBatch)
                        .isInstanceOf(BatchUpdateException.class)
                        .hasMessageContaining("parameter 1 is INTEGER, got BIGINT: out of range: 3000000000")
                        .hasMessageContaining("(row " + (wrong + 1) + ", column 'a')");
                assertThat(insert.executeBatch()).isEmpty();
            }
            for (int i = 0; i < 100_000; i++) {
                if (i == 77_776) {
                    insert.setNull(1, java.sql.Types.INTEGER);
                } else {
                    insert.setInt(1, i);
                }
                insert.addBatch();
            }
            BatchUpdateException failure = catchThrowableOfType(BatchUpdateException.class, insert::executeBatch);
            assertThat(failure.getSQLState()).isEqualTo("23502");
            assertThat(failure.getMessage()).contains("column 'a' is NOT NULL, got NULL (row 77777)");
            insert.setInt(1, 1);
            insert.setBigDecimal(2, new BigDecimal("1000"));
            insert.addBatch();
            failure = catchThrowableOfType(BatchUpdateException.class, insert::executeBatch);
            assertThat(failure.getMessage()).contains("parameter 2 is DECIMAL(4,1)");
            insert.setBigDecimal(2, new BigDecimal("999.9"));
            insert.addBatch();
            assertThat(insert.executeBatch()).containsExactly(1);
        }
        assertThat(answer(connection, "SELECT * FROM t")).containsExactly("[1, 999.9]");
    }

    @Test
    void aBatchBelongsToTheOpenTransaction() throws SQLException {
        run("CREATE TABLE t (a INTEGER, v VARCHAR)");
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?, ?)");
                Connection other = connect()) {
            for (int round = 0; round < 2; round++) {
                for (int i = 0; i < 5000; i++) {
                    insert.setInt(1, i);
                    insert.setString(2, "text number " + i);
                    insert.addBatch();
                }
                insert.executeBatch();
                assertThat(answer(connection, "SELECT count(*), max(v) FROM t"))
                        .containsExactly("[5000, text number 999]");
                assertThat(answer(other, "SELECT count(*) FROM t")).containsExactly("[0]");
                if (round == 0) {
                    connection.rollback();
                }
            }
            connection.commit();
            assertThat(answer(other, "SELECT count(*), count(DISTINCT v) FROM t"))
                    .containsExactly("[5000, 5000]");
        } finally {
            connection.setAutoCommit(true);
        }
    }

    @Test
    void aBatchThatWaitsIsForgottenWithItsStatementAndWithItsConnection() throws SQLException {
        run("CREATE TABLE t (a INTEGER)");
        PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)");
        insert.setInt(1, 1);
        insert.addBatch();
        insert.close();
        assertThatThrownBy(insert::addBatch).isInstanceOf(SQLException.class);
        assertThatThrownBy(insert::executeBatch).isInstanceOf(SQLException.class);
        try (Connection other = connect()) {
            PreparedStatement left = other.prepareStatement("INSERT INTO t VALUES (?)");
            left.setInt(1, 2);
            left.addBatch();
        }
        assertThat(answer(connection, "SELECT count(*) FROM t")).containsExactly("[0]");
    }

    @Test
    void aBatchAcrossAChangeOfItsTableIsPlannedAnew() throws SQLException {
        run("CREATE TABLE t (a INTEGER, v VARCHAR)");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t (a, v) VALUES (?, ?)")) {
            insert.setInt(1, 1);
            insert.setString(2, "12");
            insert.addBatch();
            run("DROP TABLE t");
            run("CREATE TABLE t (v BIGINT, x DOUBLE, a DOUBLE)");
            assertThat(insert.executeBatch()).containsExactly(1);
        }
        assertThat(answer(connection, "SELECT * FROM t")).containsExactly("[12, null, 1]");
    }

    private static Appender appender(Connection on, String table, String... columns) throws SQLException {
        return on.unwrap(AppendingConnection.class).appender(table, columns);
    }

    @Test
    void anAppenderStoresWhatWasFlushedAndTheRestWhenItIsClosed() throws SQLException {
        run(
                "CREATE TABLE Ticks_1 (ts TIMESTAMP_NS, sym SYMBOL, price DOUBLE, day DATE, tm TIME, n DECIMAL(9,2), b BOOLEAN, x VARBINARY)");
        assertThat(connection.isWrapperFor(AppendingConnection.class)).isTrue();
        long nanos = 1_700_000_000_123_456_789L;
        try (Appender rows = appender(connection, "ticks_1");
                Connection other = connect()) {
            assertThat(rows.columns()).containsExactly("ts", "sym", "price", "day", "tm", "n", "b", "x");
            assertThat(rows.column("PRICE")).isEqualTo(3);
            assertThatThrownBy(() -> rows.column("size")).isInstanceOf(SQLException.class);
            rows.flush();
            rows.setTimestampNanos(1, nanos).setString(2, "A").setDouble(3, 1.5).setEpochDay(4, 19_000);
            rows.setTimeNanos(5, 1).setBigDecimal(6, new BigDecimal("1.25")).setBoolean(7, true);
            rows.setBytes(8, new byte[] {1, 2}).endRow();
            rows.setObject(1, EXACT).setString(2, null).setLong(3, 7).setNull(4).endRow();
            assertThat(answer(other, "SELECT count(*) FROM ticks_1")).containsExactly("[0]");
            rows.flush();
            assertThat(answer(other, "SELECT count(*) FROM ticks_1")).containsExactly("[2]");
            rows.setAutoFlush(2).setInt(3, 3).endRow();
            assertThat(rows.bufferedRows()).isEqualTo(1);
            rows.setInt(3, 4).endRow();
            assertThat(rows.bufferedRows()).isZero();
            rows.setInt(3, 5).endRow();
            rows.setInt(3, 6);
            rows.clear();
            rows.setInt(3, 7).endRow();
            assertThat(rows.appendedRows()).isEqualTo(4);
        }
        assertThat(answer(connection, "SELECT * FROM ticks_1 ORDER BY price"))
                .containsExactly(
                        "[2023-11-14 22:13:20.123456789, A, 1.5, 2022-01-08, 00:00:00.000000001, 1.25, true, \\x0102]",
                        "[null, null, 3, null, null, null, null, null]",
                        "[null, null, 4, null, null, null, null, null]",
                        "[2024-08-09 00:05:04.525430833, null, 7, null, null, null, null, null]",
                        "[null, null, 7, null, null, null, null, null]");
    }

    @Test
    void anAppenderToSomeColumnsInAnotherOrder() throws SQLException {
        run("CREATE TABLE \"odd \"\" name\" (a INTEGER, \"b c\" VARCHAR, d DOUBLE)");
        try (Appender rows = appender(connection, "odd \" name", "b c", "A")) {
            rows.setString(1, "x").setLong(2, 1).endRow();
        }
        assertThat(answer(connection, "SELECT * FROM \"odd \"\" name\"")).containsExactly("[1, x, null]");
        run("DROP TABLE \"odd \"\" name\"");
        run("CREATE TABLE t (a INTEGER)");
        assertThat(catchThrowableOfType(SQLException.class, () -> appender(connection, "nowhere"))
                        .getSQLState())
                .isEqualTo("42P01");
        assertThat(catchThrowableOfType(SQLException.class, () -> appender(connection, "t", "b"))
                        .getSQLState())
                .isEqualTo("42703");
        assertThatThrownBy(() -> appender(connection, "t", "a", "a")).isInstanceOf(SQLException.class);
    }

    @Test
    void anAppenderThatIsRefusedGoesOn() throws SQLException {
        run("CREATE TABLE t (a INTEGER NOT NULL, v VARCHAR)");
        try (Appender rows = appender(connection, "t")) {
            rows.setInt(1, 1).endRow();
            rows.flush();
            rows.setInt(1, 2).endRow();
            rows.setLong(1, 1L << 40).endRow();
            assertThatThrownBy(rows::flush).isInstanceOf(SQLException.class).hasMessageContaining("INTEGER");
            assertThat(rows.bufferedRows()).isZero();
            rows.setString(2, "without a").endRow();
            assertThat(catchThrowableOfType(SQLException.class, rows::flush).getSQLState())
                    .isEqualTo("23502");
            assertThatThrownBy(() -> rows.setInt(3, 1)).hasMessageContaining("columns 1 to 2, got 3");
            assertThatThrownBy(() -> rows.setTimeNanos(1, -1)).isInstanceOf(SQLException.class);
            rows.clearRow();
            assertThatThrownBy(() -> rows.setAutoFlush(0)).isInstanceOf(SQLException.class);
            rows.setInt(1, 3);
            assertThatThrownBy(rows::flush).hasMessageContaining("not ended");
            rows.endRow();
        }
        assertThat(answer(connection, "SELECT a FROM t ORDER BY a")).containsExactly("[1]", "[3]");
        Appender unfinished = appender(connection, "t");
        unfinished.setInt(1, 4).endRow();
        unfinished.setInt(1, 5);
        assertThatThrownBy(unfinished::close).hasMessageContaining("was not stored");
        unfinished.close();
        assertThatThrownBy(() -> unfinished.setInt(1, 6)).hasMessageContaining("closed");
        assertThatThrownBy(unfinished::endRow).hasMessageContaining("closed");
        assertThatThrownBy(unfinished::flush).hasMessageContaining("closed");
        assertThat(answer(connection, "SELECT max(a) FROM t")).containsExactly("[4]");
    }

    private static Throwable refused(String state, ThrowingCallable call) {
        SQLException refusal = catchThrowableOfType(SQLException.class, call);
        assertThat(refusal.getSQLState()).isEqualTo(state);
        return refusal;
    }

    /** Whoever passes over the error of a setter must not store NULL in that column, nor what it had before. */
    @Test
    void aRowWithASetterThatWasRefusedCannotBeEnded() throws SQLException {
        run("CREATE TABLE t (n BIGINT, v VARCHAR, tm TIME, x VARBINARY)");
        CharSequence failing = new SpoiltText();
        try (Appender rows = appender(connection, "t")) {
            for (long i = 1; i <= 2; i++) { // the first row of a column says what it is made of
                rows.setLong(1, i).setString(2, "kept").endRow();
                rows.setLong(1, -i).setString(2, "lost too");
                refused("22021", () -> rows.setString(2, "lost \uD83D"));
                refused("22008", () -> rows.setTimeNanos(3, -1));
                Throwable unfinished = refused("22021", rows::endRow);
                assertThat(unfinished).hasMessageContainingAll("'t'", "column 2, 'v'", "1 more", "U+D83D", "clearRow");
                assertThat(unfinished.getCause()).hasMessageContaining("half of a pair");
                rows.setNull(2);
                assertThat(refused("22008", rows::endRow)).hasMessageContaining("column 3, 'tm'");
                refused("22008", () -> rows.setTimeNanos(3, 1L << 60));
                refused("22008", rows::endRow);
                assertThat(refused("HY000", rows::flush).getCause()).hasMessageContaining("'tm'");
                rows.setTimeNanos(3, i).setLong(1, i * 10).endRow();

                refused("42703", () -> rows.setInt(5, 1));
                rows.setLong(1, -i).setString(2, "of a row that had more");
                assertThat(refused("42703", rows::endRow)).hasMessageContainingAll("columns 1 to 4, got 5", "clearRow");
                refused("42703", () -> rows.setNull(0));
                rows.clearRow();
                assertThatThrownBy(() -> rows.setString(2, failing)).isInstanceOf(SQLException.class);
                assertThatThrownBy(rows::endRow).hasMessageContaining("spoilt");
                refused("22008", () -> rows.setObject(1, Duration.ofSeconds(Long.MAX_VALUE)));
                refused("22008", rows::endRow);
                rows.clearRow();
                rows.clearRow();
                assertThat(rows.bufferedRows()).isEqualTo((int) i * 2);
            }
            rows.setObject(1, 3)
                    .setString(2, "an INTEGER among LONGs: rows are objects from here on")
                    .endRow();
            rows.setLong(1, -4).setString(2, "lost too");
            refused("22008", () -> rows.setTimeNanos(3, -1));
            refused("22008", rows::endRow);
            rows.setString(2, "again").setTimeNanos(3, 4).setLong(1, 4).endRow();
            rows.flush();
            rows.setLong(1, -5);
            refused("22008", () -> rows.setTimeNanos(3, -1));
            rows.clear();
            rows.setLong(1, 5).endRow();
        }
        assertThat(answer(connection, "SELECT n, v, tm FROM t WHERE n <> 3 ORDER BY n"))
                .containsExactly(
                        "[1, kept, null]",
                        "[2, kept, null]",
                        "[4, again, 00:00:00.000000004]",
                        "[5, null, null]",
                        "[10, null, 00:00:00.000000001]",
                        "[20, null, 00:00:00.000000002]");
        Appender left = appender(connection, "t");
        refused("22021", () -> left.setString(2, "lost \uD83D"));
        assertThat(refused("HY000", left::close)).hasMessageContaining("not stored");
        assertThat(answer(connection, "SELECT count(*) FROM t")).containsExactly("[7]");
    }

    /** A text of a program's own that cannot be read. */
    private static final class SpoiltText implements CharSequence {
        @Override
        public int length() {
            return 3;
        }

        @Override
        public char charAt(int index) {
            if (index > 0) {
                throw new IllegalStateException("spoilt");
            }
            return 'a';
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            throw new IllegalStateException("spoilt");
        }
    }

    @Test
    void anAppenderInATransactionIsUndoneWithIt() throws SQLException {
        run("CREATE TABLE t (a INTEGER)");
        connection.setAutoCommit(false);
        try (Appender rows = appender(connection, "t")) {
            rows.setInt(1, 1).endRow();
            rows.flush();
            rows.setInt(1, 2).endRow();
            assertThat(answer(connection, "SELECT a FROM t")).containsExactly("[1]");
            connection.rollback();
            assertThat(rows.bufferedRows()).isEqualTo(1);
            rows.flush();
            connection.commit();
        } finally {
            connection.setAutoCommit(true);
        }
        assertThat(answer(connection, "SELECT a FROM t")).containsExactly("[2]");
    }

    @Test
    void anAppenderLeftOpenEndsWithItsConnection() throws SQLException {
        run("CREATE TABLE t (a INTEGER)");
        Appender left;
        try (Connection other = connect()) {
            left = appender(other, "t");
            left.setInt(1, 1).endRow();
        }
        assertThatThrownBy(left::endRow).isInstanceOf(SQLException.class);
        assertThatThrownBy(left::close).isInstanceOf(SQLException.class);
        assertThat(answer(connection, "SELECT count(*) FROM t")).containsExactly("[0]");
    }

    @Test
    void anAppenderTakesArrowBatches() throws SQLException {
        run("CREATE TABLE t (a BIGINT, sym SYMBOL, d DOUBLE)");
        int count = 10_000;
        try (BufferAllocator allocator = new RootAllocator();
                VarCharVector sym = new VarCharVector("SYM", allocator);
                IntVector a = new IntVector("a", allocator);
                Appender rows = appender(connection, "t")) {
            for (int i = 0; i < count; i++) {
                a.setSafe(i, i);
                if (i % 7 > 0) {
                    sym.setSafe(i, ("S" + i % 7).getBytes(StandardCharsets.UTF_8));
                }
            }
            a.setValueCount(count);
            sym.setValueCount(count);
            rows.setLong(1, -1).endRow();
            VectorSchemaRoot batch = VectorSchemaRoot.of(sym, a);
            assertThat(rows.appendBatch(batch)).isEqualTo(count);
            assertThat(rows.appendedRows()).isEqualTo(count + 1);
            assertThatThrownBy(() -> rows.appendBatch(VectorSchemaRoot.of(sym, sym)))
                    .hasMessageContaining("twice");
        }
        assertThat(answer(connection, "SELECT count(*), sum(a), count(sym), count(DISTINCT sym), count(d) FROM t"))
                .containsExactly("[10001, 49994999, 8571, 6, 0]");
    }
}
