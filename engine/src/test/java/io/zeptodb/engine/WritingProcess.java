package io.zeptodb.engine;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.RowWriter;
import io.zeptodb.engine.api.Session;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/**
 * A process that writes to a database folder from several threads until it is killed. Each thread has ids of its own. Lines on the standard output,
 * each flushed: "I writer kind changes" before an operation, "A writer" when it was acknowledged, "E text" for what must not happen. A change is
 * table, sign, first id, last id, value: {@code a+5..9=7} inserts, {@code a=5..5=8} updates, {@code a-5..9=0} deletes. Beside them the statements of a
 * {@link StatementSource} run: "S statement" before, "D" when it was acknowledged.
 */
final class WritingProcess {
    static final int WRITERS = 4;
    /** Ids of a writer are this many, times its number, and above. */
    static final long IDS = 1_000_000_000_000L;

    static final String ATOMIC = "atomic";
    static final String PREFIX = "prefix";
    static final String READY = "READY";
    /** Cuts the log so small that transactions lie in several files. */
    static final String SMALL_LOG = "small_log";

    private static final int MOST_ROWS = 6000;
    private static final int SECONDS = 20_000;
    private static final int SPREAD = 7919;
    private static final int SYMBOLS = 50;
    private static final long BASE_NANOS = 1_704_067_200_000_000_000L;

    private static final long NANOS = 1_000_000_000;
    private static final DateTimeFormatter TIMES = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    private final Database database;
    private final int number;
    private final Random random;
    private final Session session;
    private final RowWriter queued;
    private final Pipeline pipeline;
    private final TreeSet<Long> ids = new TreeSet<>();
    private long next;

    private WritingProcess(Database database, Pipeline pipeline, int number, long seed, long first) {
        this.database = database;
        this.number = number;
        this.random = new Random(seed * 31 + number);
        this.session = database.openSession();
        this.pipeline = pipeline;
        this.queued = pipeline.newWriter();
        this.next = number * IDS + first;
        try (BatchCursor rows =
                session.query("SELECT id FROM a WHERE id >= " + number * IDS + " AND id < " + (number + 1) * IDS)) {
            while (rows.next()) {
                for (int row = 0; row < rows.batch().getRowCount(); row++) {
                    ids.add(((Number) rows.batch().getVector(0).getObject(row)).longValue());
                }
            }
        }
    }

    static String symbol(long id) {
        return "k" + id % SYMBOLS;
    }

    static String text(long id) {
        return id % 3 == 0 ? "t" + id : "a text of the row with the number " + id;
    }

    static long nanos(long id) {
        return BASE_NANOS + id % IDS * SPREAD % SECONDS * NANOS;
    }

    private static synchronized void say(String line) {
        OUT.println(line);
        OUT.flush();
    }

    /** Arguments: folder, seed, first id of a writer, then the options as name=value, {@link #SMALL_LOG} among them. */
    public static void main(String[] arguments) throws InterruptedException {
        Map<String, String> options = new HashMap<>();
        for (String option : List.of(arguments).subList(3, arguments.length)) {
            int at = option.indexOf('=');
            options.put(option.substring(0, at), option.substring(at + 1));
        }
        long seed = Long.parseLong(arguments[1]);
        boolean smallLog = options.remove(SMALL_LOG) != null;
        Database database = smallLog ? SmallLog.open(arguments[0], options) : Engine.open(arguments[0], options);
        Pipeline pipeline = database.openPipeline("b", PipelineOptions.DEFAULT);
        say(READY);
        for (int i = 0; i < WRITERS; i++) {
            WritingProcess writer = new WritingProcess(database, pipeline, i, seed, Long.parseLong(arguments[2]));
            new Thread(writer::writeForEver, "writer-" + i).start();
        }
        StatementSource statements = new StatementSource(
                database,
                seed,
                Long.parseLong(arguments[2]),
                Path.of(arguments[0]).resolveSibling("csv"));
        new Thread(() -> runForEver(database, statements, new Random(seed)), "statements").start();
        while (System.in != null) {
            Thread.sleep(new Random(seed).nextInt(20, 400));
            try {
                database.checkpoint();
            } catch (EngineException e) {
                say("E checkpoint: " + e.code() + " " + e.getMessage());
            }
        }
    }

    private static void runForEver(Database database, StatementSource statements, Random random) {
        try {
            while (!database.isClosed()) {
                String statement = statements.next();
                say("S " + statement);
                CrashScriptTest.run(database, statement);
                say("D");
                Thread.sleep(random.nextInt(10));
            }
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            say("E statements: " + e.toString().replace('\n', ' '));
            e.printStackTrace();
        }
    }

    private void writeForEver() {
        try {
            while (!database.isClosed()) {
                write();
                say("A " + number);
            }
        } catch (RuntimeException | Error e) {
            say("E " + number + ": " + e.toString().replace('\n', ' '));
            e.printStackTrace();
        }
    }

    private void intend(String kind, String changes) {
        say("I " + number + " " + kind + " " + changes);
    }

    private void write() {
        switch (ids.size() > MOST_ROWS ? 9 : random.nextInt(10)) {
            case 0, 1, 2 -> insert(1);
            case 3 -> insert(2 + random.nextInt(40));
            case 4 -> insert(100 + random.nextInt(150));
            case 5 -> transaction();
            case 6 -> change("=");
            case 7 -> change("-");
            case 8 -> queue(1 + random.nextInt(300));
            default -> {
                if (ids.size() > MOST_ROWS) {
                    deleteOldest();
                } else {
                    giveUp();
                    insert(1);
                }
            }
        }
    }

    /** A statement that has written a part of its rows when it fails. */
    private void giveUp() {
        if (ids.isEmpty()) {
            return;
        }
        try {
            session.update("INSERT INTO a (id, v, k, s, ts) SELECT -id, 1 / (id - " + ids.last()
                    + "), k, s || s || s, ts FROM a WHERE id >= " + number * IDS);
            throw new IllegalStateException("a division by zero was overlooked");
        } catch (EngineException e) {
            if (e.code() != ErrorCode.DIVISION_BY_ZERO) {
                throw e;
            }
        }
    }

    private long take(int rows) {
        long first = next;
        next += rows;
        return first;
    }

    private static String insertSql(String table, long first, long last, long value) {
        StringBuilder sql = new StringBuilder("INSERT INTO " + table + " (id, v, k, s, ts) VALUES ");
        for (long id = first; id <= last; id++) {
            sql.append(id == first ? "(" : ", (")
                    .append(id)
                    .append(", ")
                    .append(value)
                    .append(", '");
            sql.append(symbol(id)).append("', '").append(text(id)).append("', ");
            sql.append("TIMESTAMP '")
                    .append(LocalDateTime.ofEpochSecond(nanos(id) / NANOS, 0, ZoneOffset.UTC)
                            .format(TIMES))
                    .append("')");
        }
        return sql.toString();
    }

    private void insert(int rows) {
        long first = take(rows);
        long last = first + rows - 1;
        long value = random.nextInt(1000);
        intend(ATOMIC, "a+" + first + ".." + last + "=" + value);
        session.update(insertSql("a", first, last, value));
        remember(first, last);
    }

    private void remember(long first, long last) {
        for (long id = first; id <= last; id++) {
            ids.add(id);
        }
    }

    private void transaction() {
        int rows = 1 + random.nextInt(30);
        long first = take(rows);
        long last = first + rows - 1;
        long victim = ids.isEmpty() ? first : ids.first();
        intend(
                ATOMIC,
                "a+" + first + ".." + last + "=1,b+" + first + ".." + last + "=2,a=" + last + ".." + last + "=3,a-"
                        + victim + ".." + victim + "=0");
        session.begin();
        session.update(insertSql("a", first, last, 1));
        session.update(insertSql("b", first, last, 2));
        session.update("UPDATE a SET v = 3 WHERE id = " + last);
        session.update("DELETE FROM a WHERE id = " + victim);
        session.commit();
        remember(first, last);
        ids.remove(victim);
    }

    private void change(String sign) {
        Long first = ids.isEmpty()
                ? null
                : ids.floor(ids.first() + (long) (random.nextDouble() * (ids.last() - ids.first() + 1)));
        if (first == null) {
            insert(1);
            return;
        }
        long last = first + random.nextInt(15);
        long value = random.nextInt(1000);
        intend(ATOMIC, "a" + sign + first + ".." + last + "=" + value);
        String where = " WHERE id BETWEEN " + first + " AND " + last;
        if (sign.equals("-")) {
            session.update("DELETE FROM a" + where);
            ids.subSet(first, true, last, true).clear();
        } else {
            session.update("UPDATE a SET v = " + value + where);
        }
    }

    private void deleteOldest() {
        long first = ids.first();
        long last = ids.stream().skip(ids.size() / 2).findFirst().orElseThrow();
        intend(ATOMIC, "a-" + first + ".." + last + "=0,b-" + first + ".." + last + "=0");
        session.begin();
        session.update("DELETE FROM a WHERE id >= " + first + " AND id <= " + last);
        session.update("DELETE FROM b WHERE id >= " + first + " AND id <= " + last);
        session.commit();
        ids.subSet(first, true, last, true).clear();
    }

    private void queue(int rows) {
        long first = take(rows);
        long last = first + rows - 1;
        intend(PREFIX, "b+" + first + ".." + last + "=9");
        for (long id = first; id <= last; id++) {
            queued.setLong(0, id)
                    .setLong(1, 9)
                    .setString(2, symbol(id))
                    .setString(3, text(id))
                    .setLong(4, nanos(id))
                    .append();
        }
        pipeline.drain();
    }
}
