package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What SQL tools ask on opening a connection has the same answers in the process and from a server. */
class CrawlTest {
    private static final String URL = "jdbc:zepto:mem:crawl";

    private static Connection inProcess;
    private static Connection remote;
    private static ZeptoServer server;

    @BeforeAll
    static void open() throws SQLException, IOException {
        inProcess = DriverManager.getConnection(URL);
        try (Statement statement = inProcess.createStatement()) {
            statement.execute("CREATE TABLE trades (symbol SYMBOL, price DECIMAL(18,4), ok BOOLEAN, ts TIMESTAMP_NS)");
        }
        server = ZeptoServer.builder().url(URL).port(0).start();
        remote = DriverManager.getConnection(server.jdbcUrl());
    }

    @AfterAll
    static void close() throws SQLException, IOException {
        remote.close();
        server.close();
        inProcess.close();
    }

    private static List<List<String>> read(ResultSet rows) throws SQLException {
        List<List<String>> all = new ArrayList<>();
        try (rows) {
            int columns = rows.getMetaData().getColumnCount();
            List<String> names = new ArrayList<>();
            for (int i = 1; i <= columns; i++) {
                names.add(rows.getMetaData().getColumnLabel(i) + " "
                        + rows.getMetaData().getColumnTypeName(i));
            }
            all.add(names);
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(String.valueOf(rows.getObject(i)));
                }
                all.add(row);
            }
        }
        return all;
    }

    /** Every method without a meaning of its own, with null, "" or 0 for its arguments. */
    private static Map<String, Object> crawl(Connection connection, String text) throws Exception {
        DatabaseMetaData metaData = connection.getMetaData();
        Map<String, Object> answers = new LinkedHashMap<>();
        for (Method method : DatabaseMetaData.class.getMethods()) {
            boolean differs = List.of("getURL", "getConnection", "getUserName").contains(method.getName());
            if (differs || method.getDeclaringClass() != DatabaseMetaData.class) {
                continue;
            }
            Object[] arguments = new Object[method.getParameterCount()];
            for (int i = 0; i < arguments.length; i++) {
                Class<?> type = method.getParameterTypes()[i];
                arguments[i] = type == int.class
                        ? (Object) 0
                        : type == boolean.class ? (Object) false : type == String.class ? text : null;
            }
            Object answer;
            try {
                answer = method.invoke(metaData, arguments);
            } catch (InvocationTargetException e) {
                assertThat(e.getCause()).as(method.toString()).isInstanceOf(SQLFeatureNotSupportedException.class);
                answer = "not supported";
            }
            answers.put(method.toString(), answer instanceof ResultSet rows ? read(rows) : answer);
        }
        return answers;
    }

    @Test
    void everyQuestionHasTheSameAnswerHereAndThere() throws Exception {
        for (String text : new String[] {null, "%", "trades"}) {
            Map<String, Object> here = crawl(inProcess, text);
            assertThat(here.size()).isGreaterThan(150);
            assertThat(crawl(remote, text)).isEqualTo(here);
        }
    }

    @Test
    void functionsByKindAreThoseOfTheEngine() throws SQLException {
        for (Connection connection : List.of(inProcess, remote)) {
            DatabaseMetaData metaData = connection.getMetaData();
            assertThat(metaData.getNumericFunctions().split(","))
                    .contains("ABS", "CEILING", "LOG10", "HAVERSINE", "MOD");
            assertThat(metaData.getStringFunctions().split(","))
                    .contains("CONCAT", "LCASE", "SPLIT_PART", "SUBSTRING", "REGEXP_REPLACE")
                    .doesNotContain("STRING_AGG");
            assertThat(metaData.getTimeDateFunctions().split(","))
                    .contains("CURDATE", "HOUR", "NOW", "XBAR", "TIME_BUCKET");
            assertThat(metaData.getSystemFunctions().split(",")).contains("NULLIF", "COALESCE", "CARDINALITY");
        }
    }

    @Test
    void functionsAreListedWithTheirAliases() throws SQLException {
        for (Connection connection : List.of(inProcess, remote)) {
            DatabaseMetaData metaData = connection.getMetaData();
            List<List<String>> all = read(metaData.getFunctions(null, null, "%"));
            assertThat(all).hasSizeGreaterThan(150);
            assertThat(all.get(0))
                    .extracting(name -> name.split(" ")[0])
                    .containsExactly(
                            "FUNCTION_CAT",
                            "FUNCTION_SCHEM",
                            "FUNCTION_NAME",
                            "REMARKS",
                            "FUNCTION_TYPE",
                            "SPECIFIC_NAME");
            List<String> vwap =
                    read(metaData.getFunctions("zepto", "main", "VWAP")).get(1);
            assertThat(vwap.subList(0, 3)).containsExactly("zepto", "main", "vwap");
            assertThat(vwap.get(3)).contains("vwap(");
            assertThat(vwap.get(4)).isEqualTo("" + DatabaseMetaData.functionNoTable);
            assertThat(read(metaData.getFunctions(null, null, "no such function")))
                    .hasSize(1);
            assertThat(read(metaData.getFunctions("elsewhere", null, null))).hasSize(1);
        }
    }

    @Test
    void parametersAndResultsOfFunctionsAreListed() throws SQLException {
        for (Connection connection : List.of(inProcess, remote)) {
            DatabaseMetaData metaData = connection.getMetaData();
            List<List<String>> vwap = read(metaData.getFunctionColumns("zepto", "main", "VWAP", "%"));
            assertThat(vwap.get(0))
                    .extracting(name -> name.split(" ")[0])
                    .containsExactly(
                            "FUNCTION_CAT",
                            "FUNCTION_SCHEM",
                            "FUNCTION_NAME",
                            "COLUMN_NAME",
                            "COLUMN_TYPE",
                            "DATA_TYPE",
                            "TYPE_NAME",
                            "PRECISION",
                            "LENGTH",
                            "SCALE",
                            "RADIX",
                            "NULLABLE",
                            "REMARKS",
                            "CHAR_OCTET_LENGTH",
                            "ORDINAL_POSITION",
                            "IS_NULLABLE",
                            "SPECIFIC_NAME");
            assertThat(vwap.stream()
                            .skip(1)
                            .map(row -> String.join(
                                    " ",
                                    row.get(2),
                                    row.get(3),
                                    row.get(4),
                                    row.get(5),
                                    row.get(6),
                                    row.get(14),
                                    row.get(16))))
                    .containsExactly(
                            "vwap result 4 8 DOUBLE 0 vwap(BIGINT, BIGINT)",
                            "vwap price 1 -5 BIGINT 1 vwap(BIGINT, BIGINT)",
                            "vwap volume 1 -5 BIGINT 2 vwap(BIGINT, BIGINT)",
                            "vwap result 4 8 DOUBLE 0 vwap(DOUBLE, BIGINT)",
                            "vwap price 1 8 DOUBLE 1 vwap(DOUBLE, BIGINT)",
                            "vwap volume 1 -5 BIGINT 2 vwap(DOUBLE, BIGINT)",
                            "vwap result 4 8 DOUBLE 0 vwap(DOUBLE, DOUBLE)",
                            "vwap price 1 8 DOUBLE 1 vwap(DOUBLE, DOUBLE)",
                            "vwap volume 1 8 DOUBLE 2 vwap(DOUBLE, DOUBLE)");
            assertThat(read(metaData.getFunctionColumns(null, null, "mean", "result")))
                    .last()
                    .satisfies(row -> assertThat(row.get(16)).isEqualTo("avg(DOUBLE)"));
            assertThat(read(metaData.getFunctionColumns(null, null, "count", "x")))
                    .last()
                    .satisfies(row -> assertThat(row.subList(5, 8)).containsExactly("1111", "ANY", "null"));
            assertThat(read(metaData.getFunctionColumns("elsewhere", null, "%", "%")))
                    .hasSize(1);
            Set<String> named = column(metaData.getFunctions(null, null, "%"), "SPECIFIC_NAME");
            assertThat(column(metaData.getFunctionColumns(null, null, "%", "%"), "SPECIFIC_NAME"))
                    .hasSizeGreaterThan(500)
                    .isEqualTo(named);
        }
    }

    private static Set<String> column(ResultSet rows, String label) throws SQLException {
        Set<String> values = new TreeSet<>();
        while (rows.next()) {
            values.add(rows.getString(label));
        }
        return values;
    }
}
