package io.zeptodb.server.folder;

import io.zeptodb.engine.FolderSummary;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zepto info}: what a database folder holds. */
@Command(
        name = "info",
        mixinStandardHelpOptions = true,
        description =
                "Show what a database folder holds, also while a process has it open; rows that only the log has are not counted.")
public final class InfoCommand implements Callable<Integer> {
    private static final String ROW = "%-32s %8s %11s %9s %16s %14s %18s%n";

    @Spec
    private @Nullable CommandSpec spec; // set by picocli

    @Parameters(index = "0", paramLabel = "PATH", description = "The folder of the database.")
    private String path = "";

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        FolderSummary summary = FolderSummary.read(path);
        out.println("folder    " + summary.location());
        out.println("database  " + summary.database() + ", manifest " + summary.generation());
        out.printf(Locale.ROOT, "log       %,d bytes in %d files%n%n", summary.logBytes(), summary.logFiles());
        out.printf(Locale.ROOT, ROW, "table", "columns", "partitions", "segments", "rows sealed", "deleted", "bytes");
        for (FolderSummary.Table table : summary.tables()) {
            out.printf(
                    Locale.ROOT,
                    ROW,
                    table.name(),
                    table.columns(),
                    table.partitions(),
                    table.segments(),
                    grouped(table.rows()),
                    grouped(table.deleted()),
                    grouped(table.bytes()));
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
