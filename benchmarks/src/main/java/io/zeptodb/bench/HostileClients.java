package io.zeptodb.bench;

import io.zeptodb.engine.api.Database;
import io.zeptodb.server.ZeptoServer;
import io.zeptodb.server.access.ServerAccess;
import io.zeptodb.server.access.UserCommand;
import io.zeptodb.server.access.UserLimits;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine;

/**
 * What the query of one user costs while others treat the server badly: before it, during it, and the ratio. The bad clients run in the same process and take their part
 * of its processors. Argument: seconds of each (5).
 */
public final class HostileClients {
    private static final int SIDE = 1_000;
    private static final String QUERY = "SELECT count(*), sum(a.x) FROM side a, side b WHERE a.x + b.x < 100";
    private static final long EXPECTED = 5_050;
    private static final int THREADS = 2;
    private static final int SOCKETS = 100;
    private static final int UNREAD = 10;
    private static final int MILLIS_BETWEEN_BYTES = 50;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final String ROOT = "root";
    private static final String ANN = "ann";

    private final ZeptoServer server;
    private final Connection good;
    private final Database database;
    private final int seconds;

    private HostileClients(ZeptoServer server, Connection good, Database database, int seconds) {
        this.server = server;
        this.good = good;
        this.database = database;
        this.seconds = seconds;
    }

    /** What a bad client does until it is told to stop. */
    private interface Attack {
        /** Once; how many requests or sockets that was. */
        long strike(Random random) throws IOException, InterruptedException;
    }

    public static void main(String[] arguments) throws Exception {
        int seconds = arguments.length == 0 ? 5 : Integer.parseInt(arguments[0]);
        Path folder = Files.createTempDirectory("hostile");
        Path users = folder.resolve("users.json");
        addUser(users, ROOT, "admin");
        addUser(users, ANN, "reader");
        try (Connection local = DriverManager.getConnection("jdbc:zepto:");
                Statement statement = local.createStatement()) {
            statement.execute("CREATE TABLE side (x BIGINT)");
            statement.execute("INSERT INTO side SELECT x FROM UNNEST("
                    + IntStream.range(0, SIDE)
                            .mapToObj(Integer::toString)
                            .collect(Collectors.joining(", ", "ARRAY[", "]"))
                    + ") AS u (x)");
            Database database = local.unwrap(Database.class);
            try (ZeptoServer server = ZeptoServer.builder()
                            .database(database)
                            .port(0)
                            .access(new ServerAccess(null, users, null, false, null, UserLimits.DEFAULT))
                            .start();
                    Connection good = DriverManager.getConnection(server.jdbcUrl(), ROOT, password(ROOT))) {
                new HostileClients(server, good, database, seconds).run();
            }
        }
    }

    private static String password(String user) {
        return "secret of " + user;
    }

    private static void addUser(Path users, String name, String role) throws IOException {
        Path password = users.resolveSibling(name);
        Files.writeString(password, password(name));
        CommandLine command = new CommandLine(new UserCommand());
        int code = command.execute(
                "add", name, "--role", role, "--users", users.toString(), "--password-file", password.toString());
        if (code != 0) {
            throw new IllegalStateException("user " + name + " was not added");
        }
    }

    private void run() throws Exception {
        measure(new AtomicLong()); // compiles
        System.out.printf(Locale.ROOT, "%d s each, %s%n", seconds, Runtime.version());
        System.out.println("| bad clients | their requests | median before | during | ratio | 99 % before | during |"
                + " busy processors | most memory |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        row("none", random -> {
            TimeUnit.MILLISECONDS.sleep(10);
            return 0;
        });
        row("wrong passwords", this::wrongPassword);
        row("garbage in place of HTTP", this::garbage);
        row("garbage in place of messages", this::garbageMessage);
        row("requests that end too soon", this::truncated);
        row("huge requests", this::huge);
        row(SOCKETS * THREADS + " bodies, a byte each 50 ms", random -> trickle("Content-Length: 1000000\r\n\r\n{"));
        row(SOCKETS * THREADS + " heads, a byte each 50 ms", random -> trickle("X-Slow: "));
        row(UNREAD * THREADS + " answers of 7 MB that nobody reads", this::unread);
    }

    private void row(String name, Attack attack) throws Exception {
        double[] before = measure(new AtomicLong());
        List<Thread> threads = new ArrayList<>();
        AtomicLong count = new AtomicLong();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(i);
            Thread thread = new Thread(() -> strike(attack, random, count));
            threads.add(thread);
            thread.start();
        }
        TimeUnit.SECONDS.sleep(seconds); // until those that keep something have it
        AtomicLong memory = new AtomicLong();
        long cpu = cpuNanos();
        long begin = System.nanoTime();
        double[] during = measure(memory);
        double busy = (cpuNanos() - cpu) / (double) (System.nanoTime() - begin);
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            thread.join();
        }
        double ratio = during[during.length / 2] / before[before.length / 2];
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %.2f ms | %.2f ms | %.1f | %.2f ms | %.2f ms | %.1f | %d MB |%n",
                name,
                count.get(),
                before[before.length / 2],
                during[during.length / 2],
                ratio,
                before[before.length * 99 / 100],
                during[during.length * 99 / 100],
                busy,
                memory.get() >> 20);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void strike(Attack attack, Random random, AtomicLong count) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                count.addAndGet(attack.strike(random));
            } catch (IOException e) {
                count.incrementAndGet(); // the server hung up
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Times of the good user's query, sorted; each has the right answer. */
    private double[] measure(AtomicLong memory) throws SQLException {
        List<Double> times = new ArrayList<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try (Statement statement = good.createStatement()) {
            for (long begin = System.nanoTime(); begin < end; begin = System.nanoTime()) {
                try (ResultSet rows = statement.executeQuery(QUERY)) {
                    if (!rows.next() || rows.getLong(1) != EXPECTED) {
                        throw new IllegalStateException("a wrong answer");
                    }
                }
                times.add((System.nanoTime() - begin) / NANOS_PER_MILLI);
                memory.accumulateAndGet(database.allocator().getAllocatedMemory(), Math::max);
            }
        }
        return times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("localhost", server.port());
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(seconds));
        return socket;
    }

    private static String login(String user, String password) {
        String pair = user + ":" + password;
        return "Host: localhost\r\nAuthorization: Basic "
                + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)) + "\r\n";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String post(long length) {
        return "POST / HTTP/1.1\r\n" + login(ANN, password(ANN)) + "Content-Length: " + length + "\r\n\r\n";
    }

    /** Reads until the server hangs up. */
    private static void drain(Socket socket) throws IOException {
        byte[] buffer = new byte[1 << 13];
        while (socket.getInputStream().read(buffer) >= 0) {
            continue;
        }
    }

    private long wrongPassword(Random random) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(bytes("POST / HTTP/1.1\r\n" + login(ROOT, "guess " + random.nextInt())
                            + "Content-Length: 1\r\n\r\n{"));
            drain(socket);
        }
        return 1;
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[1 + random.nextInt(5_000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private long garbage(Random random) throws IOException {
        try (Socket socket = connect()) {
            byte[] garbage = noise(random);
            socket.getOutputStream().write(garbage);
            socket.shutdownOutput();
            drain(socket);
        }
        return 1;
    }

    private long garbageMessage(Random random) throws IOException {
        try (Socket socket = connect()) {
            byte[] garbage = noise(random);
            garbage[0] = (byte) (random.nextBoolean() ? 0x0A : '{');
            socket.getOutputStream().write(bytes(post(garbage.length)));
            socket.getOutputStream().write(garbage);
            socket.shutdownOutput();
            drain(socket);
        }
        return 1;
    }

    private long truncated(Random random) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes(post(1_000_000)));
            socket.getOutputStream().write(new byte[random.nextInt(100_000)]);
            socket.shutdownOutput();
            drain(socket);
        }
        return 1;
    }

    private long huge(Random random) throws IOException {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            if (random.nextBoolean()) {
                out.write(bytes(post(Long.MAX_VALUE)));
                out.write('{');
            } else {
                out.write(bytes(
                        "POST / HTTP/1.1\r\n" + login(ANN, password(ANN)) + "Transfer-Encoding: chunked\r\n\r\n"));
                byte[] chunk = new byte[1 << 20];
                for (int i = 0; i < 300; i++) {
                    out.write(bytes("100000\r\n"));
                    out.write(chunk);
                    out.write(bytes("\r\n"));
                }
            }
            drain(socket);
        }
        return 1;
    }

    /** Many sockets, on each of which a byte comes now and then, until this is interrupted. */
    private long trickle(String begin) throws IOException, InterruptedException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < SOCKETS; i++) {
                Socket socket = connect();
                sockets.add(socket);
                socket.getOutputStream().write(bytes("POST / HTTP/1.1\r\n" + login(ANN, password(ANN)) + begin));
            }
            while (!Thread.currentThread().isInterrupted()) {
                TimeUnit.MILLISECONDS.sleep(MILLIS_BETWEEN_BYTES);
                for (Socket socket : sockets) {
                    socket.getOutputStream().write(' ');
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        return sockets.size();
    }

    /** Keeps sockets open with answers that are long, until this is interrupted. */
    private long unread(Random random) throws IOException, InterruptedException {
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < UNREAD && !Thread.currentThread().isInterrupted(); i++) {
                String id = "unread-" + (random.nextLong() >>> 1);
                String statement = "\"connectionId\":\"" + id + "\",\"statementId\":0";
                try (Socket socket = connect()) {
                    ask(socket, "{\"request\":\"openConnection\",\"connectionId\":\"" + id + "\",\"info\":{}}");
                    ask(socket, "{\"request\":\"createStatement\",\"connectionId\":\"" + id + "\"}");
                }
                Socket socket = connect();
                sockets.add(socket);
                byte[] body = bytes(
                        "{\"request\":\"prepareAndExecute\"," + statement
                                + ",\"sql\":\"SELECT repeat('x', 7000000) AS x\",\"maxRowCount\":-1,\"maxRowsInFirstFrame\":-1}");
                socket.getOutputStream().write(bytes(post(body.length)));
                socket.getOutputStream().write(body);
            }
            TimeUnit.SECONDS.sleep(4L * seconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        return sockets.size();
    }

    /** A request whose answer is little. */
    private static void ask(Socket socket, String message) throws IOException {
        socket.getOutputStream().write(bytes(post(message.length()) + message));
        byte[] answer = new byte[1 << 13];
        if (socket.getInputStream().read(answer) < 0) {
            throw new IOException("no answer");
        }
    }
}
