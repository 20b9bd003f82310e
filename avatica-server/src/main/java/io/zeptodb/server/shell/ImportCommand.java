package io.zeptodb.server.shell;

import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Session;
import io.zeptodb.jdbc.ZeptoDataSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zepto import}: a CSV file into a table, with a progress bar on a terminal. */
@Command(name = "import", mixinStandardHelpOptions = true, description = "Copy a CSV file (or .csv.gz) into a table.")
public final class ImportCommand implements Callable<Integer> {
    private static final String UNDEFINED_TABLE = ErrorCode.UNDEFINED_TABLE.sqlState();
    private static final double NANOS_PER_SECOND = 1e9;

    @Spec
    private @Nullable CommandSpec spec; // set by picocli

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "The file; of a remote database, as its server sees it.")
    private Path file = Path.of("");

    @Parameters(index = "1", paramLabel = "TABLE", description = "The table.")
    private String table = "";

    @Option(names = "--db", paramLabel = "URL", required = true, description = "The database.")
    private String url = "";

    @Option(
            names = "--create",
            paramLabel = "COLUMNS",
            description =
                    "Create the table first, with these columns: \"symbol SYMBOL, price DOUBLE, ts TIMESTAMP_NS\".")
    private @Nullable String columns;

    @Option(names = "--delimiter", paramLabel = "CHAR", description = "Between fields (default: a comma).")
    private @Nullable String delimiter;

    @Option(names = "--no-header", description = "The first line is data, fields are in the table's order.")
    private boolean noHeader;

    @Option(names = "--null", paramLabel = "TEXT", description = "What NULL looks like (default: nothing).")
    private @Nullable String nullText;

    @Option(
            names = "--timestamp-format",
            paramLabel = "FORMAT",
            description = "iso, epoch_s, epoch_ms, epoch_us, epoch_ns or a pattern such as 'dd/MM/yyyy HH:mm:ss'.")
    private @Nullable String timestampFormat;

    @Option(names = "--skip-errors", description = "Leave bad lines out and count them, instead of storing nothing.")
    private boolean skipErrors;

    @Override
    public Integer call() throws SQLException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try (Connection connection = new ZeptoDataSource(url).getConnection();
                Statement statement = connection.createStatement()) {
            if (columns != null) {
                statement.execute("CREATE TABLE " + quoted(table) + " (" + columns + ")");
            }
            checkTable(connection);
            long start = System.nanoTime();
            long rows = copy(connection, statement);
            double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
            String noun = rows == 1 ? "row" : "rows";
            out.printf(
                    Locale.ROOT,
                    "imported %,d %s into %s in %.2f s: %,.0f rows/s%n",
                    rows,
                    noun,
                    table,
                    seconds,
                    rows / seconds);
            for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                out.println(warning.getMessage());
            }
            out.flush();
        }
        return CommandLine.ExitCode.OK;
    }

    /** COPY would say it too, but with a place in a statement that the user did not write. */
    private void checkTable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT * FROM " + quoted(table) + " LIMIT 0")) {
            rows.getMetaData();
        } catch (SQLException e) {
            if (!UNDEFINED_TABLE.equals(e.getSQLState())) {
                throw e;
            }
            throw new SQLException(
                    "table '" + table + "' does not exist in " + new ZeptoDataSource(url).shownUrl()
                            + ": give its columns, as --create \"symbol SYMBOL, "
                            + "price DOUBLE, ts TIMESTAMP_NS\", or make it first with CREATE TABLE",
                    e.getSQLState(),
                    e);
        }
    }

    private long copy(Connection connection, Statement statement) throws SQLException {
        Path absolute = file.toAbsolutePath();
        if (!connection.isWrapperFor(Session.class)) {
            return statement.executeLargeUpdate(copySql(absolute));
        }
        Session session = connection.unwrap(Session.class);
        try (ProgressLine progress = ProgressLine.of(
                "import " + file.getFileName(), absolute.toFile().length(), "bytes")) {
            session.setProgressListener((done, total) -> progress.at(done));
            return statement.executeLargeUpdate(copySql(absolute));
        } finally {
            session.setProgressListener(null);
        }
    }

    private String copySql(Path absolute) {
        List<String> options = new ArrayList<>();
        option(options, "delimiter", delimiter);
        option(options, "null", nullText);
        option(options, "timestamp_format", timestampFormat);
        option(options, "header", noHeader ? "false" : null);
        option(options, "on_error", skipErrors ? "skip" : null);
        String list = options.isEmpty() ? "" : " WITH (" + String.join(", ", options) + ")";
        return "COPY " + quoted(table) + " FROM " + literal(absolute.toString()) + list;
    }

    private static void option(List<String> options, String name, @Nullable String value) {
        if (value != null) {
            options.add(name + " = " + literal(value));
        }
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
