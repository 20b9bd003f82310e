package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What JDBC promises of batches of parameters, the same in the process and over the network. */
abstract class BatchConformance extends ResultConformance {
    private static final int TRIALS = Integer.getInteger("batches", 20);
    private static final long FIRST_SEED = Long.getLong("seed", 1);

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
            run("CREATE TABLE rowwise" + RandomRows.COLUMNS);
            run("CREATE TABLE batched" + RandomRows.COLUMNS);
            refused += compare(seed) ? 1 : 0;
        }
        assertThat(refused).isBetween(1, TRIALS - 1);
    }

    /** Whether the batch was refused. */
    private boolean compare(long seed) throws SQLException {
        RandomRows rows = new RandomRows(seed);
        int count = rows.count();
        TreeSet<String> errors = new TreeSet<>();
        connection.setAutoCommit(false);
        try (PreparedStatement single =
                        connection.prepareStatement("INSERT INTO rowwise VALUES (" + RandomRows.PARAMETERS + ")");
                PreparedStatement batched =
                        connection.prepareStatement("INSERT INTO batched VALUES (" + RandomRows.PARAMETERS + ")")) {
            for (int i = 0; i < count; i++) {
                List<RandomRows.Cell> row = rows.row(i);
                RandomRows.set(single, row);
                RandomRows.set(batched, row);
                batched.addBatch();
                try {
                    assertThat(single.executeUpdate()).isEqualTo(1);
                } catch (SQLException e) {
                    errors.add(e.getSQLState() + " " + e.getMessage());
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
                assertThat(errors).as("seed %d", seed).contains(failure.getSQLState() + " " + failure.getMessage());
                connection.rollback();
            }
        } finally {
            connection.setAutoCommit(true);
        }
        if (errors.isEmpty()) {
            assertThat(answer(connection, "SELECT * FROM batched ORDER BY id"))
                    .as("seed %d", seed)
                    .isEqualTo(answer(connection, "SELECT * FROM rowwise ORDER BY id"));
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
                        .hasMessageContaining("parameter 1 is INTEGER, got BIGINT: out of range: 3000000000");
                assertThat(insert.executeBatch()).isEmpty();
            }
            insert.setNull(1, java.sql.Types.INTEGER);
            insert.addBatch();
            BatchUpdateException failure = catchThrowableOfType(BatchUpdateException.class, insert::executeBatch);
            assertThat(failure.getSQLState()).isEqualTo("23502");
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
}
