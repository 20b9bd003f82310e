package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process with several writers is killed again and again, at moments by seed: every change that it was told of is there once, every other as a whole
 * or not at all. {@code -Dkills=200 -Dseed=1} kills more often than the gate does.
 */
class KillRestartTest {
    private static final int KILLS = Integer.getInteger("kills", 10);
    private static final long SEED = Long.getLong("seed", 1);
    private static final int MOST_SECONDS = 120;
    private static final long IDS_OF_A_PROCESS = 10_000_000;
    private static final String COLUMNS = " (id BIGINT, v BIGINT, k SYMBOL, s VARCHAR, ts TIMESTAMP_NS)";

    @TempDir
    Path root;

    /** What the rows of one writer must be: values by id of both tables. */
    private record Expected(TreeMap<Long, Long> a, TreeMap<Long, Long> b) {
        Expected() {
            this(new TreeMap<>(), new TreeMap<>());
        }

        Expected copy() {
            return new Expected(new TreeMap<>(a), new TreeMap<>(b));
        }

        /** Applies changes as {@link WritingProcess} writes them; of rows inserted only some when it was a queue that was cut off. */
        void apply(String changes, long most) {
            for (String change : changes.split(",")) {
                TreeMap<Long, Long> table = change.charAt(0) == 'a' ? a : b;
                char sign = change.charAt(1);
                int dots = change.indexOf("..");
                int equals = change.lastIndexOf('=');
                long first = Long.parseLong(change.substring(2, dots));
                long last = Long.parseLong(change.substring(dots + 2, equals));
                long value = Long.parseLong(change.substring(equals + 1));
                if (sign == '-') {
                    table.subMap(first, true, last, true).clear();
                } else if (sign == '=') {
                    table.subMap(first, true, last, true).replaceAll((id, old) -> value);
                } else {
                    for (long id = first; id <= Math.min(last, first + most - 1); id++) {
                        assertThat(table.put(id, value)).isNull();
                    }
                }
            }
        }
    }

    private static final class Victim {
        private final Process process;
        private final List<String> lines = new ArrayList<>();
        private final AtomicInteger acknowledged = new AtomicInteger();
        private final Thread reader;

        Victim(Path folder, long seed, long firstId, Map<String, String> options) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xmx384m",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                    "-cp",
                    System.getProperty("java.class.path"),
                    WritingProcess.class.getName(),
                    folder.toString(),
                    Long.toString(seed),
                    Long.toString(firstId)));
            options.forEach((name, value) -> command.add(name + "=" + value));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            reader = new Thread(this::read, "reader of the victim");
            reader.start();
        }

        private void read() {
            try (BufferedReader in =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                StringBuilder line = new StringBuilder();
                for (int c = in.read(); c >= 0; c = in.read()) {
                    if (c != '\n') {
                        line.append((char) c);
                        continue;
                    }
                    lines.add(line.toString()); // a line that was cut off is none: what it tells of had not begun, or
                    // is as
                    // if not told
                    if (line.charAt(0) == 'A') {
                        acknowledged.incrementAndGet();
                    }
                    line.setLength(0);
                }
            } catch (IOException e) {
                lines.add("E " + e);
            }
        }

        /** Waits for so many acknowledgements, or milliseconds when there shall be none, and kills. What it said. */
        List<String> killAfter(int acknowledgements, long millis) throws InterruptedException {
            long start = System.nanoTime();
            while (process.isAlive()
                    && (acknowledgements > 0
                            ? acknowledged.get() < acknowledgements && !passed(start, MOST_SECONDS * 1000L)
                            : !passed(start, millis))) {
                Thread.sleep(1);
            }
            boolean alive = process.isAlive();
            process.toHandle().destroyForcibly(); // that of the process itself would throw away what it has said
            process.waitFor();
            reader.join();
            assertThat(alive).as("the process ended by itself: %s", lines).isTrue();
            return lines;
        }

        private static boolean passed(long start, long millis) {
            return System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(millis);
        }
    }

    private static Map<String, String> options(Random random) {
        Map<String, String> options = new HashMap<>();
        options.put("memory_limit", "160MB");
        options.put("threads", "2");
        options.put("durability", List.of("fsync", "async", "none").get(random.nextInt(3)));
        options.put("flush_interval", "5ms");
        options.put("storage_mode", random.nextBoolean() ? "tiered" : "disk");
        options.put("log_limit", List.of("16KB", "256KB", "512MB").get(random.nextInt(3)));
        options.put("seal_rows", "1024");
        options.put("segment_compression", List.of("none", "lz4", "zstd").get(random.nextInt(3)));
        return options;
    }

    @Test
    void whatWasAcknowledgedSurvivesAKill() throws Exception {
        Path folder = root.resolve("db");
        try (Database database = Engine.open(folder.toString(), Map.of())) {
            FolderTest.run(database, "CREATE TABLE a" + COLUMNS, "CREATE TABLE b" + COLUMNS);
        }
        List<Expected> expected = new ArrayList<>();
        for (int i = 0; i < WritingProcess.WRITERS; i++) {
            expected.add(new Expected());
        }
        Files.createDirectory(root.resolve("csv"));
        long acknowledged;
        try (StatementOracle statements = new StatementOracle()) {
            acknowledged = killAndCheck(folder, expected, statements);
        }
        System.out.println(KILLS + " kills of seed " + SEED + ", " + acknowledged + " acknowledged operations");
    }

    private static long killAndCheck(Path folder, List<Expected> expected, StatementOracle statements)
            throws Exception {
        long acknowledged = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Random random = new Random(SEED * 1_000_003 + kill);
            Map<String, String> options = options(random);
            String place = "kill " + kill + " of seed " + SEED + " with " + options;
            Map<String, String> arguments = new HashMap<>(options);
            if (random.nextBoolean()) {
                arguments.put(WritingProcess.SMALL_LOG, "true");
            }
            Victim victim = new Victim(folder, random.nextLong(), kill * IDS_OF_A_PROCESS, arguments);
            int goal = random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(random.nextBoolean() ? 60 : 600);
            List<String> lines = victim.killAfter(goal, 200 + random.nextInt(1500));
            acknowledged += lines.stream()
                    .filter(line -> line.charAt(0) == 'A' || line.charAt(0) == 'D')
                    .count();
            check(folder, random, lines, expected, statements, place);
        }
        return acknowledged;
    }

    private static void check(
            Path folder,
            Random random,
            List<String> lines,
            List<Expected> expected,
            StatementOracle statements,
            String place) {
        Map<Integer, String[]> pending = fold(lines, expected, place);
        String openStatement = foldStatements(lines, statements);
        if (random.nextInt(4) == 0) {
            assertThat(FolderCheck.run(
                            folder.toString(),
                            finding -> assertThat(finding.isGood())
                                    .as("%s: %s", place, finding)
                                    .isTrue()))
                    .isTrue();
        }
        Map<String, String> options = new HashMap<>(options(random));
        if (random.nextInt(3) == 0) {
            options.put("access_mode", "read_only");
        }
        List<Expected> found = new ArrayList<>();
        for (int i = 0; i < expected.size(); i++) {
            found.add(new Expected());
        }
        try (Database database = Engine.open(folder.toString(), options)) {
            read(database, "a", found, place);
            read(database, "b", found, place);
            statements.check(database, openStatement, place);
        }
        for (int writer = 0; writer < expected.size(); writer++) {
            String[] open = pending.get(writer);
            if (found.get(writer).equals(expected.get(writer))) {
                continue;
            }
            assertThat(open)
                    .as(
                            "%s, writer %d had nothing under way: %s",
                            place, writer, difference(expected.get(writer), found.get(writer)))
                    .isNotNull();
            expected.set(writer, resolve(expected.get(writer), found.get(writer), open, place + ", writer " + writer));
        }
    }

    /** Applies what was acknowledged; what each writer had under way. */
    private static Map<Integer, String[]> fold(List<String> lines, List<Expected> expected, String place) {
        Map<Integer, String[]> pending = new HashMap<>();
        for (String line : lines) {
            String[] words = line.split(" ");
            assertThat(words[0]).as("%s: %s", place, line).isNotEqualTo("E");
            if (words[0].equals("I")) {
                pending.put(Integer.parseInt(words[1]), words);
            } else if (words[0].equals("A")) {
                int writer = Integer.parseInt(words[1]);
                expected.get(writer).apply(pending.remove(writer)[3], Long.MAX_VALUE / 4);
            }
        }
        return pending;
    }

    /** Runs what was acknowledged; the statement that was under way. */
    private static @Nullable String foldStatements(List<String> lines, StatementOracle statements) {
        String open = null;
        for (String line : lines) {
            if (line.charAt(0) == 'S') {
                open = line.substring(2);
            } else if (line.charAt(0) == 'D') {
                statements.acknowledge(open);
                open = null;
            }
        }
        return open;
    }

    private static Expected resolve(Expected before, Expected found, String[] open, String place) {
        if (open[2].equals(WritingProcess.PREFIX)) {
            long more = (long) found.b.size() - before.b.size();
            Expected some = before.copy();
            some.apply(open[3], more);
            assertThat(difference(some, found)).as("%s: %s", place, open[3]).isEmpty();
            return some;
        }
        Expected all = before.copy();
        all.apply(open[3], Long.MAX_VALUE / 4);
        assertThat(difference(all, found))
                .as("%s: neither all nor none of %s; from none %s", place, open[3], difference(before, found))
                .isEmpty();
        return all;
    }

    private static String difference(Expected expected, Expected found) {
        return difference("a", expected.a, found.a) + difference("b", expected.b, found.b);
    }

    private static String difference(String table, Map<Long, Long> expected, Map<Long, Long> found) {
        StringBuilder text = new StringBuilder();
        expected.forEach((id, value) -> {
            if (!value.equals(found.get(id))) {
                text.append(table + " " + id + ": expected " + value + ", found " + found.get(id) + "; ");
            }
        });
        found.forEach((id, value) -> {
            if (!expected.containsKey(id)) {
                text.append(table + " " + id + ": found " + value + ", expected none; ");
            }
        });
        return text.length() > 2000 ? text.substring(0, 2000) + " ..." : text.toString();
    }

    private static void read(Database database, String table, List<Expected> found, String place) {
        long count = 0;
        try (Session session = database.openSession();
                BatchCursor rows = session.query("SELECT id, v, CAST(k AS VARCHAR), s, epoch_ns(ts) FROM " + table)) {
            while (rows.next()) {
                List<FieldVector> columns = rows.batch().getFieldVectors();
                for (int row = 0; row < rows.batch().getRowCount(); row++) {
                    long id = (Long) columns.get(0).getObject(row);
                    Expected writer = found.get((int) (id / WritingProcess.IDS));
                    Map<Long, Long> values = table.equals("a") ? writer.a : writer.b;
                    if (values.put(id, (Long) columns.get(1).getObject(row)) != null) {
                        throw new AssertionError(place + ": row " + id + " of " + table + " is there twice");
                    }
                    boolean same = WritingProcess.symbol(id)
                                    .equals(String.valueOf(columns.get(2).getObject(row)))
                            && WritingProcess.text(id)
                                    .equals(String.valueOf(columns.get(3).getObject(row)))
                            && Long.valueOf(WritingProcess.nanos(id))
                                    .equals(columns.get(4).getObject(row));
                    if (!same) {
                        throw new AssertionError(place + ": row " + id + " of " + table + " is "
                                + rows.batch().slice(row, 1).contentToTSVString());
                    }
                    count++;
                }
            }
        }
        assertThat(database.rowCount(table)).as(place).isEqualTo(count);
    }
}
