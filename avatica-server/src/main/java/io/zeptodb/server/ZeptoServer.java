package io.zeptodb.server;

import io.zeptodb.engine.api.Database;
import io.zeptodb.jdbc.ZeptoDataSource;
import io.zeptodb.jdbc.meta.StatementListener;
import io.zeptodb.jdbc.wire.WireProtocol;
import io.zeptodb.server.access.HeaderLimit;
import io.zeptodb.server.access.ServerAccess;
import io.zeptodb.server.endpoint.AvaticaEndpoint;
import io.zeptodb.server.endpoint.ClientPatience;
import io.zeptodb.server.endpoint.EndpointSettings;
import io.zeptodb.server.endpoint.LeaseTerms;
import io.zeptodb.server.endpoint.RequestRoom;
import io.zeptodb.server.endpoint.ServedConnections;
import io.zeptodb.server.monitoring.HealthEndpoint;
import io.zeptodb.server.monitoring.MetricsEndpoint;
import io.zeptodb.server.monitoring.ServerMetrics;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one database to {@code jdbc:zepto://localhost:PORT/} and to Avatica's own driver ({@code
 * jdbc:avatica:remote:url=http://localhost:PORT/;serialization=protobuf}, JSON too), on the loopback address for everybody there, or as
 * {@link ServerAccess} says. Thread-safe.
 *
 * <pre>{@code
 * try (ZeptoServer server = ZeptoServer.builder().url("jdbc:zepto:mem:ticks").port(8765).start()) {
 *     server.join();
 * }
 * }</pre>
 */
public final class ZeptoServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ZeptoServer.class);

    /** What a URL without a port means. */
    public static final int DEFAULT_PORT = 8765;

    private static final Duration DEFAULT_IDLE = Duration.ofMinutes(30);
    private static final Duration DEFAULT_IDLE_RESULT = Duration.ofMinutes(10);
    private static final int DEFAULT_REQUEST_BYTES = 256 << 20;
    /** Sockets that wait to be taken: pools open many at once. */
    private static final int ACCEPT_QUEUE = 1_024;
    /** Sockets that are open at the same time; more wait until some are closed. */
    private static final int MOST_SOCKETS = 2_000;

    private static final long SWEEP_SECONDS = 30;
    private static final long GONE_CHECK_SECONDS = 1;
    private static final long STOP_MILLIS = 2_000;
    /** At the stop, a client that says nothing has nothing to wait for. */
    private static final long IDLE_AT_STOP_MILLIS = 50;

    private static final int MOST_THREADS = 200;
    /** Threads that accept, and as many that wait for requests. */
    private static final int CONNECTOR_THREADS = 1;

    private static final Pattern PATHS_IN_URL = Pattern.compile("[?&]allowed_paths=", Pattern.CASE_INSENSITIVE);

    private final ServerAccess access;
    private final Server http;
    private final ServerConnector connector;
    private final ServedConnections connections;
    private final AvaticaEndpoint endpoint;
    private final HeaderLimit headers;
    private final BufferAllocator allocator;
    private final Database database;
    private final ServerMetrics metrics;
    private final ScheduledExecutorService sweeper;
    private final @Nullable Connection holder;
    private boolean closed;

    private ZeptoServer(Database database, @Nullable Connection holder, Builder settings, String allowedPaths)
            throws IOException {
        this.holder = holder;
        this.database = database;
        this.connections = new ServedConnections(
                database, settings.mostIdle, settings.mostIdleResult, settings.leases, allowedPaths, this::listener);
        this.metrics = new ServerMetrics(database, connections::count);
        this.sweeper = Executors.newSingleThreadScheduledExecutor(action -> {
            Thread thread = new Thread(action, "zepto-server-sweeper");
            thread.setDaemon(true);
            return thread;
        });
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS);
        threads.setName("zepto-server");
        this.http = new Server(threads);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        this.access = settings.access;
        this.connector = listening(configuration);
        connector.setPort(settings.port);
        connector.setAcceptQueueSize(ACCEPT_QUEUE);
        connector.setIdleTimeout(settings.patience.underWay().toMillis()); // until a user is known
        connector.setShutdownIdleTimeout(IDLE_AT_STOP_MILLIS);
        http.addConnector(connector);
        this.allocator = database.allocator().newChildAllocator("answers to clients", 0, Long.MAX_VALUE);
        this.headers = new HeaderLimit(settings.patience.underWay());
        this.endpoint = new AvaticaEndpoint(
                connections,
                host() + ":" + settings.port,
                allocator,
                metrics,
                new EndpointSettings(
                        settings.wireVersions,
                        RequestRoom.ofHeap(settings.mostRequestBytes),
                        settings.patience,
                        settings.statementThreads));
        try {
            headers.setHandler(new Handler.Sequence(
                    new HealthEndpoint(this::isReady),
                    access.guard(
                            new Handler.Sequence(new MetricsEndpoint(metrics), endpoint), metrics::countRefusedLogin)));
            http.setHandler(headers);
            connector.addEventListener(headers);
            http.addBean(new NetworkConnectionLimit(MOST_SOCKETS, connector));
        } catch (IOException e) {
            allocator.close();
            metrics.close();
            sweeper.shutdownNow();
            throw e;
        }
        ErrorHandler errors = new ErrorHandler();
        errors.setShowStacks(false); // they tell strangers how the server is made
        errors.setShowCauses(false);
        http.setErrorHandler(errors);
        http.setStopTimeout(STOP_MILLIS);
    }

    private ServerConnector listening(HttpConfiguration configuration) throws IOException {
        try {
            return access.connector(http, configuration, CONNECTOR_THREADS, sweeper);
        } catch (IOException | RuntimeException e) {
            metrics.close();
            sweeper.shutdownNow();
            throw e;
        }
    }

    private StatementListener listener(String connection, String user) {
        return metrics.listener(connection, user);
    }

    private boolean isReady() {
        return connections.takesWork() && !database.isClosed();
    }

    private String host() {
        return access.host() == null ? "localhost" : access.host();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** What a server needs to know before it starts. */
    public static final class Builder {
        private @Nullable String url;
        private @Nullable Database database;
        private int port = DEFAULT_PORT;
        private Duration mostIdle = DEFAULT_IDLE;
        private Duration mostIdleResult = DEFAULT_IDLE_RESULT;
        private LeaseTerms leases = LeaseTerms.DEFAULT;
        private int mostRequestBytes = DEFAULT_REQUEST_BYTES;
        private ClientPatience patience = ClientPatience.DEFAULT;
        private @Nullable String allowedPaths;
        private ServerAccess access = ServerAccess.LOCAL;
        private int statementThreads = EndpointSettings.STATEMENT_THREADS;
        private List<Integer> wireVersions = WireProtocol.VERSIONS;

        private Builder() {}

        /** The database of a URL of this process, open as long as the server runs. */
        public Builder url(String jdbcUrl) {
            this.url = jdbcUrl;
            return this;
        }

        /** A database that is open; it stays the caller's. */
        public Builder database(Database open) {
            this.database = open;
            return this;
        }

        /** 0 takes a free one, which {@link ZeptoServer#port()} tells. */
        public Builder port(int number) {
            this.port = number;
            return this;
        }

        /**
         * Folders of this machine in which clients may read and write files, as the option {@code allowed_paths} says them. Without this, what the URL
         * says; without that, none.
         */
        public Builder allowedPaths(String folders) {
            this.allowedPaths = folders;
            return this;
        }

        /** A connection that sends nothing for this long is closed. */
        public Builder mostIdle(Duration duration) {
            this.mostIdle = duration;
            return this;
        }

        /** A result that is open and of which nothing is asked for this long is closed: it holds a snapshot of the tables. */
        public Builder mostIdleResult(Duration duration) {
            this.mostIdleResult = duration;
            return this;
        }

        /** How clients of ours show that they live; without this every five seconds, and after twenty in silence they are taken for dead. */
        public Builder leases(LeaseTerms terms) {
            this.leases = terms;
            return this;
        }

        /** Most bytes of one request, such as a batch of rows. */
        public Builder mostRequestBytes(int bytes) {
            this.mostRequestBytes = bytes;
            return this;
        }

        /** How long clients are waited for. */
        public Builder patience(ClientPatience times) {
            this.patience = times;
            return this;
        }

        /** From where it can be reached, and by whom; without this on the loopback address, by everybody there. */
        public Builder access(ServerAccess who) {
            this.access = who;
            return this;
        }

        /** Versions of our own protocol that are spoken; none leaves all clients with Avatica's. For tests of older servers. */
        Builder wireVersions(List<Integer> versions) {
            this.wireVersions = versions;
            return this;
        }

        /** Requests that run at the same time, 256 without this; more wait. One user has at most three times as many of them as are free. */
        public Builder statementThreads(int threads) {
            this.statementThreads = threads;
            return this;
        }

        /**
         * Starts the server.
         *
         * @throws SQLException when the database cannot be opened
         * @throws IOException when the port is taken, or a file of users or certificates cannot be used
         * @throws IllegalArgumentException when others could reach it and it was not said who may
         */
        public ZeptoServer start() throws SQLException, IOException {
            if ((url == null) == (database == null)) {
                throw new IllegalStateException("a server wants either a url or a database");
            }
            access.check();
            if (database != null) {
                return started(new ZeptoServer(database, null, this, foldersOfClients()));
            }
            Connection holder = new ZeptoDataSource(Objects.requireNonNull(url)).getConnection();
            try {
                return started(new ZeptoServer(holder.unwrap(Database.class), holder, this, foldersOfClients()));
            } catch (SQLException | IOException | RuntimeException e) {
                try (holder) {
                    throw e;
                }
            }
        }

        private String foldersOfClients() {
            if (allowedPaths != null) {
                return allowedPaths;
            }
            boolean saidByUrl = url != null && PATHS_IN_URL.matcher(url).find();
            return saidByUrl ? "*" : "";
        }

        private static ZeptoServer started(ZeptoServer server) throws IOException {
            try {
                server.connector.open(); // before it is served, the port is known that clients are told
                server.endpoint.tellAddress(server.host() + ":" + server.port());
                server.http.start();
            } catch (Exception e) {
                server.connector.close();
                server.sweeper.shutdownNow();
                throw new IOException("cannot listen on port " + server.connector.getPort() + ": " + e.getMessage(), e);
            }
            server.sweep(server.connections::closeIdle, SWEEP_SECONDS);
            server.sweep(server.endpoint::cancelForGoneClients, GONE_CHECK_SECONDS);
            server.sweep(server.headers::check, GONE_CHECK_SECONDS);
            return server;
        }
    }

    private void sweep(Runnable task, long everySeconds) {
        Runnable untiring = () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                LOG.error("the server's housekeeping failed; it goes on", e); // or it would never come again
            }
        };
        Future<?> sweeping = sweeper.scheduleWithFixedDelay(untiring, everySeconds, everySeconds, TimeUnit.SECONDS);
        if (sweeping.isCancelled()) {
            throw new IllegalStateException("the sweeper was stopped before it began");
        }
    }

    /** The port it listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    /** What clients connect with. A server on all addresses gives the name of the machine. */
    public String jdbcUrl() {
        return "jdbc:zepto://" + access.nameForClients() + ":" + port() + "/"
                + (access.tls() == null ? "" : "?tls=true");
    }

    /** Connections of clients that are open now. */
    public int connectionCount() {
        return connections.count();
    }

    /** Closes the connections that were idle for too long; the server does it by itself now and then. */
    public void closeIdleConnections() {
        connections.closeIdle();
    }

    /** As {@link #closeIdleConnections()}, with a time of its own. For tests, whose clients are gone. */
    void closeIdleConnections(Duration most) {
        connections.closeIdle(most);
    }

    /** Waits until the server is closed. */
    public void join() throws InterruptedException {
        http.join();
    }

    /**
     * Ends the server without harm to those who are at work: new connections and statements are refused with 57P01, those under way have this time to come to
     * their end, then it is closed.
     *
     * @param most time for them
     */
    public void stop(Duration most) throws SQLException, IOException, InterruptedException {
        if (!connections.drain(most)) {
            LOG.info("what was not done within {} s is cancelled", most.toSeconds());
        }
        close();
    }

    /** Takes no more requests, cancels what runs, closes the clients' sessions and, if it opened it, the database. */
    @Override
    public synchronized void close() throws SQLException, IOException {
        if (closed) {
            return;
        }
        closed = true;
        sweeper.shutdownNow();
        StoppingSteps steps = new StoppingSteps();
        // first what runs, for its requests would keep the rest waiting; they are answered with an error
        steps.run(connections::close);
        steps.run(http::stop);
        steps.run(allocator::close);
        steps.run(metrics::close);
        Connection last = holder;
        if (last != null) {
            steps.run(last::close);
        }
        steps.end();
    }
}
