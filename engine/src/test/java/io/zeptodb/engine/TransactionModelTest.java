package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.Session;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Some sessions insert, upsert, update, delete and truncate, in transactions that overlap and outside of them, on tables with and without dedup keys,
 * against lists of rows: what each sees after each statement, which COMMIT is a conflict, and what all see behind it. {@code -Dmodel.seeds=} runs more
 * of them, {@code -Dmodel.seed=} begins with another.
 */
class TransactionModelTest {
    private static final int SEEDS = Integer.getInteger("model.seeds", 12);
    private static final long FIRST_SEED = Long.getLong("model.seed", 1);
    private static final int STEPS = 120;
    private static final int SESSIONS = 3;
    private static final int IDS = 6;

    @TempDir
    Path folder;

    /** A row is itself: two of the same values are two. */
    private static final class Row {
        private final @Nullable Integer id;
        private final int hour;
        private final int v;

        Row(@Nullable Integer id, int hour, int v) {
            this.id = id;
            this.hour = hour;
            this.v = v;
        }

        String sql() {
            return "(" + id + ", " + v + ", TIMESTAMP '" + time() + "')";
        }

        private String time() {
            return String.format(Locale.ROOT, "2024-01-%02d %02d:00:00", 1 + hour / 24, hour % 24);
        }
    }

    private enum Table {
        BY_TIME("d", "TIMESTAMP(ts) PARTITION BY HOUR(ts) DEDUP UPSERT KEYS (ts, id)"),
        BY_ID("e", "TIMESTAMP(ts) PARTITION BY DAY(ts) DEDUP UPSERT KEYS (id)"),
        BY_KEY("k", "TIMESTAMP(ts) PARTITION BY id, DAY(ts) DEDUP UPSERT KEYS (id, ts)"),
        PLAIN("p", "PARTITION BY NONE");

        private final String sqlName;
        private final String rest;

        Table(String sqlName, String rest) {
            this.sqlName = sqlName;
            this.rest = rest;
        }

        @Nullable
        Object keyOf(Row row) {
            return switch (this) {
                case BY_TIME, BY_KEY -> List.of(Objects.requireNonNullElse(row.id, "NULL"), row.hour);
                case BY_ID -> Objects.requireNonNullElse(row.id, "NULL");
                case PLAIN -> row;
            };
        }
    }

    /** The rows of a table, in the order of ingest. */
    private static final class Rows {
        private final Table table;
        private final List<Row> rows;
        /** Grows when rows are appended by a commit. */
        private int appends;

        Rows(Table table, List<Row> rows, int appends) {
            this.table = table;
            this.rows = rows;
            this.appends = appends;
        }

        Rows copy() {
            return new Rows(table, new ArrayList<>(rows), appends);
        }

        /** What the new ones replace. */
        List<Row> append(List<Row> more) {
            List<Row> replaced = new ArrayList<>();
            for (Row row : more) {
                Object key = table.keyOf(row);
                for (Row old : List.copyOf(rows)) {
                    if (table.keyOf(old).equals(key)) {
                        replaced.add(old);
                        rows.remove(old);
                    }
                }
                rows.add(row);
            }
            appends += more.isEmpty() ? 0 : 1;
            return replaced;
        }

        List<String> lines() {
            List<String> lines = new ArrayList<>();
            rows.forEach(row -> lines.add(row.id + "|" + row.v + "|" + row.hour));
            Collections.sort(lines);
            return lines;
        }
    }

    /** A table in a transaction. */
    private static final class Changed {
        private final Rows base;
        private final Rows now;
        private final Set<Row> gone = Collections.newSetFromMap(new IdentityHashMap<>());
        private boolean truncated;

        Changed(Rows base) {
            this.base = base;
            this.now = base.copy();
        }

        List<Row> added() {
            return now.rows.stream()
                    .filter(row -> truncated || !base.rows.contains(row))
                    .toList();
        }

        boolean conflicts(Rows committed) {
            if (truncated && committed.appends != base.appends) {
                return true;
            }
            if (!truncated && !committed.rows.containsAll(gone)) {
                return true;
            }
            Rows after = committed.copy();
            after.rows.removeAll(truncated ? committed.rows : gone);
            return !after.append(added()).isEmpty();
        }

        void commit(Rows committed) {
            committed.rows.removeAll(truncated ? List.copyOf(committed.rows) : gone);
            committed.append(added());
        }
    }

    private static final class Client {
        private final Session session;
        private boolean open;
        private final Map<Table, Changed> tables = new HashMap<>();

        Client(Session session) {
            this.session = session;
        }
    }

    private final Map<Table, Rows> committed = new HashMap<>();
    private Random random = new Random();
    private int nextValue;
    /** Times are within so many hours: with many of them, a table has more partitions than fit a page. */
    private int hours;

    private int conflicts;
    private int commits;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void transactionsAreWhatTheyWouldBeOneAfterTheOther(boolean onDisk) {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            random = new Random(seed);
            hours = seed % 4 == 0 ? 500 : 30;
            committed.clear();
            for (Table table : Table.values()) {
                committed.put(table, new Rows(table, new ArrayList<>(), 0));
            }
            List<String> done = new ArrayList<>();
            try {
                run(onDisk ? folder.resolve("db" + seed).toString() : null, done);
            } catch (Throwable e) {
                throw new AssertionError("seed " + seed + "\n" + String.join("\n", done), e);
            }
        }
        assertThat(conflicts).isPositive();
        assertThat(commits).isGreaterThan(conflicts);
    }

    private void run(@Nullable String path, List<String> done) {
        Map<String, String> options = Map.of("threads", "1", "memory_limit", "64MB");
        try (Database database = path == null ? Engine.open(options) : Engine.open(path, options)) {
            for (Table table : Table.values()) {
                FolderTest.run(
                        database,
                        "CREATE TABLE " + table.sqlName + " (id INTEGER, v INTEGER, ts TIMESTAMP_NS) " + table.rest);
            }
            List<Client> clients = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                clients.add(new Client(database.openSession()));
            }
            for (int step = 0; step < STEPS; step++) {
                int who = random.nextInt(SESSIONS);
                step(clients.get(who), text -> done.add(who + ": " + text));
                if (random.nextInt(20) == 0) {
                    done.add("CHECKPOINT");
                    FolderTest.run(database, "CHECKPOINT");
                }
            }
            for (Client client : clients) {
                client.session.close();
            }
            checkCommitted(database);
        }
        if (path != null) {
            try (Database again = Engine.open(path, options)) {
                checkCommitted(again);
            }
        }
    }

    private void checkCommitted(Database database) {
        try (Session session = database.openSession()) {
            for (Table table : Table.values()) {
                assertThat(lines(session, table))
                        .as(table.sqlName)
                        .isEqualTo(committed.get(table).lines());
            }
        }
    }

    private void step(Client client, Consumer<String> log) {
        int action = random.nextInt(10);
        if (!client.open && action < 3) {
            log.accept("BEGIN");
            client.session.begin();
            client.open = true;
            committed.forEach((table, rows) -> client.tables.put(table, new Changed(rows.copy())));
        } else if (client.open && action < 2) {
            end(client, log);
        } else {
            Table table = Table.values()[random.nextInt(Table.values().length)];
            change(client, table, log);
            look(client, table);
        }
    }

    private void look(Client client, Table table) {
        List<String> expected = client.open
                ? changed(client, table).now.lines()
                : committed.get(table).lines();
        assertThat(lines(client.session, table)).as(table.sqlName).isEqualTo(expected);
    }

    private static Changed changed(Client client, Table table) {
        return client.tables.get(table);
    }

    private void end(Client client, Consumer<String> log) {
        client.open = false;
        if (random.nextInt(5) == 0) {
            log.accept("ROLLBACK");
            client.session.rollback();
        } else {
            boolean conflict = client.tables.entrySet().stream()
                    .anyMatch(each -> each.getValue().conflicts(committed.get(each.getKey())));
            log.accept("COMMIT" + (conflict ? ": a conflict" : ""));
            if (conflict) {
                conflicts++;
                assertThatThrownBy(client.session::commit)
                        .isInstanceOfSatisfying(
                                EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT));
            } else {
                commits++;
                client.session.commit();
                client.tables.forEach((table, changed) -> changed.commit(committed.get(table)));
            }
        }
        client.tables.clear();
        for (Table table : Table.values()) {
            look(client, table);
        }
    }

    private void change(Client client, Table table, Consumer<String> log) {
        Rows rows = client.open ? changed(client, table).now : committed.get(table);
        int id = random.nextInt(IDS);
        int action = random.nextInt(20);
        String name = table.sqlName;
        if (action < 8) {
            List<Row> more = new ArrayList<>();
            for (int i = random.nextInt(hours / 10); i >= 0; i--) {
                more.add(new Row(
                        random.nextInt(12) == 0 ? null : random.nextInt(IDS), random.nextInt(hours), nextValue++));
            }
            update(
                    client,
                    log,
                    "INSERT INTO " + name + " VALUES "
                            + String.join(", ", more.stream().map(Row::sql).toList()));
            append(client, table, rows, more);
        } else if (action < 10) {
            Row one =
                    rows.rows.isEmpty() ? new Row(id, 1, nextValue++) : rows.rows.get(random.nextInt(rows.rows.size()));
            Row again = new Row(one.id, one.hour, nextValue++);
            update(client, log, "INSERT INTO " + name + " VALUES " + again.sql());
            append(client, table, rows, List.of(again));
        } else if (action < 11) {
            update(client, log, "INSERT INTO " + name + " SELECT id, v + 1000000, ts FROM " + name);
            append(client, table, rows, mapped(rows.rows, row -> new Row(row.id, row.hour, row.v + 1_000_000)));
        } else if (action < 14) {
            update(client, log, "DELETE FROM " + name + " WHERE id = " + id);
            remove(client, table, rows, row -> Objects.equals(row.id, id));
        } else if (action < 16) {
            update(client, log, "UPDATE " + name + " SET v = -v WHERE id = " + id);
            replace(client, table, rows, id, row -> new Row(row.id, row.hour, -row.v));
        } else if (action < 18) {
            int other = random.nextInt(IDS);
            update(client, log, "UPDATE " + name + " SET id = " + other + " WHERE id = " + id);
            replace(client, table, rows, id, row -> new Row(other, row.hour, row.v));
        } else if (action < 19) {
            String sql = "INSERT INTO " + name + " SELECT id, 1 / (v - v), ts FROM " + name;
            log.accept(sql);
            if (!rows.rows.isEmpty()) {
                assertThatThrownBy(() -> client.session.update(sql)).isInstanceOf(EngineException.class);
            }
        } else if (random.nextInt(3) == 0) {
            update(client, log, "TRUNCATE " + name);
            rows.rows.clear();
            if (client.open) {
                changed(client, table).truncated = true;
            }
        }
    }

    private static void update(Client client, Consumer<String> log, String sql) {
        log.accept(sql);
        client.session.update(sql);
    }

    private static List<Row> mapped(List<Row> rows, UnaryOperator<Row> change) {
        return rows.stream().map(change).toList();
    }

    private static void append(Client client, Table table, Rows rows, List<Row> more) {
        note(client, table, rows.append(more));
    }

    private static List<Row> remove(Client client, Table table, Rows rows, Predicate<Row> which) {
        List<Row> gone = rows.rows.stream().filter(which).toList();
        rows.rows.removeAll(gone);
        note(client, table, gone);
        return gone;
    }

    private static void replace(Client client, Table table, Rows rows, int id, UnaryOperator<Row> change) {
        List<Row> old = remove(client, table, rows, row -> Objects.equals(row.id, id));
        append(client, table, rows, mapped(old, change));
    }

    private static void note(Client client, Table table, List<Row> gone) {
        if (client.open) {
            Changed changed = changed(client, table);
            gone.stream().filter(changed.base.rows::contains).forEach(changed.gone::add);
        }
    }

    private static List<String> lines(Session session, Table table) {
        List<String> lines = new ArrayList<>();
        try (BatchCursor cursor = session.query(
                "SELECT id, v, (EXTRACT(DAY FROM ts) - 1) * 24 + EXTRACT(HOUR FROM ts) FROM " + table.sqlName)) {
            while (cursor.next()) {
                List<FieldVector> columns = cursor.batch().getFieldVectors();
                for (int row = 0; row < cursor.batch().getRowCount(); row++) {
                    lines.add(
                            columns.get(0).getObject(row) + "|" + columns.get(1).getObject(row) + "|"
                                    + columns.get(2).getObject(row));
                }
            }
        }
        Collections.sort(lines);
        return lines;
    }
}
