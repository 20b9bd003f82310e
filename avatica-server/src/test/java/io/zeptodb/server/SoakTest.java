package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many pooled connections that read and write at the same time, and processes of clients that are killed in the middle: every answer is right, and nothing is
 * left when they are gone. {@code -Dsoak.seconds=600} makes it long; the gate runs a short form.
 */
class SoakTest {
    private static final int SECONDS = Integer.getInteger("soak.seconds", 8);
    private static final int CONNECTIONS = 64;
    private static final int KILLED_AT_ONCE = 2;
    private static final Duration IDLE = Duration.ofSeconds(15);
    private static final int SOME_HANDLES = 40;
    private static final Path HANDLES = Path.of("/proc/self/fd");

    private volatile long end;

    private boolean isOver() {
        return System.nanoTime() >= end;
    }

    private static Process startClient(String url, int number) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SoakClient.class.getName(),
                        url,
                        "killed-" + number,
                        Integer.toString(number))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(new File("target/soak-client-" + number % 16 + ".log")))
                .start();
    }

    /** Starts processes and kills them after a while; how many. */
    private int killClients(String url) throws Exception {
        int killed = 0;
        while (!isOver()) {
            List<Process> running = new ArrayList<>();
            for (int i = 0; i < KILLED_AT_ONCE; i++) {
                running.add(startClient(url, killed++));
            }
            TimeUnit.MILLISECONDS.sleep(3_000 + killed * 37 % 1_000);
            for (Process process : running) {
                assertThat(process.isAlive()).as("a client ended by itself").isTrue();
                process.destroyForcibly().waitFor();
            }
        }
        return killed;
    }

    private static long handles() throws IOException {
        if (!Files.isDirectory(HANDLES)) {
            return 0; // nothing of this kind can be counted here
        }
        try (Stream<Path> open = Files.list(HANDLES)) {
            return open.count();
        }
    }

    private static long heap() throws InterruptedException {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
            TimeUnit.MILLISECONDS.sleep(100);
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }

    @Test
    void everyAnswerIsRightAndNothingIsLeft(@TempDir Path folder) throws Exception {
        String database = "jdbc:zepto:file:" + folder.resolve("db") + "?durability=async";
        long handlesBefore;
        long heapBefore;
        long checked = 0;
        long written = 0;
        int killed;
        try (Connection local = DriverManager.getConnection(database)) {
            ZeptoServer server = ZeptoServer.builder()
                    .url(database)
                    .port(0)
                    .mostIdle(IDLE)
                    .mostIdleResult(IDLE)
                    .start();
            try (Statement statement = local.createStatement()) {
                SoakClient.fill(statement);
            }
            handlesBefore = handles();
            heapBefore = heap();
            end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            ExecutorService threads = Executors.newCachedThreadPool();
            List<SoakClient> clients = new ArrayList<>();
            try (HikariDataSource pool = pool(server.jdbcUrl())) {
                Future<Integer> killing = threads.submit(() -> killClients(server.jdbcUrl()));
                List<Future<?>> working = new ArrayList<>();
                for (int i = 0; i < CONNECTIONS; i++) {
                    SoakClient client = new SoakClient("client-" + i, i);
                    clients.add(client);
                    working.add(threads.submit(() -> work(client, pool)));
                }
                for (Future<?> each : working) {
                    each.get();
                }
                killed = killing.get();
            }
            threads.shutdown();
            for (SoakClient client : clients) {
                checked += client.checked();
                written += client.written();
            }
            checkAtTheEnd(local, clients);
            awaitNoConnections(server);
            awaitFewHandles(handlesBefore + SOME_HANDLES);
            server.close(); // fails when an answer's memory is left
        }
        assertThat(checked).as("answers that were checked").isGreaterThanOrEqualTo(CONNECTIONS);
        assertThat(killed).isPositive();
        long heapAfter = heap();
        System.out.printf(
                Locale.ROOT,
                "soak of %d s: %d connections, %,d answers checked, %,d rows written, %d clients killed, heap %d MB before and"
                        + " %d MB after, %d handles before and %d after%n",
                SECONDS,
                CONNECTIONS,
                checked,
                written,
                killed,
                heapBefore >> 20,
                heapAfter >> 20,
                handlesBefore,
                handles());
    }

    private static HikariDataSource pool(String url) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(180_000);
        return new HikariDataSource(config);
    }

    private Void work(SoakClient client, HikariDataSource pool) throws SQLException {
        // on a machine that is busy a client may have had no turn until then
        while (!isOver() || client.checked() == 0) {
            try (Connection connection = pool.getConnection()) {
                for (int i = 0; i < 5 && (!isOver() || client.checked() == 0); i++) {
                    client.step(connection);
                }
            }
        }
        return null;
    }

    /** What every client knows to be stored is stored, and nothing besides. */
    private static void checkAtTheEnd(Connection local, List<SoakClient> clients) throws SQLException {
        long written = clients.stream().mapToLong(SoakClient::written).sum();
        long added = clients.stream().mapToLong(SoakClient::added).sum();
        try (Statement statement = local.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM soak WHERE client LIKE 'client-%'")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getLong(1)).isEqualTo(written);
            }
            try (ResultSet rows = statement.executeQuery("SELECT sum(n) FROM tally")) {
                assertThat(rows.next()).isTrue();
                // those that were killed have added too, and did not live to tell
                assertThat(rows.getLong(1)).isGreaterThanOrEqualTo(added);
            }
        }
    }

    /** Sockets are closed some time after their connections. */
    private static void awaitFewHandles(long most) throws Exception {
        long until = System.nanoTime() + 4 * IDLE.toNanos();
        while (handles() >= most && System.nanoTime() < until) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(handles()).as("open handles").isLessThan(most);
    }

    /** Those of the pool were closed; those that were killed are closed when they were idle for long enough. */
    private static void awaitNoConnections(ZeptoServer server) throws InterruptedException {
        long most = System.nanoTime() + 4 * IDLE.toNanos();
        while (server.connectionCount() > 0 && System.nanoTime() < most) {
            server.closeIdleConnections();
            TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(server.connectionCount()).isZero();
    }
}
