package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.ClientInfoStatus;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.RowIdLifetime;
import java.sql.SQLClientInfoException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Calls every method of Connection, DatabaseMetaData and Driver. */
abstract class ConnectionMethods extends StatementMethods {
    private static final Set<String> ANSWERED_WHEN_CLOSED =
            Set.of("close", "isClosed", "isValid", "abort", "isWrapperFor", "beginRequest", "endRequest");

    @Test
    void everyMethodOfAConnectionDoesWhatItSays() throws SQLException {
        RecordedCalls calls = new RecordedCalls();
        Connection own = calls.of(Connection.class, connect());
        statements(own);
        transactions(own);
        settings(own);
        clientInfo(own);
        none(own);
        own.beginRequest();
        own.endRequest();
        own.close();
        own.close();
        assertThat(own.isClosed()).isTrue();
        assertThat(own.isValid(1)).isFalse();
        RecordedCalls.assertRefused(Connection.class, own, name -> !ANSWERED_WHEN_CLOSED.contains(name), "08003");
        Connection aborted = calls.of(Connection.class, connect());
        assertThatThrownBy(() -> aborted.abort(null)).isInstanceOf(SQLException.class);
        aborted.abort(Runnable::run);
        assertThat(aborted.isClosed()).isTrue();
        aborted.abort(Runnable::run);
        calls.assertComplete(Connection.class);
    }

    private static void statements(Connection own) throws SQLException {
        int type = ResultSet.TYPE_SCROLL_INSENSITIVE;
        int concurrency = ResultSet.CONCUR_READ_ONLY;
        int holdability = ResultSet.HOLD_CURSORS_OVER_COMMIT;
        try (Statement first = own.createStatement();
                Statement second = own.createStatement(type, concurrency);
                Statement third = own.createStatement(type, concurrency, holdability)) {
            assertThat(first.getResultSetType()).isEqualTo(ResultSet.TYPE_FORWARD_ONLY);
            assertThat(second.getResultSetType()).isEqualTo(type);
            assertThat(third.getResultSetHoldability()).isEqualTo(holdability);
        }
        try (PreparedStatement first = own.prepareStatement("SELECT 1");
                PreparedStatement second = own.prepareStatement("SELECT 1", type, concurrency);
                PreparedStatement third = own.prepareStatement("SELECT 1", type, concurrency, holdability);
                PreparedStatement fourth = own.prepareStatement("SELECT 1", Statement.RETURN_GENERATED_KEYS)) {
            assertThat(first.getResultSetType()).isEqualTo(ResultSet.TYPE_FORWARD_ONLY);
            assertThat(second.getResultSetType()).isEqualTo(type);
            assertThat(third.getResultSetHoldability()).isEqualTo(holdability);
            assertThat(fourth.getGeneratedKeys().next()).isFalse();
        }
        assertThatThrownBy(() -> own.prepareStatement(null)).isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> own.prepareStatement("SELECT 1", 77)).isInstanceOf(SQLException.class);
        RecordedCalls.assertRefused(Connection.class, own, "prepareCall"::equals, "0A000");
        RecordedCalls.assertRefused(
                Connection.class,
                own,
                "prepareStatement"::equals,
                "0A000",
                method -> method.getParameterCount() == 2 && method.getParameterTypes()[1].isArray());
    }

    private static void transactions(Connection own) throws SQLException {
        assertThat(own.getAutoCommit()).isTrue();
        own.setAutoCommit(false);
        assertThat(own.getAutoCommit()).isFalse();
        try (Statement statement = own.createStatement()) {
            statement.executeUpdate("INSERT INTO every (id) VALUES (50)");
            own.rollback();
            statement.executeUpdate("INSERT INTO every (id) VALUES (51)");
            own.commit();
            try (ResultSet rows = statement.executeQuery("SELECT id FROM every WHERE id >= 50")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getLong(1)).isEqualTo(51);
                assertThat(rows.next()).isFalse();
            }
        }
        own.setAutoCommit(true);
        SQLException commit = catchThrowableOfType(SQLException.class, own::commit);
        assertThat(commit.getSQLState()).isEqualTo("25000");
        own.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        assertThat(own.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_REPEATABLE_READ);
        own.setReadOnly(true);
        assertThat(own.isReadOnly()).isTrue();
        own.setReadOnly(false);
        assertThat(own.isReadOnly()).isFalse();
        RecordedCalls.assertRefused(
                Connection.class, own, Set.of("setSavepoint", "releaseSavepoint")::contains, "0A000");
        SQLException savepoint = catchThrowableOfType(SQLException.class, () -> own.rollback(null));
        assertThat(savepoint.getSQLState()).isEqualTo("0A000");
    }

    private static void settings(Connection own) throws SQLException {
        assertThat(own.nativeSQL("SELECT {fn abs(-1)}")).isEqualTo("SELECT {fn abs(-1)}");
        own.setCatalog("ZEPTO");
        assertThat(own.getCatalog()).isEqualTo("zepto");
        ParameterConformance.refusedAs("3D000", () -> own.setCatalog("other"));
        own.setSchema("MAIN");
        assertThat(own.getSchema()).isEqualTo("main");
        ParameterConformance.refusedAs("3F000", () -> own.setSchema("information_schema"));
        own.setHoldability(ResultSet.HOLD_CURSORS_OVER_COMMIT);
        ParameterConformance.refusedAs("0A000", () -> own.setHoldability(ResultSet.CLOSE_CURSORS_AT_COMMIT));
        ParameterConformance.refusedAs("HY000", () -> own.setHoldability(77));
        assertThat(own.getHoldability()).isEqualTo(ResultSet.HOLD_CURSORS_OVER_COMMIT);
        own.setTypeMap(Map.of());
        assertThat(own.getTypeMap()).isEmpty();
        assertThatThrownBy(() -> own.setTypeMap(Map.of("x", String.class)))
                .isInstanceOf(SQLFeatureNotSupportedException.class);
        own.setNetworkTimeout(Runnable::run, 54_321);
        assertThat(own.getNetworkTimeout()).isEqualTo(54_321);
        own.setNetworkTimeout(Runnable::run, 0);
        assertThat(own.getNetworkTimeout()).isZero();
        ParameterConformance.refusedAs("HY000", () -> own.setNetworkTimeout(null, 1));
        assertThatThrownBy(() -> own.setNetworkTimeout(Runnable::run, -1)).isInstanceOf(SQLException.class);
        assertThat((Object) own.getWarnings()).isNull();
        own.clearWarnings();
        assertThat(own.isValid(60)).isTrue();
        assertThatThrownBy(() -> own.isValid(-1)).isInstanceOf(SQLException.class);
        assertThat(own.isClosed()).isFalse();
        assertThat(own.getMetaData().getDriverName()).isNotEmpty();
        assertThat(own.isWrapperFor(Connection.class)).isTrue();
        assertThat(own.isWrapperFor(Thread.class)).isFalse();
        assertThat(own.unwrap(Connection.class).getMetaData().getConnection()).isSameAs(own.unwrap(Connection.class));
        assertThat(own.createBlob().length()).isZero();
        assertThat(own.createClob().length()).isZero();
        assertThat(own.createNClob().length()).isZero();
    }

    private static void clientInfo(Connection own) throws SQLException {
        own.setClientInfo("ApplicationName", "conformance");
        assertThat(own.getClientInfo("ApplicationName")).isEqualTo("conformance");
        Properties both = new Properties();
        both.setProperty("ClientUser", "somebody");
        own.setClientInfo(both);
        assertThat(own.getClientInfo()).isEqualTo(both);
        assertThat(own.getClientInfo("ApplicationName")).isNull();
        own.setClientInfo("ClientUser", null);
        assertThat(own.getClientInfo()).isEmpty();
        both.setProperty("Colour", "red");
        SQLClientInfoException refused =
                catchThrowableOfType(SQLClientInfoException.class, () -> own.setClientInfo(both));
        assertThat(refused.getFailedProperties()).containsEntry("Colour", ClientInfoStatus.REASON_UNKNOWN_PROPERTY);
        assertThat(own.getClientInfo()).as("nothing of what is refused is kept").isEmpty();
        both.put("ApplicationName", 7);
        both.put(8, "eight");
        refused = catchThrowableOfType(SQLClientInfoException.class, () -> own.setClientInfo(both));
        assertThat(refused.getSQLState()).isEqualTo("22023");
        assertThat(refused.getMessage()).contains("ApplicationName wants a String, got a java.lang.Integer");
        assertThat(refused.getFailedProperties())
                .containsOnly(
                        Map.entry("ApplicationName", ClientInfoStatus.REASON_VALUE_INVALID),
                        Map.entry("8", ClientInfoStatus.REASON_UNKNOWN_PROPERTY),
                        Map.entry("Colour", ClientInfoStatus.REASON_UNKNOWN_PROPERTY));
        assertThat(own.getClientInfo()).isEmpty();
        Properties defaults = new Properties();
        defaults.setProperty("ClientHostname", "here");
        own.setClientInfo(new Properties(defaults));
        assertThat(own.getClientInfo()).isEqualTo(defaults);
        own.setClientInfo(new Properties());
        assertThat(own.getClientInfo()).isEmpty();
    }

    private static void none(Connection own) {
        RecordedCalls.assertRefused(
                Connection.class,
                own,
                Set.of("createArrayOf", "createStruct", "createSQLXML", "setShardingKey", "setShardingKeyIfValid")
                        ::contains,
                "0A000");
    }

    // ---- the metadata

    /** What the metadata of a connection to a database of its own says, in the process: here and remote say the same. */
    private static Object answer(DatabaseMetaData metaData, Method method) throws SQLException {
        Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            Class<?> type = method.getParameterTypes()[i];
            arguments[i] = type == int.class ? (Object) 1 : type == boolean.class ? (Object) true : null;
            if (type == String.class
                    && method.getName().matches("get(Best|Version|Primary|Imported|Exported|Index).*|getCross.*")) {
                arguments[i] = i % 3 == 2 ? "every" : null;
            }
        }
        try {
            return method.invoke(metaData, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof SQLException refused) {
                return refused.getSQLState();
            }
            throw new AssertionError(method.toString(), e.getCause());
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> columns(ResultSet rows) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (rows) {
            ResultSetMetaData of = rows.getMetaData();
            for (int i = 1; i <= of.getColumnCount(); i++) {
                columns.add(of.getColumnLabel(i) + " " + of.getColumnTypeName(i));
            }
            int seen = 0;
            while (rows.next()) {
                seen++;
            }
            assertThat(seen).isNotNegative();
        }
        return columns;
    }

    @Test
    void everyMethodOfTheMetaDataSaysHereWhatItSaysRemote() throws SQLException {
        RecordedCalls calls = new RecordedCalls();
        Set<String> ofTheConnection = Set.of("getURL", "getConnection", "unwrap", "isWrapperFor", "getUserName");
        try (Connection other = DriverManager.getConnection("jdbc:zepto:")) {
            DatabaseMetaData here = calls.of(DatabaseMetaData.class, connection.getMetaData());
            for (Method method : RecordedCalls.methods(DatabaseMetaData.class)) {
                if (!ofTheConnection.contains(method.getName())) {
                    Object expected = answer(other.getMetaData(), method);
                    Object got = answer(here, method);
                    if (expected instanceof ResultSet rows) {
                        expected = columns(rows);
                        got = columns((ResultSet) got);
                    }
                    assertThat(got).as(method.toString()).isEqualTo(expected);
                }
            }
            assertThat(here.getURL()).startsWith("jdbc:zepto:");
            assertThat(here.getUserName()).as("nobody has logged in").isNullOrEmpty();
            assertThat(here.getConnection()).isSameAs(connection);
            assertThat(here.isWrapperFor(DatabaseMetaData.class)).isTrue();
            assertThat(here.unwrap(DatabaseMetaData.class)).isNotNull();
            assertThat(here.getRowIdLifetime()).isEqualTo(RowIdLifetime.ROWID_UNSUPPORTED);
            assertThat(here.supportsResultSetType(ResultSet.TYPE_SCROLL_INSENSITIVE))
                    .isTrue();
            assertThat(here.supportsResultSetType(ResultSet.TYPE_SCROLL_SENSITIVE))
                    .isFalse();
            assertThat(here.supportsResultSetConcurrency(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_READ_ONLY))
                    .isTrue();
            assertThat(here.supportsResultSetConcurrency(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_UPDATABLE))
                    .isFalse();
            assertThat(here.supportsResultSetHoldability(ResultSet.HOLD_CURSORS_OVER_COMMIT))
                    .isTrue();
            assertThat(here.supportsResultSetHoldability(ResultSet.CLOSE_CURSORS_AT_COMMIT))
                    .isFalse();
            assertThat(here.supportsGetGeneratedKeys()).isFalse();
            assertThat(here.generatedKeyAlwaysReturned()).isFalse();
            assertThat(here.supportsSavepoints()).isFalse();
        }
        calls.assertComplete(DatabaseMetaData.class);
    }

    @Test
    void everyMethodOfTheDriverDoesWhatItSays() throws SQLException {
        RecordedCalls calls = new RecordedCalls();
        String url = connection.getMetaData().getURL();
        Driver driver = calls.of(Driver.class, DriverManager.getDriver("jdbc:zepto:"));
        assertThat(driver.acceptsURL(url)).isTrue();
        assertThat(driver.acceptsURL("jdbc:other:")).isFalse();
        assertThat(driver.connect("jdbc:other:", new Properties())).isNull();
        try (Connection own = driver.connect("jdbc:zepto:", new Properties())) {
            assertThat(own.isValid(60)).isTrue();
        }
        DriverPropertyInfo[] options = driver.getPropertyInfo("jdbc:zepto:", new Properties());
        assertThat(options).anyMatch(option -> option.name.equals("memory_limit"));
        assertThat(driver.getMajorVersion()).isNotNegative();
        assertThat(driver.getMinorVersion()).isNotNegative();
        assertThat(driver.jdbcCompliant()).isFalse();
        assertThat(driver.getParentLogger()).isNotNull();
        calls.assertComplete(Driver.class);
    }
}
