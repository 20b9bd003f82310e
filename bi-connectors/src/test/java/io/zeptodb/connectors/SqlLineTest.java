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
                sqlLine.runCommands(
                        List.of(
                                "!set maxwidth 1000",
                                "!connect " + url + " '' ''",
                                "CREATE TABLE ticks (symbol SYMBOL, price DOUBLE, ts TIMESTAMP);",
                                "INSERT INTO ticks VALUES ('AAPL', 101.25, TIMESTAMP '2024-08-09 10:00:00.123456789');",
                                "!tables",
                                "!describe ticks",
                                "!indexes ticks",
                                "SELECT symbol, price, ts FROM ticks;",
                                "SELECT nothing FROM ticks;",
                                "!closeall"),
                        new DispatchCallback());
            }
            String text = printed.toString(StandardCharsets.UTF_8);
            assertThat(text)
                    .contains("TABLE_NAME", "ticks", "SYMBOL", "DOUBLE", "TIMESTAMP")
                    .contains("101.25")
                    .contains("2024-08-09 10:00:00.123456789")
                    .contains("ticks_order", "42703");
        });
    }
}
