package io.zeptodb.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What JDBC has and this driver has not says so: SQLSTATE 0A000 and what it is, whichever method was called. */
class RefusalsTest {
    private static final Set<String> OF_ROWS = Set.of(
            "previous",
            "first",
            "last",
            "absolute",
            "relative",
            "beforeFirst",
            "afterLast",
            "insertRow",
            "deleteRow",
            "refreshRow",
            "cancelRowUpdates",
            "moveToInsertRow",
            "moveToCurrentRow",
            "getCursorName",
            "getRowId");
    private static final Set<String> OF_CONNECTIONS = Set.of(
            "setSavepoint",
            "releaseSavepoint",
            "createSQLXML",
            "createArrayOf",
            "createStruct",
            "setTypeMap",
            "prepareCall");

    private static Object nothing(Class<?> type) {
        return type.isPrimitive() ? Array.get(Array.newInstance(type, 1), 0) : null;
    }

    private static void assertRefused(Object target, Method method) throws IllegalAccessException {
        Object[] arguments =
                Stream.of(method.getParameterTypes()).map(RefusalsTest::nothing).toArray();
        try {
            Object given = method.invoke(target, arguments);
            throw new AssertionError(method + " gave " + given);
        } catch (InvocationTargetException e) {
            assertThat(e.getCause()).as(method.toString()).isInstanceOf(SQLFeatureNotSupportedException.class);
            SQLException failure = (SQLException) e.getCause();
            assertThat(failure.getSQLState()).as(method.toString()).isEqualTo("0A000");
            assertThat(failure.getMessage()).as(method.toString()).isNotBlank();
        }
    }

    @Test
    void everyMethodThatIsNotSupportedSaysWhatIsNot() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:zepto:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT 1 AS x")) {
            assertThat(rows.next()).isTrue();
            List<Method> ofRows = Stream.of(ResultSet.class.getMethods())
                    .filter(method -> method.getName().startsWith("update") || OF_ROWS.contains(method.getName()))
                    .toList();
            assertThat(ofRows).hasSizeGreaterThan(90);
            for (Method method : ofRows) {
                assertRefused(rows, method);
            }
            for (Method method : Connection.class.getMethods()) {
                if (OF_CONNECTIONS.contains(method.getName())) {
                    assertRefused(connection, method);
                }
            }
            assertThat(rows.getInt(1)).isEqualTo(1);
            assertThat(connection.getMetaData().supportsSubqueriesInQuantifieds())
                    .isTrue();
            assertThatThrownBy(() -> statement.executeUpdate("SELECT 1", new String[] {"x"}))
                    .isInstanceOf(SQLFeatureNotSupportedException.class)
                    .hasMessageContaining("generated keys");
        }
    }
}
