package io.zeptodb.server.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.zeptodb.jdbc.ZeptoDataSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
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
import sqlline.SqlLine;

/** {@code zepto sql}: one statement, a shell with history, completion and tables, or the statements of a pipe. */
@Command(
        name = "sql",
        mixinStandardHelpOptions = true,
        description = {
            "Run a statement, or open an interactive shell when there is none.",
            "Statements from a pipe or file give their rows as CSV, all of them and nothing else; the first error ends it."
        })
public final class SqlCommand implements Callable<Integer> {
    private static final String URL_PREFIX = "jdbc:";
    private static final double NANOS_PER_MILLI = 1e6;

    @Spec
    private @Nullable CommandSpec spec; // set by picocli

    @Parameters(
            arity = "0..2",
            paramLabel = "[URL] [STATEMENT]",
            description = "A URL (default: jdbc:zepto:, in memory) and a statement.")
    private String[] words = {};

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Most rows shown of a statement on the command line (default: ${DEFAULT-VALUE}).")
    private int rows = 1000;

    @Override
    public Integer call() throws SQLException, IOException {
        boolean hasUrl = words.length > 0 && words[0].toLowerCase(Locale.ROOT).startsWith(URL_PREFIX);
        String url = hasUrl ? words[0] : "jdbc:zepto:";
        int statementAt = hasUrl ? 1 : 0;
        if (words.length > statementAt + 1) {
            throw new CommandLine.ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "the first of two words must be a URL that begins with jdbc:");
        }
        if (words.length > statementAt) {
            return run(url, words[statementAt]);
        }
        return Terminals.isInteractive() ? shell(url) : script(url);
    }

    private int script(String url) throws SQLException, IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try (Connection connection = new ZeptoDataSource(url).getConnection()) {
            // not closed: standard input belongs to the process
            new PipedScript(connection, out).run(new BufferedReader(new InputStreamReader(System.in, UTF_8)));
        }
        return CommandLine.ExitCode.OK;
    }

    private int run(String url, String sql) throws SQLException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        try (Connection connection = new ZeptoDataSource(url).getConnection();
                Statement statement = connection.createStatement()) {
            long start = System.nanoTime();
            boolean gaveRows = statement.execute(sql);
            long count = gaveRows
                    ? new ResultTable(out, rows).print(statement.getResultSet())
                    : Math.max(statement.getLargeUpdateCount(), 0);
            double millis = (System.nanoTime() - start) / NANOS_PER_MILLI;
            String rowsOrRow = count == 1 ? "row" : "rows";
            out.printf(Locale.ROOT, "%,d %s %s(%.1f ms)%n", count, rowsOrRow, gaveRows ? "" : "written ", millis);
            for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                out.println(warning.getMessage());
            }
            out.flush();
        }
        return CommandLine.ExitCode.OK;
    }

    private int shell(String url) throws SQLException, IOException {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        out.println("ZeptoDB at " + new ZeptoDataSource(url).shownUrl());
        out.flush();
        System.setProperty("org.jline.terminal.disableDeprecatedProviderWarning", "true");
        SqlLine.Status status;
        // SqlLine would open its prompt without a database: what is wrong with the URL shall end the command instead
        try (Connection held = new ZeptoDataSource(url).getConnection()) {
            held.clearWarnings();
            status = new InteractiveShell().begin(shellArguments(url), null, true);
        }
        return status == SqlLine.Status.OK ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    static String[] shellArguments(String url) {
        return new String[] {
            // SqlLine would close quotes and brackets that are only just opened
            "--autoPairing=false", "-ac", ShellApplication.class.getName(), "-u", url, "-n", "", "-p", ""
        };
    }
}
