package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What JDBC promises of changed rows and of transactions, the same in the process and over the network. */
abstract class TransactionConformance extends LifeConformance {
    /** The one number of a query, over another connection or this one. */
    private static long number(Connection on, String sql) throws SQLException {
        try (Statement statement = on.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }

    private static int update(Connection on, String sql) throws SQLException {
        try (Statement statement = on.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private void account() throws SQLException {
        run("CREATE TABLE account (id INTEGER, balance BIGINT)");
        run("INSERT INTO account VALUES (1, 100), (2, 200), (3, 300)");
    }

    @Test
    void updateAndDeleteTellTheirCounts() throws SQLException {
        account();
        try (Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE account SET balance = balance + 1 WHERE id > 1"))
                    .isEqualTo(2);
            assertThat(statement.execute("DELETE FROM account WHERE id = 1")).isFalse();
            assertThat(statement.getUpdateCount()).isEqualTo(1);
            assertThat(statement.executeLargeUpdate("DELETE FROM account WHERE id = 77"))
                    .isZero();
            assertThat(statement.executeUpdate("TRUNCATE account")).isZero();
            assertThat(statement.executeUpdate("BEGIN")).isZero();
            assertThat(statement.execute("COMMIT")).isFalse();
        }
    }

    /** Questions of the driver about the catalog begin no transaction; whoever writes what they begin with gets nothing by it. */
    @Test
    void aCommentTakesNothingOutOfATransaction() throws SQLException {
        account();
        connection.setAutoCommit(false);
        assertThat(update(connection, "/* catalog */ INSERT INTO account VALUES (4, 400)"))
                .isEqualTo(1);
        connection.rollback();
        assertThat(number(connection, "SELECT count(*) FROM account")).isEqualTo(3);
        connection.rollback();
        assertThat(number(connection, "/* catalog */ SELECT count(*) FROM account"))
                .isEqualTo(3);
        try (Connection other = connect()) {
            assertThat(update(other, "DELETE FROM account WHERE id = 1")).isEqualTo(1);
        }
        assertThat(number(connection, "SELECT count(*) FROM account")).isEqualTo(3);
        connection.rollback();
        assertThat(number(connection, "SELECT count(*) FROM account")).isEqualTo(2);
    }

    @Test
    void aPreparedUpdateTakesItsParametersInTheOrderOfTheText() throws SQLException {
        account();
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE account SET balance = ?, id = id + ? WHERE id = ?")) {
            assertThat(update.getParameterMetaData().getParameterCount()).isEqualTo(3);
            update.setLong(1, 7);
            update.setInt(2, 10);
            update.setInt(3, 2);
            assertThat(update.executeUpdate()).isEqualTo(1);
            assertThat(update.executeUpdate()).isZero();
        }
        assertThat(number(connection, "SELECT balance FROM account WHERE id = 12"))
                .isEqualTo(7);
    }

    @Test
    void aBatchOfUpdatesIsOneCommitAndEachSeesThoseBeforeIt() throws SQLException {
        account();
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE account SET balance = balance * ? WHERE id = ?")) {
            for (int i = 2; i <= 4; i++) {
                update.setInt(1, i);
                update.setInt(2, 1);
                update.addBatch();
            }
            update.setInt(1, 1);
            update.setInt(2, 99);
            update.addBatch();
            assertThat(update.executeBatch()).containsExactly(1, 1, 1, 0);
            assertThat(number(connection, "SELECT balance FROM account WHERE id = 1"))
                    .isEqualTo(2400);
            update.setInt(1, 2);
            update.setInt(2, 1);
            update.addBatch();
            update.setLong(1, Long.MAX_VALUE);
            update.setInt(2, 2);
            update.addBatch();
            BatchUpdateException failure = catchThrowableOfType(BatchUpdateException.class, update::executeBatch);
            assertThat(failure.getSQLState()).isEqualTo("22003");
        }
        assertThat(number(connection, "SELECT balance FROM account WHERE id = 1"))
                .isEqualTo(2400);
    }

    /** Runs a batch whose fourth row cannot be computed, and looks at what it tells of those before. */
    private void failInFourthRow(String sql) throws SQLException {
        try (PreparedStatement change = connection.prepareStatement(sql)) {
            int[][] rows = {{1, 10}, {99, 10}, {2, 20}, {3, 0}, {3, 30}};
            for (int[] row : rows) {
                change.setInt(1, row[0]);
                change.setInt(2, row[1]);
                change.addBatch();
            }
            BatchUpdateException failure = catchThrowableOfType(BatchUpdateException.class, change::executeBatch);
            assertThat(failure.getSQLState()).as(sql).isEqualTo("22012");
            assertThat(failure.getMessage()).as(sql).contains("(row 4 of the batch)");
            boolean stays = number(connection, "SELECT count(*) FROM account WHERE id = 1 AND balance = 100") == 0;
            assertThat(failure.getUpdateCounts()).as(sql).isEqualTo(stays ? new int[] {1, 0, 1} : new int[0]);
            assertThat(failure.getLargeUpdateCounts()).as(sql).isEqualTo(stays ? new long[] {1, 0, 1} : new long[0]);
            assertThat(change.executeBatch()).as("it is done with").isEmpty();
        }
    }

    @Test
    void aBatchThatFailsTellsTheCountsOfWhatStaysInTheTransaction() throws SQLException {
        account();
        String update = "UPDATE account SET balance = -1 WHERE id = ? AND 100 / CAST(? AS INTEGER) > 0";
        String delete = "DELETE FROM account WHERE id = ? AND 100 / CAST(? AS INTEGER) > 0";
        String merge = "MERGE INTO account USING (SELECT CAST(? AS INTEGER) AS id, 100 / CAST(? AS INTEGER) AS q) AS s"
                + " ON account.id = s.id WHEN MATCHED THEN UPDATE SET balance = -s.q";
        String unchanged = "SELECT count(*) FROM account WHERE balance = id * 100";
        for (String sql : List.of(update, delete, merge)) {
            failInFourthRow(sql);
            assertThat(number(connection, unchanged)).as("alone: %s", sql).isEqualTo(3);
            connection.setAutoCommit(false);
            failInFourthRow(sql);
            assertThat(number(connection, unchanged)).as(sql).isEqualTo(1);
            connection.rollback();
            failInFourthRow(sql);
            connection.commit();
            connection.setAutoCommit(true);
            try (Connection other = connect()) {
                assertThat(number(other, unchanged)).as("committed: %s", sql).isEqualTo(1);
            }
            run("TRUNCATE account");
            run("INSERT INTO account VALUES (1, 100), (2, 200), (3, 300)");
            run("BEGIN");
            failInFourthRow(sql);
            assertThat(number(connection, unchanged)).as("in BEGIN: %s", sql).isEqualTo(1);
            run("ROLLBACK");
            assertThat(number(connection, unchanged)).isEqualTo(3);
        }
    }

    @Test
    void aBatchOfRowsThatFailsInATransactionStoresNoneOfThem() throws SQLException {
        account();
        connection.setAutoCommit(false);
        update(connection, "DELETE FROM account WHERE id = 3");
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO account VALUES (?, 100 / ?)")) {
            for (int i = 2; i >= 0; i--) {
                insert.setInt(1, 10 + i);
                insert.setInt(2, i);
                insert.addBatch();
            }
            BatchUpdateException failure = catchThrowableOfType(BatchUpdateException.class, insert::executeBatch);
            assertThat(failure.getSQLState()).isEqualTo("22012");
            assertThat(failure.getUpdateCounts()).isEmpty();
            assertThat(failure.getLargeUpdateCounts()).isEmpty();
        }
        connection.commit();
        connection.setAutoCommit(true);
        assertThat(number(connection, "SELECT count(*) FROM account")).isEqualTo(2);
    }

    @Test
    void aBatchOfTextsThatFailsInATransactionTellsTheCountsOfWhatStays() throws SQLException {
        account();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.addBatch("UPDATE account SET balance = 0 WHERE id < 3");
            statement.addBatch("DELETE FROM account WHERE id = 99");
            statement.addBatch("INSERT INTO account VALUES (4, 400)");
            statement.addBatch("UPDATE account SET balance = 1 / (balance - balance)");
            statement.addBatch("DELETE FROM account");
            BatchUpdateException failure = catchThrowableOfType(BatchUpdateException.class, statement::executeBatch);
            assertThat(failure.getSQLState()).isEqualTo("22012");
            assertThat(failure.getUpdateCounts()).containsExactly(2, 0, 1);
            assertThat(failure.getLargeUpdateCounts()).containsExactly(2, 0, 1);
        }
        connection.commit();
        connection.setAutoCommit(true);
        assertThat(number(connection, "SELECT count(*) FROM account")).isEqualTo(4);
        assertThat(number(connection, "SELECT sum(balance) FROM account")).isEqualTo(700);
    }

    @Test
    void changesAreSeenByOthersWhenTheyAreCommitted() throws SQLException {
        account();
        connection.setAutoCommit(false);
        assertThat(connection.getAutoCommit()).isFalse();
        try (Connection other = connect()) {
            assertThat(update(connection, "UPDATE account SET balance = balance - 50 WHERE id = 1"))
                    .isEqualTo(1);
            assertThat(update(connection, "INSERT INTO account VALUES (4, 50)")).isEqualTo(1);
            assertThat(number(connection, "SELECT sum(balance) FROM account")).isEqualTo(600);
            assertThat(number(connection, "SELECT count(*) FROM account")).isEqualTo(4);
            assertThat(number(other, "SELECT count(*) FROM account")).isEqualTo(3);
            connection.commit();
            assertThat(number(other, "SELECT count(*) FROM account")).isEqualTo(4);
            assertThat(number(other, "SELECT balance FROM account WHERE id = 1"))
                    .isEqualTo(50);
            update(connection, "DELETE FROM account");
            connection.rollback();
            assertThat(number(connection, "SELECT count(*) FROM account")).isEqualTo(4);
            connection.commit();
            connection.rollback();
        }
    }

    @Test
    void aTransactionReadsOneStateOfTheDatabase() throws SQLException {
        account();
        connection.setAutoCommit(false);
        try (Connection other = connect()) {
            assertThat(number(connection, "SELECT sum(balance) FROM account")).isEqualTo(600);
            update(other, "INSERT INTO account VALUES (9, 9)");
            update(other, "DELETE FROM account WHERE id = 1");
            assertThat(number(connection, "SELECT sum(balance) FROM account")).isEqualTo(600);
            connection.commit();
            assertThat(number(connection, "SELECT sum(balance) FROM account")).isEqualTo(509);
            connection.commit();
        }
    }

    @Test
    void aConflictIsToldAndTheTransactionCanBeRunAgain() throws SQLException {
        account();
        connection.setAutoCommit(false);
        try (Connection other = connect()) {
            update(connection, "UPDATE account SET balance = 1 WHERE id = 1");
            update(other, "UPDATE account SET balance = 2 WHERE id = 1");
            SQLException conflict = catchThrowableOfType(SQLException.class, connection::commit);
            assertThat(conflict.getSQLState()).isEqualTo("40001");
            assertThat(number(connection, "SELECT balance FROM account WHERE id = 1"))
                    .isEqualTo(2);
            update(connection, "UPDATE account SET balance = 1 WHERE id = 1");
            connection.commit();
            assertThat(number(other, "SELECT balance FROM account WHERE id = 1"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aFailedStatementLeavesNoTraceAndTheTransactionGoesOn() throws SQLException {
        account();
        connection.setAutoCommit(false);
        update(connection, "INSERT INTO account VALUES (4, 400)");
        SQLException failure = catchThrowableOfType(
                SQLException.class, () -> update(connection, "UPDATE account SET balance = balance / (id - 2)"));
        assertThat(failure.getSQLState()).isEqualTo("22012");
        assertThat(number(connection, "SELECT sum(balance) FROM account")).isEqualTo(1000);
        connection.commit();
        assertThat(number(connection, "SELECT sum(balance) FROM account")).isEqualTo(1000);
    }

    @Test
    void switchingAutoCommitOnCommits() throws SQLException {
        account();
        connection.setAutoCommit(false);
        update(connection, "DELETE FROM account WHERE id = 1");
        connection.setAutoCommit(false);
        connection.setAutoCommit(true);
        try (Connection other = connect()) {
            assertThat(number(other, "SELECT count(*) FROM account")).isEqualTo(2);
            update(connection, "DELETE FROM account WHERE id = 2");
            assertThat(number(other, "SELECT count(*) FROM account")).isEqualTo(1);
        }
    }

    @Test
    void aChangeOfTheModeCommitsAlsoWhatBeginHasBegun() throws SQLException {
        account();
        try (Connection other = connect()) {
            run("BEGIN");
            update(connection, "DELETE FROM account WHERE id = 1");
            connection.setAutoCommit(true); // no change
            assertThat(number(other, "SELECT count(*) FROM account")).isEqualTo(3);
            connection.setAutoCommit(false);
            assertThat(number(other, "SELECT count(*) FROM account")).isEqualTo(2);
            connection.rollback();
            assertThat(number(other, "SELECT count(*) FROM account")).isEqualTo(2);
            update(connection, "DELETE FROM account WHERE id = 2");
            connection.setAutoCommit(false); // no change
            assertThat(number(other, "SELECT count(*) FROM account")).isEqualTo(2);
            connection.rollback();
            assertThat(number(connection, "SELECT count(*) FROM account")).isEqualTo(2);
            connection.commit();
        }
    }

    @Test
    void aChangeOfTheModeThatCannotCommitIsNone() throws SQLException {
        account();
        try (Connection other = connect()) {
            connection.setAutoCommit(false);
            update(connection, "UPDATE account SET balance = 1 WHERE id = 1");
            update(other, "UPDATE account SET balance = 2 WHERE id = 1");
            SQLException conflict = catchThrowableOfType(SQLException.class, () -> connection.setAutoCommit(true));
            assertThat(conflict.getSQLState()).isEqualTo("40001");
            assertThat(connection.getAutoCommit()).isFalse();
            update(connection, "DELETE FROM account");
            assertThat(number(other, "SELECT count(*) FROM account")).isEqualTo(3);
            connection.rollback();
            connection.setAutoCommit(true);
            run("BEGIN");
            update(connection, "UPDATE account SET balance = 3 WHERE id = 1");
            update(other, "UPDATE account SET balance = 4 WHERE id = 1");
            conflict = catchThrowableOfType(SQLException.class, () -> connection.setAutoCommit(false));
            assertThat(conflict.getSQLState()).isEqualTo("40001");
            assertThat(connection.getAutoCommit()).isTrue();
            update(connection, "DELETE FROM account");
            assertThat(number(other, "SELECT count(*) FROM account")).isZero();
        }
    }

    @Test
    void closingAConnectionRollsBack() throws SQLException {
        account();
        try (Connection other = connect()) {
            other.setAutoCommit(false);
            update(other, "DELETE FROM account");
            assertThat(number(other, "SELECT count(*) FROM account")).isZero();
        }
        assertThat(number(connection, "SELECT count(*) FROM account")).isEqualTo(3);
    }

    @Test
    void tablesThatAreMadeInATransactionGoWithIt() throws SQLException {
        connection.setAutoCommit(false);
        run("CREATE TABLE made AS SELECT id FROM every");
        assertThat(number(connection, "SELECT count(*) FROM made")).isEqualTo(2);
        connection.rollback();
        SQLException gone =
                catchThrowableOfType(SQLException.class, () -> number(connection, "SELECT count(*) FROM made"));
        assertThat(gone.getSQLState()).isEqualTo("42P01");
        run("CREATE TABLE made AS SELECT id FROM every");
        connection.commit();
        assertThat(number(connection, "SELECT count(*) FROM made")).isEqualTo(2);
        connection.commit();
    }

    @Test
    void theMetadataSaysWhetherEachDefinitionWorksInATransaction() throws SQLException {
        account();
        run("CREATE TABLE gone (x BIGINT)");
        run("CREATE VIEW gone_view AS SELECT id FROM account");
        List<String> refused = new ArrayList<>();
        String[] definitions = {
            "CREATE TABLE new_table (x BIGINT)",
            "CREATE TABLE new_copy AS SELECT id FROM account",
            "TRUNCATE TABLE gone",
            "DROP TABLE gone",
            "CREATE VIEW new_view AS SELECT id FROM account",
            "CREATE OR REPLACE VIEW new_view AS SELECT id + 1 AS id FROM account",
            "DROP VIEW gone_view",
            "ALTER TABLE account ADD COLUMN more BIGINT"
        };
        connection.setAutoCommit(false);
        for (String definition : definitions) {
            try {
                run(definition);
            } catch (SQLException e) {
                refused.add(definition + " " + e.getSQLState());
            }
        }
        connection.rollback();
        connection.setAutoCommit(true);
        run("DROP VIEW gone_view");
        assertThat(refused).containsExactly("ALTER TABLE account ADD COLUMN more BIGINT 0A000");
        assertThat(connection.getMetaData().supportsDataDefinitionAndDataManipulationTransactions())
                .isEqualTo(refused.isEmpty());
        assertThat(connection.getMetaData().supportsDataManipulationTransactionsOnly())
                .isEqualTo(refused.size() == definitions.length);
    }

    @Test
    void tablesAreMadeAndDroppedInATransactionButNotAltered() throws SQLException {
        assertThat(connection.getMetaData().dataDefinitionCausesTransactionCommit())
                .isFalse();
        assertThat(connection.getMetaData().dataDefinitionIgnoredInTransactions())
                .isFalse();
        account();
        run("CREATE TABLE old (x BIGINT)");
        try (Connection other = connect()) {
            connection.setAutoCommit(false);
            update(connection, "DELETE FROM account WHERE id = 1");
            run("CREATE TABLE made (x BIGINT)");
            run("DROP TABLE old");
            SQLException refused =
                    catchThrowableOfType(SQLException.class, () -> run("ALTER TABLE account ADD COLUMN more BIGINT"));
            assertThat(refused.getSQLState()).isEqualTo("0A000");
            assertThat(number(other, "SELECT count(*) FROM account")).isEqualTo(3);
            connection.rollback();
            assertThat(number(connection, "SELECT count(*) FROM old")).isZero();
            run("DROP TABLE old");
            update(connection, "DELETE FROM account WHERE id = 1");
            connection.commit();
            assertThat(number(other, "SELECT count(*) FROM account")).isEqualTo(2);
            SQLException gone =
                    catchThrowableOfType(SQLException.class, () -> number(other, "SELECT count(*) FROM old"));
            assertThat(gone.getSQLState()).isEqualTo("42P01");
        }
    }

    @Test
    void rowsThatAreBeingReadSurviveTheCommit() throws SQLException {
        run("CREATE TABLE many (x BIGINT)");
        connection.setAutoCommit(false);
        run("INSERT INTO many WITH RECURSIVE r(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM r WHERE i < 99)"
                + " SELECT a.i * 100 + b.i FROM r a, r b");
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT x FROM many")) {
            assertThat(rows.next()).isTrue();
            long sum = rows.getLong(1);
            update(connection, "DELETE FROM many");
            connection.commit();
            while (rows.next()) {
                sum += rows.getLong(1);
            }
            assertThat(sum).isEqualTo(9_999L * 10_000 / 2);
        }
        assertThat(number(connection, "SELECT count(*) FROM many")).isZero();
        connection.commit();
    }

    private static void assertWarnsOfNoTransaction(Connection on, String sql) throws SQLException {
        try (Statement statement = on.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isZero();
            assertThat(statement.getWarnings().getSQLState()).isEqualTo("25P01");
            assertThat(statement.getWarnings().getMessage()).contains("no transaction");
            assertThat((Object) statement.getWarnings().getNextWarning()).isNull();
        }
    }

    @Test
    void aRollbackBehindACommitThatFailedIsRight() throws SQLException {
        account();
        try (Connection other = connect()) {
            update(connection, "BEGIN");
            update(connection, "UPDATE account SET balance = 1 WHERE id = 1");
            update(other, "UPDATE account SET balance = 2 WHERE id = 1");
            SQLException conflict = catchThrowableOfType(SQLException.class, () -> update(connection, "COMMIT"));
            assertThat(conflict.getSQLState()).isEqualTo("40001");
            assertWarnsOfNoTransaction(connection, "ROLLBACK");
            assertWarnsOfNoTransaction(connection, "COMMIT");
            update(connection, "BEGIN");
            SQLException nested = catchThrowableOfType(SQLException.class, () -> update(connection, "BEGIN"));
            assertThat(nested.getSQLState()).isEqualTo("25000");
            update(connection, "ROLLBACK");
            connection.setAutoCommit(false);
            update(connection, "UPDATE account SET balance = 3 WHERE id = 1");
            update(other, "UPDATE account SET balance = 4 WHERE id = 1");
            conflict = catchThrowableOfType(SQLException.class, connection::commit);
            assertThat(conflict.getSQLState()).isEqualTo("40001");
            connection.rollback();
            connection.commit();
            assertWarnsOfNoTransaction(connection, "ROLLBACK");
            assertThat(number(connection, "SELECT balance FROM account WHERE id = 1"))
                    .isEqualTo(4);
            connection.rollback();
        }
    }

    @Test
    void twoThatReadAValueAndUpsertOneMoreDoNotBothCommit() throws SQLException {
        run("CREATE TABLE counter (id BIGINT, n BIGINT) DEDUP UPSERT KEYS (id)");
        run("INSERT INTO counter VALUES (1, 0)");
        connection.setAutoCommit(false);
        try (Connection other = connect()) {
            for (long id = 1; id <= 2; id++) { // a row that is there, and one that both make
                String next = " SELECT " + id + ", coalesce(max(n), 0) + 1 FROM counter WHERE id = " + id;
                update(connection, "INSERT INTO counter" + next);
                update(other, "INSERT INTO counter" + next);
                SQLException conflict = catchThrowableOfType(SQLException.class, connection::commit);
                assertThat(conflict.getSQLState()).isEqualTo("40001");
                update(connection, "INSERT INTO counter" + next);
                connection.commit();
                assertThat(number(other, "SELECT n FROM counter WHERE id = " + id))
                        .isEqualTo(2);
            }
        }
    }

    @Test
    void aReadOnlyTransactionDoesNotWrite() throws SQLException {
        account();
        connection.setReadOnly(true);
        connection.setAutoCommit(false);
        assertThat(number(connection, "SELECT count(*) FROM account")).isEqualTo(3);
        SQLException refused = catchThrowableOfType(SQLException.class, () -> update(connection, "TRUNCATE account"));
        assertThat(refused.getSQLState()).isEqualTo("25006");
        SQLException late = catchThrowableOfType(SQLException.class, () -> connection.setReadOnly(false));
        assertThat(late.getSQLState()).isEqualTo("25000");
        connection.rollback();
        connection.setReadOnly(false);
        assertThat(update(connection, "DELETE FROM account")).isEqualTo(3);
        connection.commit();
    }

    @Test
    void transactionsOfTheTextDoWithoutAutoCommit() throws SQLException {
        account();
        run("BEGIN");
        assertThat(connection.getAutoCommit()).isTrue();
        update(connection, "DELETE FROM account");
        run("ROLLBACK");
        assertThat(number(connection, "SELECT count(*) FROM account")).isEqualTo(3);
        connection.setAutoCommit(false);
        run("BEGIN READ ONLY");
        SQLException refused =
                catchThrowableOfType(SQLException.class, () -> update(connection, "DELETE FROM account"));
        assertThat(refused.getSQLState()).isEqualTo("25006");
        run("COMMIT");
        update(connection, "DELETE FROM account WHERE id = 1");
        run("COMMIT");
        connection.rollback();
        assertThat(number(connection, "SELECT count(*) FROM account")).isEqualTo(2);
        connection.commit();
    }
}
