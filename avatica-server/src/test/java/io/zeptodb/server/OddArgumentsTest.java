package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.jdbc.ZeptoDataSource;
import io.zeptodb.jdbc.append.Appender;
import io.zeptodb.jdbc.append.AppendingConnection;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.NClob;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Struct;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every public method of the interfaces of java.sql with arguments that nobody should give: what comes out is an answer or an SQLException with a
 * state, and it is the same in the process and from a server.
 */
@Timeout(120)
class OddArgumentsTest {
    /** java.sql wants a NullPointerException of them. */
    private static final Set<String> MAY_THROW_NULL_POINTER =
            Set.of("enquoteLiteral", "enquoteNCharLiteral", "enquoteIdentifier", "isSimpleIdentifier");
    /** They tell where they are, or what they are. */
    private static final Set<String> DIFFER = Set.of("getURL", "unwrap", "isWrapperFor", "getConnection");

    private static final int MOST_TEXT = 300;

    private ZeptoServer server;
    private Connection local;
    private Connection remote;

    /** Makes what is called. */
    private interface Source {
        Object from(Connection connection) throws SQLException;
    }

    @BeforeEach
    void open() throws SQLException, IOException {
        server = ZeptoServer.builder().url("jdbc:zepto:").port(0).start();
        local = fill(DriverManager.getConnection("jdbc:zepto:"));
        remote = fill(DriverManager.getConnection(server.jdbcUrl()));
    }

    private static Connection fill(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (a INTEGER, v VARCHAR, d DATE, ts TIMESTAMP_NS)");
            statement.execute("INSERT INTO t VALUES (1, '1', DATE '2024-01-01', TIMESTAMP '2024-01-01 00:00:00')");
        }
        return connection;
    }

    @AfterEach
    void close() throws SQLException, IOException {
        local.close();
        remote.close();
        server.close();
    }

    private void compare(Class<?> type, Source source) throws Exception {
        List<String> wrong = new ArrayList<>();
        int calls = 0;
        List<Method> methods = new ArrayList<>(RecordedCalls.methods(type));
        methods.sort(Comparator.comparing(Method::toString));
        for (Method method : methods) {
            int count = OddArguments.of(method).size();
            for (int i = 0; i < count; i++) {
                String here = outcome(
                        source.from(local), method, OddArguments.of(method).get(i));
                String there = outcome(
                        source.from(remote), method, OddArguments.of(method).get(i));
                String call = method.getName() + shown(OddArguments.of(method).get(i));
                if (here.startsWith("WRONG") || there.startsWith("WRONG")) {
                    wrong.add(call + " -> " + here + " / " + there);
                } else if (!here.equals(there) && !DIFFER.contains(method.getName())) {
                    wrong.add(call + " -> in process " + here + ", remote " + there);
                }
                calls++;
            }
        }
        assertThat(wrong).as("%d calls of %s", calls, type.getName()).isEmpty();
        assertThat(calls).isGreaterThan(methods.size());
    }

    private static String outcome(Object target, Method method, Object[] arguments) throws Exception {
        try {
            Object answer = method.invoke(target, arguments);
            String text = shown(answer);
            if (target instanceof PreparedStatement statement
                    && method.getName().startsWith("set")
                    && arguments.length > 1) {
                text += ", then " + answerOf(statement);
            }
            return text;
        } catch (InvocationTargetException e) {
            return failure(method, e.getCause());
        } finally {
            if (target instanceof AutoCloseable closeable) {
                try {
                    closeable.close();
                } catch (SQLException e) {
                    assertThat(e.getSQLState()).hasSize(5);
                }
            }
        }
    }

    /** What a statement gives with the parameter that was set oddly. */
    private static String answerOf(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getString(1) + "|" + rows.getString(2);
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    private static String failure(Method method, Throwable thrown) {
        if (thrown instanceof NullPointerException && MAY_THROW_NULL_POINTER.contains(method.getName())) {
            return "NullPointerException";
        }
        if (!(thrown instanceof SQLException failure)) {
            return "WRONG: " + thrown;
        }
        String state = failure.getSQLState();
        if (state == null || state.length() != 5 || state.equals("XX000") || failure.getMessage() == null) {
            return "WRONG: " + failure.getClass().getName() + " " + state + " " + failure.getMessage();
        }
        return failure.getClass().getSimpleName() + " " + state + " " + failure.getMessage();
    }

    private static String shown(Object[] arguments) {
        List<String> texts = new ArrayList<>();
        for (Object argument : arguments) {
            texts.add(shown(argument));
        }
        return "(" + String.join(", ", texts) + ")";
    }

    private static String shown(Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean || value instanceof String) {
            String text = String.valueOf(value);
            return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text;
        }
        if (value instanceof byte[] bytes) {
            return Arrays.toString(bytes);
        }
        if (value instanceof Class<?> type) {
            return type.getName();
        }
        if (value instanceof ResultSet rows) {
            return rows(rows);
        }
        return value.getClass().isHidden() || value.getClass().getName().contains("$")
                ? "an object"
                : value.getClass().getName();
    }

    private static String rows(ResultSet rows) {
        try (rows) {
            int count = 0;
            while (rows.next()) {
                count++;
            }
            return count + " rows of " + rows.getMetaData().getColumnCount();
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }

    @Test
    void ofConnections() throws Exception {
        compare(
                Connection.class,
                connection ->
                        DriverManager.getConnection(connection.getMetaData().getURL()));
    }

    @Test
    void ofStatements() throws Exception {
        compare(Statement.class, Connection::createStatement);
    }

    @Test
    void ofPreparedStatements() throws Exception {
        compare(PreparedStatement.class, connection -> {
            PreparedStatement statement =
                    connection.prepareStatement("SELECT CAST(? AS VARCHAR), CAST(? AS DECIMAL(18,2)) FROM t");
            statement.setString(1, "1");
            statement.setInt(2, 2);
            return statement;
        });
    }

    @Test
    void ofResultSets() throws Exception {
        compare(ResultSet.class, connection -> rowOf(connection, ResultSet.TYPE_FORWARD_ONLY));
    }

    @Test
    void ofResultSetsThatScroll() throws Exception {
        compare(ResultSet.class, connection -> rowOf(connection, ResultSet.TYPE_SCROLL_INSENSITIVE));
    }

    private static ResultSet rowOf(Connection connection, int type) throws SQLException {
        Statement statement = connection.createStatement(type, ResultSet.CONCUR_READ_ONLY);
        statement.closeOnCompletion();
        ResultSet rows = statement.executeQuery("SELECT a, v, d, ARRAY[1, NULL] FROM t");
        rows.next();
        return rows;
    }

    @Test
    void ofMetadata() throws Exception {
        compare(DatabaseMetaData.class, Connection::getMetaData);
        String sql = "SELECT a, CAST(? AS DATE) FROM t";
        compare(
                ParameterMetaData.class,
                connection -> connection.prepareStatement(sql).getParameterMetaData());
        compare(
                ResultSetMetaData.class,
                connection -> connection.prepareStatement(sql).getMetaData());
    }

    private Object value(Connection connection, String expression) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + expression)) {
            rows.next();
            return rows.getObject(1);
        }
    }

    @Test
    void ofValues() throws Exception {
        compare(Array.class, connection -> value(connection, "ARRAY[1, 2, NULL]"));
        compare(Struct.class, connection -> value(connection, "ROW(1, 'x')"));
        compare(Blob.class, Connection::createBlob);
        compare(Clob.class, Connection::createClob);
        compare(NClob.class, Connection::createNClob);
    }

    @Test
    void ofAppenders() throws Exception {
        compare(
                Appender.class,
                connection -> connection.unwrap(AppendingConnection.class).appender("t"));
    }

    @Test
    void ofDriversAndDataSources() throws Exception {
        compare(Driver.class, connection -> DriverManager.getDriver("jdbc:zepto:"));
        compare(DataSource.class, connection -> new ZeptoDataSource());
    }

    /** Of every class that there is a setter for, or that setObject may meet; intervals, which travel as texts, are left out. */
    private static final Object[] VALUES = {
        true,
        (byte) 1,
        (short) 300,
        70_000,
        1L << 40,
        1.5f,
        1e300,
        new BigDecimal("1.5"),
        BigInteger.TEN.pow(40),
        "x",
        "2024-02-30",
        'c',
        new byte[] {1},
        LocalDate.of(2024, 1, 1),
        LocalDate.MAX,
        LocalTime.NOON,
        LocalDateTime.of(2024, 1, 1, 1, 2, 3),
        LocalDateTime.MAX,
        Instant.EPOCH,
        Instant.MAX,
        OffsetDateTime.MIN,
        ZonedDateTime.of(2024, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC),
        Period.ofDays(2),
        new UUID(1, 2),
        new java.util.Date(0),
        Year.of(2024),
        Thread.State.NEW,
        List.of(1),
        new int[] {1},
        Optional.of(1),
    };

    private static final List<String> TYPES = List.of(
            "BOOLEAN",
            "TINYINT",
            "SMALLINT",
            "INTEGER",
            "BIGINT",
            "REAL",
            "DOUBLE",
            "DECIMAL(9,2)",
            "VARCHAR",
            "SYMBOL",
            "VARBINARY",
            "DATE",
            "TIME",
            "TIMESTAMP_NS");

    @Test
    void everyClassOfValuesGoesIntoEveryTypeOrIsRefusedAlike() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (String type : TYPES) {
            for (Connection connection : List.of(local, remote)) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("CREATE TABLE typed (x " + type + ")");
                }
            }
            for (Object value : VALUES) {
                for (boolean batch : new boolean[] {false, true}) {
                    String here = stored(local, value, batch);
                    String there = stored(remote, value, batch);
                    if (!here.equals(there) || here.startsWith("XX")) {
                        wrong.add(value.getClass().getSimpleName() + " " + shown(value) + " into " + type
                                + (batch ? " by a batch" : "") + ": in process " + here + ", remote " + there);
                    }
                }
            }
            for (Connection connection : List.of(local, remote)) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("DROP TABLE typed");
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** The text of the value in the table, or the state that it was refused with. */
    private static String stored(Connection connection, Object value, boolean batch) throws SQLException {
        try (Statement statement = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO typed VALUES (?)")) {
            statement.execute("DELETE FROM typed");
            insert.setObject(1, value);
            if (batch) {
                insert.addBatch();
                insert.executeBatch();
            } else {
                insert.executeUpdate();
            }
            try (ResultSet rows = statement.executeQuery("SELECT x FROM typed")) {
                rows.next();
                return "'" + rows.getString(1) + "'";
            }
        } catch (SQLException e) {
            return e.getSQLState();
        }
    }
}
