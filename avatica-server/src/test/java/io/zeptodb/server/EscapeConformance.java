package io.zeptodb.server;

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
}
