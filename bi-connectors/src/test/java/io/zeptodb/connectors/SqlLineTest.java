package io.zeptodb.connectors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import sqlline.DispatchCallback;
import sqlline.SqlLine;

/** SQLLine, with its commands about the catalog. */
class SqlLineTest {
    @TestFactory
    List<DynamicTest> commandsAndQueries() {
        return Places.both(url -> {
            ByteArrayOutputStream printed = new ByteArrayOutputStream();
            SqlLine sqlLine = new SqlLine();
            try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
                sqlLine.setOutputStream(out);
                sqlLine.setErrorStream(out);
                run(sqlLine, printed, "!set maxwidth 1000");
                run(sqlLine, printed, "!set outputformat csv");
                run(sqlLine, printed, "!connect " + url + " '' ''");
                run(sqlLine, printed, "CREATE TABLE ticks (symbol SYMBOL, price DOUBLE, ts TIMESTAMP);");
                run(
                        sqlLine,
                        printed,
                        "INSERT INTO ticks VALUES ('AAPL', 101.25, TIMESTAMP '2024-08-09 10:00:00.123456789');");
                assertThat(lines(run(sqlLine, printed, "!tables")))
                        .anyMatch(line -> line.startsWith("'zepto','main','ticks','TABLE'"));
                List<String> columns = lines(run(sqlLine, printed, "!describe ticks"));
                assertThat(columns.get(0))
                        .startsWith("'TABLE_CAT','TABLE_SCHEM','TABLE_NAME','COLUMN_NAME','DATA_TYPE'");
                assertThat(columns.subList(1, columns.size()))
                        .hasSize(3)
                        .satisfiesExactly(
                                line -> assertThat(line).startsWith("'zepto','main','ticks','symbol','12','SYMBOL'"),
                                line -> assertThat(line).startsWith("'zepto','main','ticks','price','8','DOUBLE'"),
                                line -> assertThat(line).startsWith("'zepto','main','ticks','ts','93','TIMESTAMP'"));
                assertThat(run(sqlLine, printed, "!indexes ticks")).contains("'ticks_order'");
                assertThat(lines(run(sqlLine, printed, "SELECT symbol, price, ts FROM ticks;")))
                        .containsExactly("'symbol','price','ts'", "'AAPL','101.25','2024-08-09 10:00:00.123456789'");
                assertThat(run(sqlLine, printed, "SELECT nothing FROM ticks;")).contains("42703");
                run(sqlLine, printed, "!closeall");
            }
        });
    }

    /** What a command prints. */
    private static String run(SqlLine sqlLine, ByteArrayOutputStream printed, String command) {
        printed.reset();
        sqlLine.runCommands(List.of(command), new DispatchCallback());
        return printed.toString(StandardCharsets.UTF_8);
    }

    /** The header and the rows, without what SQLLine says beside. */
    private static List<String> lines(String printed) {
        return printed.lines().filter(line -> line.startsWith("'")).toList();
    }
}
