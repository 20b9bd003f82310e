package io.zeptodb.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Processes of clients of the soak, which are killed in the middle of their work. One thread. */
final class KilledClients implements AutoCloseable {
    /** More of them than {@link HeldResources} lets pass. */
    private static final int AT_ONCE = 3;

    private static final int LOGS = 16;
    private static final String NAME = "killed-";
    private static final long MOST_MINUTES = 3;
    private static final long MILLIS_BETWEEN_LOOKS = 50;

    private final String url;
    private final Connection database;
    private final List<Process> running = new ArrayList<>();
    private int started;

    /**
     * Starts none yet.
     *
     * @param url of the server
     * @param database to see what they have written; stays the caller's
     */
    KilledClients(String url, Connection database) {
        this.url = url;
        this.database = database;
    }

    /** Starts some, and returns when each of them has stored rows: before that there is nothing of theirs to be left. */
    void start() throws IOException, SQLException, InterruptedException {
        for (int i = 0; i < AT_ONCE; i++) {
            running.add(start(started++));
        }
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MOST_MINUTES);
        while (atWork() < started) {
            assertThat(running).as("clients, which end when they are killed").allMatch(Process::isAlive);
            assertThat(System.nanoTime())
                    .as("the time at which clients are at work")
                    .isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(MILLIS_BETWEEN_LOOKS);
        }
    }

    private Process start(int number) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(
                        java,
                        "-Xmx128m",
                        "-XX:+UseSerialGC", // to be at work soon: it does not live for long
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SoakClient.class.getName(),
                        url,
                        NAME + number,
                        Integer.toString(number))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(new File("target/soak-client-" + number % LOGS + ".log")))
                .start();
    }

    private long atWork() throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT count(DISTINCT client) FROM soak WHERE client LIKE '" + NAME + "%'")) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }

    /** Kills those that run. */
    void kill() throws InterruptedException {
        for (Process process : running) {
            assertThat(process.isAlive()).as("a client ended by itself").isTrue();
            process.destroyForcibly().waitFor();
        }
        running.clear();
    }

    /** Kills those that run, when something has failed. */
    @Override
    public void close() {
        running.forEach(Process::destroyForcibly);
    }

    /** Clients that were started, and killed but for those that run. */
    int count() {
        return started;
    }
}
