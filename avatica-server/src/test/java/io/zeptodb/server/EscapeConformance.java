package io.zeptodb.server;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** JDBC's escapes, the same in the process and over the network. */
abstract class EscapeConformance extends ConnectionMethods {
    private static final Pattern EXAMPLE = Pattern.compile("(?m)^\\| .* \\| (SELECT [^|]*?) → .*\\|$");

    private String one(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).as(sql).isTrue();
            return rows.getString(1);
        }
    }

    @Test
    void theEscapesAreThoseOfJdbc() throws SQLException {
        assertThat(one("SELECT {d '2024-02-29'}")).isEqualTo("2024-02-29");
        assertThat(one("SELECT {t '01:02:03'}")).isEqualTo("01:02:03");
        assertThat(one("SELECT {ts '2024-02-29 01:02:03.25'}")).startsWith("2024-02-29 01:02:03.25");
        assertThat(one("SELECT v FROM every WHERE sym LIKE 'A!APL' {escape '!'}"))
                .isEqualTo("naïve €");
        assertThat(one("SELECT count(*) FROM {oj every a LEFT OUTER JOIN every b ON a.id = b.id + 1}"))
                .isEqualTo("2");
        assertThat(one("SELECT id FROM every ORDER BY id {limit 1 offset 1}")).isEqualTo("2");
        try (PreparedStatement select =
                connection.prepareStatement("SELECT {fn concat(?, {fn lcase('B')})} FROM every {limit ?}")) {
            select.setString(1, "a");
            select.setInt(2, 1);
            try (ResultSet rows = select.executeQuery()) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("ab");
                assertThat(rows.next()).isFalse();
            }
        }
        for (String call : new String[] {"{call f(1)}", "{? = call f(1)}"}) {
            SQLException refused = catchThrowableOfType(SQLException.class, () -> one(call));
            assertThat(refused.getSQLState()).as(call).isEqualTo("0A000");
        }
    }

    /** Of each function an example from the reference. */
    private static Map<String, String> examples() throws IOException {
        Map<String, String> examples = new HashMap<>();
        Matcher found = EXAMPLE.matcher(Files.readString(Path.of("../docs/sql.md")));
        while (found.find()) {
            String sql = found.group(1).replace("\\|", "|");
            Matcher call = Pattern.compile("([A-Za-z_][A-Za-z_0-9]*)\\(").matcher(sql);
            while (call.find()) {
                examples.putIfAbsent(call.group(1).toLowerCase(Locale.ROOT), sql);
            }
        }
        return examples;
    }

    /** The text with the first call of the function in braces; null when its end is not found. */
    private static String escaped(String sql, String name) {
        Matcher call = Pattern.compile("(?i)\\b" + name + "\\(").matcher(sql);
        if (!call.find()) {
            return null;
        }
        int depth = 0;
        boolean quoted = false;
        for (int i = call.end() - 1; i < sql.length(); i++) {
            char c = sql.charAt(i);
            quoted ^= c == '\'';
            depth += quoted ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0 && !quoted) {
                return sql.substring(0, call.start())
                        + "{fn "
                        + sql.substring(call.start(), i + 1)
                        + "}"
                        + sql.substring(i + 1);
            }
        }
        return null;
    }

    @Test
    void everyFunctionThatTheMetaDataNamesCanBeEscaped() throws SQLException, IOException {
        DatabaseMetaData metaData = connection.getMetaData();
        Set<String> names = new TreeSet<>();
        for (String list : List.of(
                metaData.getNumericFunctions(),
                metaData.getStringFunctions(),
                metaData.getTimeDateFunctions(),
                metaData.getSystemFunctions())) {
            names.addAll(List.of(list.toLowerCase(Locale.ROOT).split(",")));
        }
        Map<String, String> examples = examples();
        Set<String> changing = Set.of("rand", "random", "now", "curtime", "current_time", "localtime");
        List<String> wrong = new ArrayList<>();
        int checked = 0;
        for (String name : names) {
            String plain = examples.get(name);
            String braces = plain == null ? null : escaped(plain, name);
            if (braces != null) {
                checked++;
                try {
                    String got = one(braces);
                    if (!changing.contains(name) && !String.valueOf(got).equals(String.valueOf(one(plain)))) {
                        wrong.add(braces + " gave " + got);
                    }
                } catch (SQLException e) {
                    wrong.add(braces + ": " + e.getMessage());
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(checked).as("functions with an example, of " + names.size()).isGreaterThan(60);
    }

    @Test
    void functionsThatJdbcCallsOtherwise() throws SQLException {
        String[][] calls = {
            {"IFNULL(NULL, 2)", "2"},
            {"ifnull('a', 'b')", "a"},
            {"DATABASE()", "zepto"},
            {"CHAR(65)", "A"},
            {"SPACE(3)", "   "},
            {"INSERT('abcdef', 2, 3, 'xy')", "axyef"},
            {"INSERT('abc', 1, 0, 'x')", "xabc"},
            {"EXTRACT(YEAR FROM DATE '2024-01-02')", "2024"},
            {"POSITION('a' IN 'bca')", "3"},
            {"TRIM(BOTH 'x' FROM 'xax')", "a"},
            {"TRIM('  a ')", "a"},
            {"OVERLAY('abc' PLACING 'x' FROM 2 FOR 1)", "axc"},
            {"CEIL(1.5)", "2"},
            {"UCASE({fn INSERT({fn SPACE(1)}, 1, 1, {fn CHAR(97)})})", "A"},
            {"CONVERT('1', SQL_INTEGER)", "1"},
            {"convert('1', sql_bigint)", "1"},
            {"CONVERT(1.5e0, SQL_DECIMAL)", "1.5000000000"},
            {"CONVERT({fn CONCAT('1', '2')}, INTEGER)", "12"},
            {"CONVERT(12, SQL_LONGNVARCHAR)", "12"},
            {"CONVERT('true', SQL_BIT)", "true"},
            {"CONVERT(TIMESTAMP '2024-01-02 03:04:05', SQL_DATE)", "2024-01-02"},
            {"CONVERT('2024-01-02 03:04:05.123456789', SQL_TIMESTAMP)", "2024-01-02 03:04:05.123456789"},
        };
        for (String[] call : calls) {
            assertThat(one("SELECT {fn " + call[0] + "}").stripTrailing())
                    .as(call[0])
                    .isEqualTo(call[1].stripTrailing());
        }
        assertThat(one("SELECT {fn SPACE(3)} || '.'")).isEqualTo("   .");
        assertThat(one("SELECT count(*) FROM every WHERE {fn USER()} IS NOT NULL"))
                .isEqualTo("2");
        assertThat(one("SELECT {fn CURRENT_TIMESTAMP(0)}")).doesNotContain(".");
        assertThat(one("SELECT {fn CURRENT_TIMESTAMP(3)} <= now()")).isEqualTo("true");
        for (String call :
                new String[] {"RAND(3)", "CONVERT(1, SQL_ROWID)", "CONVERT(1, SQL_INTERVAL_DAY)", "CONVERT(1, POINT)"
                }) {
            SQLException refused = catchThrowableOfType(SQLException.class, () -> one("SELECT {fn " + call + "}"));
            assertThat(refused.getSQLState()).as(call).isEqualTo("0A000");
            assertThat(refused.getMessage()).contains(call.contains("RAND") ? "seed" : "SQL_VARCHAR");
        }
        SQLException noDay = catchThrowableOfType(SQLException.class, () -> one("SELECT {d '2024-02-30'}"));
        assertThat(noDay.getSQLState()).isEqualTo("22008");
        assertThat(noDay.getMessage()).contains("2024-02-30", "no day 30");
        SQLException noDate = catchThrowableOfType(SQLException.class, () -> one("SELECT {ts 'yesterday'}"));
        assertThat(noDate.getSQLState()).isEqualTo("22007");
    }

    @Test
    void conversionsAreThoseThatTheMetaDataSays() throws Exception {
        Set<String> from =
                new TreeSet<>(Set.of("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "REAL", "DOUBLE"));
        from.addAll(Set.of("DECIMAL", "VARCHAR", "VARBINARY", "DATE", "TIME", "TIMESTAMP"));
        Set<String> to = new TreeSet<>(from);
        to.addAll(Set.of("BIT", "FLOAT", "NUMERIC", "CHAR", "LONGVARCHAR", "NCHAR", "NVARCHAR", "CLOB", "NCLOB"));
        to.addAll(Set.of("LONGNVARCHAR", "BINARY", "LONGVARBINARY", "BLOB", "ROWID", "SQLXML", "DATALINK", "ARRAY"));
        DatabaseMetaData metaData = connection.getMetaData();
        assertThat(metaData.supportsConvert()).isTrue();
        run("CREATE TABLE sources ("
                + from.stream().map(type -> "c_" + type + " " + type).collect(joining(", "))
                + ")");
        run(
                "INSERT INTO sources (c_BOOLEAN, c_TINYINT, c_SMALLINT, c_INTEGER, c_BIGINT, c_REAL, c_DOUBLE, c_DECIMAL, c_VARCHAR, c_VARBINARY, c_DATE,"
                        + " c_TIME, c_TIMESTAMP) VALUES (true, 1, 1, 1, 1, 1, 1, 1, 'x', X'01', DATE '2024-01-01', TIME '01:02:03',"
                        + " TIMESTAMP '2024-01-01 00:00:00')");
        List<String> wrong = new ArrayList<>();
        for (String source : from) {
            for (String target : to) {
                boolean said = metaData.supportsConvert(
                        Types.class.getField(source).getInt(null),
                        Types.class.getField(target).getInt(null));
                String sql = "SELECT {fn CONVERT(c_" + source + ", SQL_" + target + ")} FROM sources";
                String refused = null;
                try (Statement statement = connection.createStatement();
                        ResultSet rows = statement.executeQuery(sql)) {
                    assertThat(rows.next()).isTrue();
                } catch (SQLException e) {
                    // a value that the type does not have is no lack of the conversion
                    refused = e.getSQLState().startsWith("22") ? null : e.getSQLState() + " " + e.getMessage();
                }
                if (said != (refused == null)) {
                    wrong.add(source + " to " + target + " said " + said + ": " + refused);
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(metaData.supportsConvert(Types.INTEGER, 4711)).isFalse();
        assertThat(metaData.supportsConvert(Types.REF, Types.VARCHAR)).isFalse();
    }
}
