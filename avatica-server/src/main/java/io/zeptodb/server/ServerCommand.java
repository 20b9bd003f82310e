package io.zeptodb.server;

import io.zeptodb.jdbc.ZeptoDataSource;
import io.zeptodb.server.access.AccessOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code zepto server}: serves a database until it is told to stop. */
@Command(
        name = "server",
        description = "Serve a database to other programs, on this machine or, with users and TLS, on others.",
        mixinStandardHelpOptions = true)
final class ServerCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec; // set by picocli

    @Option(
            names = "--db",
            paramLabel = "URL",
            defaultValue = "jdbc:zepto:mem:server",
            description = "The database to serve (default: ${DEFAULT-VALUE}).")
    private String url = "";

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "" + ZeptoServer.DEFAULT_PORT,
            description = "The port to listen on, 0 for any that is free (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--allow-files",
            paramLabel = "DIR,DIR",
            description =
                    "Folders in which clients may read and write files of this machine, * for all (default: none, or"
                            + " allowed_paths of the URL).")
    private @Nullable String allowedPaths;

    @Mixin
    private AccessOptions access = new AccessOptions();

    @Mixin
    private LifeOptions life = new LifeOptions();

    @Mixin
    private LogOptions log = new LogOptions();

    @Override
    public Integer call() throws SQLException, IOException, InterruptedException {
        log.apply();
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        ZeptoServer.Builder builder =
                life.addTo(ZeptoServer.builder().url(url).port(port).access(access.access()));
        if (allowedPaths != null) {
            builder.allowedPaths(allowedPaths);
        }
        try (ZeptoServer server = builder.start()) {
            Thread stopper = new Thread(() -> stop(server, life.stop()), "zepto-server-stopper");
            Runtime.getRuntime().addShutdownHook(stopper);
            out.println("ZeptoDB serves " + new ZeptoDataSource(url).shownUrl() + " at " + server.jdbcUrl()
                    + " (Ctrl-C ends it)");
            out.flush();
            server.join();
        }
        return CommandLine.ExitCode.OK;
    }

    private static void stop(ZeptoServer server, Duration most) {
        Logger log = LoggerFactory.getLogger(ServerCommand.class); // not before the options of the log hold
        try {
            server.stop(most);
        } catch (SQLException | IOException e) {
            log.error("the server did not stop cleanly", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            log.error("the server was interrupted while it stopped", e);
        }
    }
}
