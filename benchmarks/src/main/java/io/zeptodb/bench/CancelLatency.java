package io.zeptodb.bench;

import io.zeptodb.engine.api.Database;
import io.zeptodb.server.ZeptoServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How long after {@code Statement.cancel()} the thread that executes has its SQLException, in the process and through a server, with connections that do
 * nothing and with as many statements as cores at work beside it; and how much later than its query time-out. Argument: how often (200; time-outs, which
 * take a second each, a tenth of it).
 */
public final class CancelLatency {
    private static final int SIDE = 4_000;
    private static final double NANOS_PER_MILLI = 1e6;
    /** Sorts, joins and groups: it would run for minutes. */
    private static final String LONG =
            "SELECT a.x + b.x, count(*), sum(c.x) FROM side a, side b, side c GROUP BY a.x + b.x";

    private CancelLatency() {}

    public static void main(String[] arguments) throws Exception {
        int runs = arguments.length == 0 ? 200 : Integer.parseInt(arguments[0]);
        try (Connection local = DriverManager.getConnection("jdbc:zepto:")) {
            try (Statement statement = local.createStatement()) {
                statement.execute("CREATE TABLE side (x BIGINT)");
                statement.execute("INSERT INTO side SELECT x FROM UNNEST("
                        + IntStream.range(0, SIDE)
                                .mapToObj(Integer::toString)
                                .collect(Collectors.joining(", ", "ARRAY[", "]"))
                        + ") AS u (x)");
            }
            try (ZeptoServer server = ZeptoServer.builder()
                            .database(local.unwrap(Database.class))
                            .port(0)
                            .start();
                    Connection watch = DriverManager.getConnection(server.jdbcUrl());
                    Connection remote = DriverManager.getConnection(server.jdbcUrl())) {
                System.out.printf(Locale.ROOT, "%d times each, %s%n", runs, Runtime.version());
                System.out.println("| where | beside it | median | 99 % | worst |");
                System.out.println("|---|---|---|---|---|");
                row("in process", local, watch, server, 0, runs);
                row("server", remote, watch, server, 0, runs);
                int cores = Runtime.getRuntime().availableProcessors();
                row("in process", local, watch, server, cores, runs);
                row("server", remote, watch, server, cores, runs);
                timeOuts("in process, time-out", local, Math.max(1, runs / 10));
                timeOuts("server, time-out", remote, Math.max(1, runs / 10));
            }
        }
    }

    private static void row(
            String where, Connection connection, Connection watch, ZeptoServer server, int others, int runs)
            throws Exception {
        Connection[] connections = new Connection[others];
        Statement[] beside = new Statement[others];
        CompletableFuture<?>[] working = new CompletableFuture<?>[others];
        for (int i = 0; i < others; i++) {
            connections[i] = DriverManager.getConnection(server.jdbcUrl());
            beside[i] = connections[i].createStatement();
            working[i] = start(beside[i]);
        }
        double[] millis = new double[runs];
        for (int i = 0; i < runs; i++) {
            millis[i] = cancelOne(connection, watch, others + 1);
        }
        for (int i = 0; i < others; i++) {
            beside[i].cancel();
            working[i].get(1, TimeUnit.MINUTES);
            connections[i].close();
        }
        print(where, others, millis);
    }

    private static void print(String where, int others, double... millis) {
        int runs = millis.length;
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "| %s | %d statements | %.1f ms | %.1f ms | %.1f ms |%n",
                where,
                others,
                millis[runs / 2],
                millis[Math.min(runs - 1, runs * 99 / 100)],
                millis[runs - 1]);
    }

    /** How much later than a second a statement of a time-out of one second ends. */
    private static void timeOuts(String where, Connection connection, int runs) throws Exception {
        double[] millis = new double[runs];
        for (int i = 0; i < runs; i++) {
            try (Statement statement = connection.createStatement()) {
                statement.setQueryTimeout(1);
                long begin = System.nanoTime();
                long ended = start(statement).get(1, TimeUnit.MINUTES);
                millis[i] = (ended - begin) / NANOS_PER_MILLI - TimeUnit.SECONDS.toMillis(1);
            }
        }
        print(where, 0, millis);
    }

    private static double cancelOne(Connection connection, Connection watch, int running) throws Exception {
        try (Statement statement = connection.createStatement()) {
            CompletableFuture<Long> ended = start(statement);
            while (running(watch) != running) {
                TimeUnit.MILLISECONDS.sleep(2); // what has not begun cannot be cancelled
            }
            TimeUnit.MILLISECONDS.sleep(20);
            long begin = System.nanoTime();
            statement.cancel();
            return (ended.get(1, TimeUnit.MINUTES) - begin) / NANOS_PER_MILLI;
        }
    }

    private static int running(Connection watch) throws SQLException {
        try (Statement statement = watch.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT count(*) FROM zepto_queries() WHERE sql_text = '" + LONG + "'")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** Executes in a thread of its own; gives the time at which it was cancelled. */
    private static CompletableFuture<Long> start(Statement statement) {
        CompletableFuture<Long> ended = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        statement.executeQuery(LONG).next();
                        ended.completeExceptionally(new IllegalStateException("it ended by itself"));
                    } catch (SQLException e) {
                        long at = System.nanoTime();
                        if ("57014".equals(e.getSQLState())) {
                            ended.complete(at);
                        } else {
                            ended.completeExceptionally(e);
                        }
                    } catch (RuntimeException e) {
                        ended.completeExceptionally(e);
                    }
                },
                "long statement");
        thread.setDaemon(true);
        thread.start();
        return ended;
    }
}
