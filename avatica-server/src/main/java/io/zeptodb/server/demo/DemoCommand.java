package io.zeptodb.server.demo;

import io.zeptodb.jdbc.ZeptoDataSource;
import io.zeptodb.server.shell.ResultTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code zepto demo}: ticks in, answers and a picture out. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Make (or load) a day of ticks, query it, and draw a chart.")
public final class DemoCommand implements Callable<Integer> {
    private static final int SHOWN_ROWS = 10;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;

    @Spec
    private @Nullable CommandSpec spec; // set by picocli

    @Option(names = "--data", paramLabel = "DIR", description = "Load trades.csv.gz and quotes.csv.gz of this folder.")
    private @Nullable Path data;

    @Option(
            names = "--db",
            paramLabel = "URL",
            defaultValue = "jdbc:zepto:",
            description = "Database (default: in memory).")
    private String url = "jdbc:zepto:";

    @Option(
            names = "--trades",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Trades to make, with two quotes each (default: ${DEFAULT-VALUE}).")
    private long trades = 1_000_000;

    @Option(
            names = "--picture",
            paramLabel = "FILE",
            defaultValue = "zepto-demo.png",
            description = "Where the chart goes (default: ${DEFAULT-VALUE}).")
    private Path picture = Path.of("zepto-demo.png");

    @Override
    public Integer call() throws SQLException, IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        if (trades < 1) {
            throw new CommandLine.ParameterException(
                    Objects.requireNonNull(spec).commandLine(), "--trades must be at least 1, got " + trades);
        }
        try (Connection connection = new ZeptoDataSource(url).getConnection()) {
            load(connection, out);
            show(connection, out, "VWAP by symbol", DemoQueries.VWAP_BY_SYMBOL);
            show(connection, out, "1-minute bars", DemoQueries.MINUTE_BARS);
            show(connection, out, "trades as of quotes: effective spread", DemoQueries.EFFECTIVE_SPREAD);
            Path written = CandlestickPicture.draw(connection, picture);
            out.println("candlestick chart: " + written.toAbsolutePath());
            out.flush();
        }
        return CommandLine.ExitCode.OK;
    }

    private void load(Connection connection, PrintWriter out) throws SQLException {
        DemoData demo = new DemoData(connection);
        demo.createTables();
        long start = System.nanoTime();
        long rows = data == null ? demo.generate(trades, 2) : demo.load(data);
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        long stored = count(connection, "trades") + count(connection, "quotes");
        if (stored != rows) {
            throw new SQLException("stored " + stored + " rows of the " + rows + " that were sent");
        }
        out.printf(
                Locale.ROOT,
                "%s %,d trades and quotes in %.2f s: %,.0f rows/s%n%n",
                data == null ? "made and inserted" : "loaded",
                rows,
                seconds,
                rows / seconds);
        out.flush();
    }

    private static long count(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void show(Connection connection, PrintWriter out, String title, String sql) throws SQLException {
        out.println(title);
        out.println(sql.indent(4).stripTrailing());
        try (Statement statement = connection.createStatement()) {
            long start = System.nanoTime();
            try (ResultSet rows = statement.executeQuery(sql)) {
                long count = new ResultTable(out, SHOWN_ROWS).print(rows);
                double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
                out.printf(Locale.ROOT, "%,d rows in %.1f ms%n%n", count, millis);
                out.flush();
            }
        }
    }
}
