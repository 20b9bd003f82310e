package io.zeptodb.server;

import io.zeptodb.server.access.UserCommand;
import io.zeptodb.server.demo.DemoCommand;
import io.zeptodb.server.folder.BackupCommand;
import io.zeptodb.server.folder.CheckCommand;
import io.zeptodb.server.folder.InfoCommand;
import io.zeptodb.server.shell.ImportCommand;
import io.zeptodb.server.shell.SqlCommand;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * The {@code zepto} command: a name for each thing it can do, each a class of its own in {@code subcommands}. Exit codes: 0 done,
 * 1 failed, 2 called wrongly. What goes wrong is told in one line on standard error; {@code --stacktrace} tells the rest.
 */
@Command(
        name = "zepto",
        description = "ZeptoDB: a columnar time-series database in the JVM.",
        mixinStandardHelpOptions = true,
        versionProvider = ProductVersion.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            SqlCommand.class,
            ImportCommand.class,
            ServerCommand.class,
            UserCommand.class,
            InfoCommand.class,
            CheckCommand.class,
            BackupCommand.class,
            HelpCommand.class
        })
public final class ZeptoCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec; // set by picocli

    @CommandLine.Option(
            names = "--stacktrace",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show where in the program an error comes from.")
    private boolean stacktrace;

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs the command in this process; its exit code. */
    public static int run(String... arguments) {
        ZeptoCommand command = new ZeptoCommand();
        return new CommandLine(command)
                .setExecutionExceptionHandler((failure, line, parsed) -> command.report(failure, line))
                .setExitCodeExceptionMapper(failure -> failure instanceof CommandLine.ParameterException
                        ? CommandLine.ExitCode.USAGE
                        : CommandLine.ExitCode.SOFTWARE)
                .execute(arguments);
    }

    @Override
    public Integer call() {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        line.usage(line.getErr());
        return CommandLine.ExitCode.USAGE;
    }

    private static String message(Exception failure) {
        if (failure instanceof FileSystemException onFile && onFile.getReason() == null) {
            // its message is the path alone
            String what = switch (failure.getClass().getSimpleName()) {
                case "NoSuchFileException" -> "there is no file or folder";
                case "AccessDeniedException" -> "access is denied to";
                case "FileAlreadyExistsException" -> "there is already a file";
                default -> "cannot read or write";
            };
            return what + " '" + onFile.getFile() + "'";
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private int report(Exception failure, CommandLine line) {
        PrintWriter out = line.getErr();
        String message = message(failure);
        out.println(line.getColorScheme().errorText("zepto: " + message));
        if (stacktrace) {
            StringBuilder trace = new StringBuilder();
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                trace.append(cause).append('\n');
                for (StackTraceElement element : cause.getStackTrace()) {
                    trace.append("    at ").append(element).append('\n');
                }
            }
            out.print(trace);
        }
        out.flush();
        return CommandLine.ExitCode.SOFTWARE;
    }
}
