package io.zeptodb.server.folder;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.FolderSummary;
import io.zeptodb.engine.api.Database;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zepto backup}: copies a database folder, consistently. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Copy a database that no process has open into another folder.",
            "Of one that is open, take a backup through it: BACKUP TO 'folder'."
        })
public final class BackupCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec; // set by picocli

    @Parameters(index = "0", paramLabel = "PATH", description = "The folder of the database.")
    private String path = "";

    @Parameters(index = "1", paramLabel = "DEST", description = "The folder of the copy: empty, or not there.")
    private String target = "";

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        // the folder must be there: a backup of a misspelt path would be one of a new, empty database
        FolderSummary.read(path);
        try (Database database = Engine.open(path, Map.of())) {
            long bytes = database.backup(target);
            out.printf(Locale.ROOT, "copied %,d bytes of %s to %s%n", bytes, path, target);
        }
        out.flush();
        return CommandLine.ExitCode.OK;
    }
}
