package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zeptodb.engine.api.Database;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many pooled connections that read and write at the same time, and processes of clients that are killed in the middle: every answer is right, and nothing is
 * left when they are gone. {@code -Dsoak.seconds=600} makes it long; the gate runs a short form.
 */
class SoakTest {
    private static final int SECONDS = Integer.getInteger("soak.seconds", 6);
    private static final int CONNECTIONS = 64;
    /** A long form has to see that the server looks after them by itself; in a short one there is no time for that. */
    private static final boolean LONG = SECONDS >= 60;

    private static final Duration IDLE = Duration.ofSeconds(15);
    /** For which a connection is idle when its client is gone for certain. */
    private static final Duration GONE = Duration.ofMillis(200);

    private static final int FIRST_ROUNDS = 3;
    private static final long MOST_SECONDS_TO_GIVE_BACK = 120;

    private volatile long end;

    private boolean isOver() {
        return System.nanoTime() >= end;
    }

    /** Kills clients that are at work, and starts others as long as there is time for their connections to become idle meanwhile. */
    private Void killClients(KilledClients clients) throws Exception {
        while (true) {
            TimeUnit.MILLISECONDS.sleep(300 + clients.count() * 137 % 1_000);
            clients.kill();
            if (end - System.nanoTime() < 2 * IDLE.toNanos()) {
                return null;
            }
            clients.start();
        }
    }

    @Test
    void everyAnswerIsRightAndNothingIsLeft(@TempDir Path folder) throws Exception {
        String database = "jdbc:zepto:file:" + folder.resolve("db") + "?durability=async";
        try (Connection local = DriverManager.getConnection(database)) {
            try (Statement statement = local.createStatement()) {
                SoakClient.fill(statement);
            }
            try (ZeptoServer server = ZeptoServer.builder()
                    .url(database)
                    .port(0)
                    .mostIdle(IDLE)
                    .mostIdleResult(IDLE)
                    .start()) {
                soak(server, local);
            } // fails when an answer's memory is left
        }
    }

    private void soak(ZeptoServer server, Connection local) throws Exception {
        useFirst(server);
        Database database = local.unwrap(Database.class);
        HeldResources before = new HeldResources(database);
        List<SoakClient> clients;
        int killed;
        try (KilledClients processes = new KilledClients(server.jdbcUrl(), local)) {
            processes.start();
            clients = work(server, processes);
            killed = processes.count();
        }
        checkAtTheEnd(local, clients);
        awaitNoConnections(server);
        HeldResources after = awaitAllGivenBack(database, before);
        long checked = clients.stream().mapToLong(SoakClient::checked).sum();
        assertThat(checked).as("answers that were checked").isGreaterThanOrEqualTo(CONNECTIONS);
        System.out.printf(
                Locale.ROOT,
                "soak of %d s: %d connections, %,d answers checked, %,d rows written, %d clients killed%n  before: %s%n  after: %s%n",
                SECONDS,
                CONNECTIONS,
                checked,
                clients.stream().mapToLong(SoakClient::written).sum(),
                killed,
                before,
                after);
    }

    /** Does everything once: what is made at its first use is there then, and does not look as if it was left. */
    private static void useFirst(ZeptoServer server) throws Exception {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl())) {
            SoakClient client = new SoakClient("first", 0);
            for (int i = 0; i < FIRST_ROUNDS; i++) {
                client.everyStep(connection);
            }
        }
        awaitNoConnections(server);
    }

    /** All clients at work, until the time is over. */
    private List<SoakClient> work(ZeptoServer server, KilledClients processes) throws Exception {
        end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        ExecutorService threads = Executors.newCachedThreadPool();
        List<SoakClient> clients = new ArrayList<>();
        try (HikariDataSource pool = pool(server.jdbcUrl())) {
            Future<?> killing = threads.submit(() -> killClients(processes));
            List<Future<?>> working = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                SoakClient client = new SoakClient("client-" + i, i);
                clients.add(client);
                working.add(threads.submit(() -> work(client, pool)));
            }
            for (Future<?> each : working) {
                each.get();
            }
            killing.get();
        }
        threads.shutdown();
        return clients;
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

    /** Those of the pool were closed; those that were killed are closed when they were idle for long enough. */
    private static void awaitNoConnections(ZeptoServer server) throws InterruptedException {
        long most = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS_TO_GIVE_BACK);
        while (server.connectionCount() > 0 && System.nanoTime() < most) {
            TimeUnit.MILLISECONDS.sleep(50);
            if (!LONG) {
                server.closeIdleConnections(GONE);
            }
        }
        assertThat(server.connectionCount()).isZero();
    }

    /** The pool and the processes are gone, and so is what was held for them: threads may be on their way out. */
    private static HeldResources awaitAllGivenBack(Database database, HeldResources before) throws Exception {
        long most = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS_TO_GIVE_BACK);
        HeldResources now = new HeldResources(database);
        while (!now.notGivenBackSince(before).isEmpty() && System.nanoTime() < most) {
            TimeUnit.MILLISECONDS.sleep(200);
            now = new HeldResources(database);
        }
        assertThat(now.notGivenBackSince(before)).as("what was not given back").isEmpty();
        return now;
    }
}
