package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What DatabaseMetaData says that the product can do and cannot: each answer is proved by a statement that works or is refused. */
abstract class SupportedConformance extends TransactionConformance {
    /** The method, whether its statements work, and the statements, all of which are tried where one would do. */
    private static final String[][] STATEMENTS = {
        {"allTablesAreSelectable", "SELECT * FROM every", "SELECT * FROM information_schema.tables"},
        {"allProceduresAreCallable", "{call f()}"},
        {"supportsStoredProcedures", "{call f()}", "CALL f()"},
        {"supportsStoredFunctionsUsingCallSyntax", "{? = call abs(1)}"},
        {"supportsAlterTableWithAddColumn", "ALTER TABLE a1 ADD COLUMN y INTEGER"},
        {"supportsAlterTableWithDropColumn", "ALTER TABLE a2 DROP COLUMN y"},
        {"supportsColumnAliasing", "SELECT id AS other FROM every", "SELECT id other FROM every"},
        {"supportsConvert", "SELECT {fn CONVERT('1', SQL_INTEGER)}", "SELECT {fn CONVERT('1', INTEGER)}"},
        {"supportsTableCorrelationNames", "SELECT e.id FROM every AS e"},
        {"supportsExpressionsInOrderBy", "SELECT id FROM every ORDER BY i + l"},
        {"supportsOrderByUnrelated", "SELECT id FROM every ORDER BY i"},
        {"supportsGroupBy", "SELECT i FROM every GROUP BY i"},
        {"supportsGroupByUnrelated", "SELECT count(*) FROM every GROUP BY i"},
        {"supportsGroupByBeyondSelect", "SELECT i FROM every GROUP BY i, l"},
        {"supportsLikeEscapeClause", "SELECT id FROM every WHERE v LIKE 'a!%' ESCAPE '!'"},
        {"supportsNonNullableColumns", "CREATE TABLE nn (x INTEGER NOT NULL)"},
        {
            "supportsIntegrityEnhancementFacility",
            "CREATE TABLE pk (x INTEGER PRIMARY KEY, y INTEGER DEFAULT 1 CHECK (y > 0))"
        },
        {"supportsOuterJoins", "SELECT 1 FROM every a LEFT JOIN every b ON a.id = b.i"},
        {"supportsFullOuterJoins", "SELECT 1 FROM every a FULL JOIN every b ON a.id = b.i"},
        {"supportsLimitedOuterJoins", "SELECT 1 FROM every a RIGHT JOIN every b ON a.id = b.i"},
        {"supportsSchemasInDataManipulation", "SELECT * FROM main.every", "INSERT INTO main.a1 (x) VALUES (1)"},
        {"supportsSchemasInTableDefinitions", "CREATE TABLE main.s1 (x INTEGER)"},
        {"supportsSchemasInIndexDefinitions", "CREATE INDEX main.i1 ON main.every (id)"},
        {"supportsSchemasInPrivilegeDefinitions", "GRANT SELECT ON main.every TO public"},
        {"supportsSchemasInProcedureCalls", "{call main.f()}"},
        {
            "supportsCatalogsInDataManipulation",
            "SELECT * FROM zepto.main.every",
            "INSERT INTO zepto.main.a1 (x) VALUES (1)"
        },
        {"supportsCatalogsInTableDefinitions", "CREATE TABLE zepto.main.s2 (x INTEGER)"},
        {"supportsCatalogsInIndexDefinitions", "CREATE INDEX zepto.main.i2 ON zepto.main.every (id)"},
        {"supportsCatalogsInPrivilegeDefinitions", "GRANT SELECT ON zepto.main.every TO public"},
        {"supportsCatalogsInProcedureCalls", "{call zepto.main.f()}"},
        {"supportsPositionedDelete", "DELETE FROM a1 WHERE CURRENT OF c"},
        {"supportsPositionedUpdate", "UPDATE a1 SET x = 1 WHERE CURRENT OF c"},
        {"supportsSelectForUpdate", "SELECT id FROM every FOR UPDATE"},
        {"supportsSubqueriesInComparisons", "SELECT id FROM every WHERE id = (SELECT max(id) FROM every)"},
        {"supportsSubqueriesInExists", "SELECT id FROM every WHERE EXISTS (SELECT 1 FROM every)"},
        {"supportsSubqueriesInIns", "SELECT id FROM every WHERE id IN (SELECT i FROM every)"},
        {
            "supportsSubqueriesInQuantifieds",
            "SELECT id FROM every WHERE id > ALL (SELECT i FROM every)",
            "SELECT id FROM every WHERE id = ANY (SELECT i FROM every)"
        },
        {"supportsCorrelatedSubqueries", "SELECT (SELECT max(b.i) FROM every b WHERE b.id = a.id) FROM every a"},
        {"supportsUnion", "SELECT id FROM every UNION SELECT i FROM every"},
        {"supportsUnionAll", "SELECT id FROM every UNION ALL SELECT i FROM every"},
        {
            "supportsMinimumSQLGrammar",
            "SELECT id FROM every WHERE id = 1 ORDER BY id",
            "DELETE FROM a1 WHERE x = 9",
            "UPDATE a1 SET x = 2 WHERE x = 9"
        },
        {
            "supportsCoreSQLGrammar",
            "SELECT i, count(*) FROM every GROUP BY i HAVING count(*) > 1",
            "ALTER TABLE a1 ADD COLUMN z INTEGER"
        },
        {"supportsSavepoints", "SAVEPOINT a"},
    };

    @Test
    void whatTheMetadataSaysThatWorksWorksAndTheOtherIsRefused() throws Exception {
        DatabaseMetaData metaData = connection.getMetaData();
        List<String> wrong = new ArrayList<>();
        run("CREATE TABLE a1 (x INTEGER)");
        run("CREATE TABLE a2 (x INTEGER, y INTEGER)");
        for (String[] line : STATEMENTS) {
            Method method = DatabaseMetaData.class.getMethod(line[0]);
            boolean said = (Boolean) method.invoke(metaData);
            for (int i = 1; i < line.length; i++) {
                String outcome = works(line[i]);
                if (said != (outcome == null)) {
                    wrong.add(line[0] + " says " + said + ": " + line[i] + " -> "
                            + (outcome == null ? "works" : outcome));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** Null, or how it was refused. */
    private String works(String sql) {
        try (Statement statement = connection.createStatement()) {
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        rows.getObject(1);
                    }
                }
            }
            return null;
        } catch (SQLException e) {
            return e.getSQLState() + " " + e.getMessage();
        }
    }

    @Test
    void answersAboutOrderAndNullsAreThoseOfQueries() throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        List<String> order = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT i FROM every ORDER BY i")) {
            while (rows.next()) {
                order.add(rows.getString(1));
            }
        }
        assertThat(order).containsExactly("70000", null);
        assertThat(metaData.nullsAreSortedHigh()).isTrue();
        assertThat(metaData.nullsAreSortedLow()).isFalse();
        assertThat(metaData.nullsAreSortedAtEnd()).isFalse();
        assertThat(metaData.nullsAreSortedAtStart()).isFalse();
        assertThat(metaData.nullPlusNonNullIsNull()).isTrue();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 'a' || NULL")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isNull();
        }
    }

    @Test
    void answersAboutTransactionsAreThoseOfConnections() throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        for (int level : new int[] {0, 1, 2, 4, 8}) {
            boolean taken;
            try {
                connection.setTransactionIsolation(level);
                taken = true;
            } catch (SQLException e) {
                taken = false;
            }
            assertThat(metaData.supportsTransactionIsolationLevel(level))
                    .as("isolation " + level)
                    .isEqualTo(taken);
        }
        assertThat(metaData.getDefaultTransactionIsolation()).isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
        for (int level : new int[] {0, 8}) {
            SQLException refused =
                    catchThrowableOfType(SQLException.class, () -> connection.setTransactionIsolation(level));
            assertThat(refused.getSQLState()).isEqualTo("0A000");
        }
        for (int level : new int[] {77, -1, 3, Integer.MAX_VALUE}) {
            SQLException refused =
                    catchThrowableOfType(SQLException.class, () -> connection.setTransactionIsolation(level));
            assertThat(refused.getSQLState()).isEqualTo("22023");
            assertThat(refused.getMessage()).startsWith(level + " is no transaction isolation");
        }
        assertThat(metaData.supportsTransactions()).isTrue();
        assertThat(metaData.supportsMultipleTransactions()).isTrue();
        connection.setAutoCommit(false);
        run("CREATE TABLE in_transaction (x INTEGER)");
        assertThat(tables("in_transaction")).containsExactly("in_transaction");
        try (Connection other = connect()) {
            assertThat(names(other.getMetaData().getTables(null, null, "in_transaction", null)))
                    .isEmpty();
        }
        connection.rollback();
        assertThat(metaData.dataDefinitionCausesTransactionCommit()).isFalse();
        assertThat(metaData.dataDefinitionIgnoredInTransactions()).isFalse();
        assertThat(metaData.supportsDataManipulationTransactionsOnly()).isFalse();
        assertThat(tables("in_transaction")).isEmpty();
        // who only asks for names has begun no transaction, and may still say what it shall be
        connection.setReadOnly(true);
        connection.setReadOnly(false);
        try (Statement statement = connection.createStatement()) {
            ResultSet open = statement.executeQuery("SELECT id FROM every ORDER BY id");
            assertThat(open.next()).isTrue();
            connection.commit();
            assertThat(metaData.supportsOpenCursorsAcrossCommit()).isTrue();
            assertThat(open.next()).isTrue();
            connection.rollback();
            assertThat(metaData.supportsOpenCursorsAcrossRollback()).isEqualTo(isReadable(open));
        }
        connection.setAutoCommit(true);
    }

    private static boolean isReadable(ResultSet rows) {
        try {
            rows.next();
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private List<String> tables(String name) throws SQLException {
        return names(connection.getMetaData().getTables(null, null, name, null));
    }

    /** TABLE_NAME of every row. */
    static List<String> names(ResultSet rows) throws SQLException {
        List<String> names = new ArrayList<>();
        try (rows) {
            while (rows.next()) {
                names.add(rows.getString("TABLE_NAME"));
            }
        }
        return names;
    }

    @Test
    void answersAboutStatementsAreThoseOfStatements() throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        for (int type : new int[] {
            ResultSet.TYPE_FORWARD_ONLY, ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.TYPE_SCROLL_SENSITIVE
        }) {
            for (int concurrency : new int[] {ResultSet.CONCUR_READ_ONLY, ResultSet.CONCUR_UPDATABLE}) {
                boolean made;
                try (Statement statement = connection.createStatement(type, concurrency)) {
                    made = statement.getResultSetType() == type && statement.getResultSetConcurrency() == concurrency;
                } catch (SQLException e) {
                    made = false;
                }
                assertThat(metaData.supportsResultSetConcurrency(type, concurrency))
                        .as(type + " " + concurrency)
                        .isEqualTo(made);
            }
            assertThat(metaData.supportsResultSetType(type))
                    .isEqualTo(metaData.supportsResultSetConcurrency(type, ResultSet.CONCUR_READ_ONLY));
        }
        assertThat(metaData.supportsResultSetHoldability(connection.getHoldability()))
                .isTrue();
        assertThat(metaData.getResultSetHoldability()).isEqualTo(connection.getHoldability());
        assertThat(metaData.supportsBatchUpdates()).isTrue();
        assertThat(metaData.supportsGetGeneratedKeys()).isFalse();
        assertThat(metaData.generatedKeyAlwaysReturned()).isFalse();
        assertThat(metaData.supportsMultipleResultSets()).isFalse();
        assertThat(metaData.supportsMultipleOpenResults()).isFalse();
        assertThat(metaData.supportsNamedParameters()).isFalse();
        assertThat(metaData.getRowIdLifetime()).isEqualTo(java.sql.RowIdLifetime.ROWID_UNSUPPORTED);
    }
}
