package io.zeptodb.server.monitoring;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.ErrorText;
import io.zeptodb.jdbc.meta.StatementListener;
import io.zeptodb.jdbc.value.SqlErrors;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The figures of a server, and a line of the log at debug for each statement that ended. The names of the figures are in docs/operations.md. Thread-safe.
 */
public final class ServerMetrics implements AutoCloseable {
    /** A logger of its own, so that statements can be logged without the rest. */
    private static final Logger STATEMENTS = LoggerFactory.getLogger("io.zeptodb.server.Statements");

    private static final String SUCCESS = "00000";
    private static final double NANOS_PER_MILLI = 1e6;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Counter bytesSent;
    private final Counter bytesReceived;
    private final Counter refusedLogins;

    /**
     * Begins to count.
     *
     * @param connections how many are open now
     */
    public ServerMetrics(Database database, IntSupplier connections) {
        Gauge.builder("zepto.connections", connections::getAsInt)
                .description("Connections of clients that are open")
                .register(registry);
        Gauge.builder("zepto.memory.used", database, open -> open.allocator().getAllocatedMemory())
                .description("Memory of the database that is in use")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("zepto.memory.limit", database, open -> open.allocator().getLimit())
                .description("Most memory that the database may use")
                .baseUnit("bytes")
                .register(registry);
        bytesSent = Counter.builder("zepto.sent")
                .description("Bytes of answers")
                .baseUnit("bytes")
                .register(registry);
        bytesReceived = Counter.builder("zepto.received")
                .description("Bytes of requests")
                .baseUnit("bytes")
                .register(registry);
        refusedLogins = Counter.builder("zepto.logins.refused")
                .description("Requests whose login was refused")
                .register(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    /**
     * Tells of requests from here on.
     *
     * @param running how many have a thread
     * @param waiting how many wait for one
     */
    public void watchRequests(IntSupplier running, IntSupplier waiting) {
        Gauge.builder("zepto.requests.running", running::getAsInt)
                .description("Requests that run")
                .register(registry);
        Gauge.builder("zepto.requests.waiting", waiting::getAsInt)
                .description("Requests that wait for a thread")
                .register(registry);
    }

    /** Counts a request and its answer. */
    public void countExchange(long received, long sent) {
        bytesReceived.increment(received);
        bytesSent.increment(sent);
    }

    /** Counts a login that was refused. */
    public void countRefusedLogin() {
        refusedLogins.increment();
    }

    /** Who is told of the statements of a connection. */
    public StatementListener listener(String connection, String user) {
        return run -> ended(connection, user, run);
    }

    private void ended(String connection, String user, StatementListener.Run run) {
        String state = run.failure() == null
                ? SUCCESS
                : String.valueOf(SqlErrors.translate(run.failure()).getSQLState());
        String kind = run.kind().name().toLowerCase(Locale.ROOT);
        Timer.builder("zepto.statements")
                .description("Statements that ended, from their start to their last row")
                .tag("kind", kind)
                .tag("state", state)
                .register(registry)
                .record(run.nanos(), TimeUnit.NANOSECONDS);
        registry.counter("zepto.rows", "kind", kind).increment(run.rows());
        STATEMENTS
                .atDebug()
                .addKeyValue("connection", connection)
                .addKeyValue("user", user)
                .addKeyValue("state", state)
                .addKeyValue("ms", run.nanos() / NANOS_PER_MILLI)
                .addKeyValue("rows", run.rows())
                .addKeyValue("sql", () -> LogText.oneLine(String.valueOf(ErrorText.shortened(run.sql()))))
                .log("statement");
    }

    /** All figures in the text format of Prometheus. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
