package io.zeptodb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What crawlers and tools read. */
class DatabaseMetaDataTest {
    private Connection connection;
    private DatabaseMetaData metaData;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:zepto:");
        metaData = connection.getMetaData();
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE trades (symbol SYMBOL, price DECIMAL(18,4), volume BIGINT NOT NULL,"
                    + " ts TIMESTAMP_NS)");
            statement.execute("CREATE TABLE quotes_1 (ts TIMESTAMP(3), bid DOUBLE)");
            statement.execute("CREATE TABLE quotesX1 (v VARCHAR, bin VARBINARY, b BOOLEAN, dt DATE, tm TIME)");
        }
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    @Test
    void theProductSaysWhatItIs() throws SQLException {
        assertThat(metaData.getDatabaseProductName()).isEqualTo("ZeptoDB");
        assertThat(metaData.getDriverName()).isEqualTo("ZeptoDB JDBC Driver");
        assertThat(metaData.getDatabaseProductVersion()).matches("\\d+\\.\\d+\\.\\d+.*");
        assertThat(metaData.getDriverVersion()).isEqualTo(metaData.getDatabaseProductVersion());
        assertThat(metaData.getDriverMajorVersion())
                .isEqualTo(Integer.parseInt(metaData.getDriverVersion().split("\\.")[0]));
        assertThat(metaData.getURL()).isEqualTo("jdbc:zepto:");
        assertThat(metaData.getIdentifierQuoteString()).isEqualTo("\"");
        assertThat(metaData.getSearchStringEscape()).isEqualTo("\\");
        assertThat(metaData.getSQLStateType()).isEqualTo(DatabaseMetaData.sqlStateSQL);
        assertThat(metaData.getSQLKeywords()).contains("ASOF");
        assertThat(metaData.nullsAreSortedHigh()).isTrue();
        assertThat(metaData.supportsTransactions()).isTrue();
        assertThat(metaData.supportsBatchUpdates()).isTrue();
        assertThat(metaData.getJDBCMajorVersion()).isEqualTo(4);
    }

    @Test
    void namesAreFoundByPattern() throws SQLException {
        assertThat(names(metaData.getTables(null, null, null, null), "TABLE_NAME"))
                .containsExactly("columns", "schemata", "tables", "views", "quotesX1", "quotes_1", "trades");
        assertThat(names(metaData.getTables("zepto", "main", "quotes_1", null), "TABLE_NAME"))
                .containsExactly("quotesX1", "quotes_1");
        assertThat(names(metaData.getTables("zepto", "main", "quotes\\_1", null), "TABLE_NAME"))
                .containsExactly("quotes_1");
        assertThat(names(metaData.getTables(null, "ma%", "TRADES", new String[] {"TABLE"}), "TABLE_NAME"))
                .containsExactly("trades");
        assertThat(names(metaData.getTables(null, null, "%", new String[] {"VIEW"}), "TABLE_NAME"))
                .isEmpty();
        assertThat(names(metaData.getTables("elsewhere", null, "%", null), "TABLE_NAME"))
                .isEmpty();
        assertThat(names(metaData.getColumns(null, null, "trades", "%s%"), "COLUMN_NAME"))
                .containsExactly("symbol", "ts");
        assertThat(names(metaData.getCatalogs(), "TABLE_CAT")).containsExactly("zepto");
        assertThat(names(metaData.getSchemas(), "TABLE_SCHEM")).contains("main");
        assertThat(names(metaData.getTableTypes(), "TABLE_TYPE"))
                .containsExactly("MATERIALIZED VIEW", "SYSTEM TABLE", "TABLE", "VIEW");
    }

    @Test
    void viewsAreListedWithTheirColumns() throws SQLException {
        Connection connection = metaData.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE VIEW symbols (name, twice) AS SELECT symbol, 2.5 FROM trades");
            assertThat(names(metaData.getTables(null, null, "%", new String[] {"VIEW"}), "TABLE_NAME"))
                    .containsExactly("symbols");
            assertThat(names(metaData.getTables(null, null, "symbols", null), "TABLE_TYPE"))
                    .containsExactly("VIEW");
            assertThat(names(metaData.getTables(null, "main", "%", null), "TABLE_NAME"))
                    .containsExactly("quotesX1", "quotes_1", "trades", "symbols");
            assertThat(names(metaData.getColumns(null, null, "symbols", "%"), "COLUMN_NAME"))
                    .containsExactly("name", "twice");
            try (ResultSet rows = statement.executeQuery("SELECT * FROM symbols")) {
                assertThat(rows.getMetaData().getTableName(1)).isEqualTo("symbols");
            }
            statement.execute("DROP VIEW symbols");
            statement.execute(
                    "CREATE MATERIALIZED VIEW counts AS SELECT symbol, count(*) AS n FROM trades GROUP BY symbol");
            assertThat(names(metaData.getTables(null, null, "%", new String[] {"MATERIALIZED VIEW"}), "TABLE_NAME"))
                    .containsExactly("counts");
            statement.execute("DROP MATERIALIZED VIEW counts");
        }
    }

    @Test
    void columnsAreDescribed() throws SQLException {
        try (ResultSet columns = metaData.getColumns(null, null, "trades", "%")) {
            assertThat(columns.getMetaData().getColumnCount()).isEqualTo(24);
            assertThat(columns.next()).isTrue();
            assertThat(columns.getString("COLUMN_NAME")).isEqualTo("symbol");
            assertThat(columns.getInt("DATA_TYPE")).isEqualTo(Types.VARCHAR);
            assertThat(columns.getString("TYPE_NAME")).isEqualTo("SYMBOL");
            assertThat(columns.getString("IS_NULLABLE")).isEqualTo("YES");
            assertThat(columns.next()).isTrue();
            assertThat(columns.getInt("DATA_TYPE")).isEqualTo(Types.DECIMAL);
            assertThat(columns.getInt("COLUMN_SIZE")).isEqualTo(18);
            assertThat(columns.getInt("DECIMAL_DIGITS")).isEqualTo(4);
            assertThat(columns.getInt("NUM_PREC_RADIX")).isEqualTo(10);
            assertThat(columns.next()).isTrue();
            assertThat(columns.getInt("NULLABLE")).isEqualTo(DatabaseMetaData.columnNoNulls);
            assertThat(columns.getInt("ORDINAL_POSITION")).isEqualTo(3);
            assertThat(columns.next()).isTrue();
            assertThat(columns.getInt("DATA_TYPE")).isEqualTo(Types.TIMESTAMP);
            assertThat(columns.getInt("DECIMAL_DIGITS")).isEqualTo(9);
            assertThat(columns.getInt("COLUMN_SIZE")).isEqualTo(29);
            columns.getInt("NUM_PREC_RADIX");
            assertThat(columns.wasNull()).isTrue();
            assertThat(columns.next()).isFalse();
        }
    }

    @Test
    void typesComeInTheOrderOfTheirNumbers() throws SQLException {
        int last = Integer.MIN_VALUE;
        List<String> names = new ArrayList<>();
        try (ResultSet types = metaData.getTypeInfo()) {
            while (types.next()) {
                assertThat(types.getInt("DATA_TYPE")).isGreaterThanOrEqualTo(last);
                last = types.getInt("DATA_TYPE");
                names.add(types.getString("TYPE_NAME"));
            }
        }
        assertThat(names).contains("BIGINT", "SYMBOL", "TIMESTAMP", "DECIMAL", "BOOLEAN");
    }

    /** As a crawler does: every method, with null for what may be null; none fails with anything but "not supported". */
    @Test
    void everyQuestionHasAnAnswer() throws Exception {
        List<String> failures = new ArrayList<>();
        for (Method method : DatabaseMetaData.class.getMethods()) {
            if (method.getDeclaringClass() != DatabaseMetaData.class || method.isSynthetic()) {
                continue;
            }
            Object[] arguments = new Object[method.getParameterCount()];
            for (int i = 0; i < arguments.length; i++) {
                Class<?> type = method.getParameterTypes()[i];
                arguments[i] = type == int.class ? (Object) 0 : type == boolean.class ? (Object) false : null;
            }
            try {
                Object answer = method.invoke(metaData, arguments);
                if (answer instanceof ResultSet rows) {
                    readAll(rows);
                }
            } catch (InvocationTargetException e) {
                failures.add(method.getName() + ": " + e.getCause());
            }
        }
        assertThat(failures).isEmpty();
    }

    private static void readAll(ResultSet rows) throws SQLException {
        try (rows) {
            ResultSetMetaData columns = rows.getMetaData();
            while (rows.next()) {
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    rows.getObject(i);
                }
            }
        }
    }

    @Test
    void aClosedConnectionAnswersNothingMore() throws SQLException {
        connection.close();
        assertThatThrownBy(() -> metaData.getTables(null, null, null, null))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("closed");
    }

    private static List<String> names(ResultSet rows, String column) throws SQLException {
        List<String> names = new ArrayList<>();
        try (rows) {
            while (rows.next()) {
                names.add(rows.getString(column));
            }
        }
        return names;
    }
}
