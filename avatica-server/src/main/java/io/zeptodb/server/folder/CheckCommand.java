package io.zeptodb.server.folder;

import io.zeptodb.engine.FolderCheck;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zepto check}: reads a whole database folder and says which files are damaged, and where. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = {
            "Read all that a database folder has and compare every checksum and every count.",
            "Exit code 0 when all is good, 1 when something is damaged. No process may have the database open to write."
        })
public final class CheckCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec; // set by picocli

    @Parameters(index = "0", paramLabel = "PATH", description = "The folder of the database.")
    private String path = "";

    @Option(
            names = {"-q", "--quiet"},
            description = "Name damaged files only.")
    private boolean quiet;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        int[] files = new int[2];
        boolean good = FolderCheck.run(path, finding -> {
            files[finding.isGood() ? 0 : 1]++;
            if (!finding.isGood() || !quiet) {
                out.println((finding.isGood() ? "good     " : "DAMAGED  ") + finding.file() + ": " + finding.what());
                out.flush();
            }
        });
        out.println(files[0] + " good, " + files[1] + " damaged");
        out.flush();
        return good ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
