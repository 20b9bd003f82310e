package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.TableSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the tables of a {@link StatementSource} must hold: a database in memory that runs the statements that were acknowledged. */
final class StatementOracle implements AutoCloseable {
    private static final Pattern OLD_ROW =
            Pattern.compile("INSERT INTO kept VALUES \\((\\d+), TIMESTAMP '2020-01-0(\\d)");

    private final Database memory = Engine.open(Map.of("threads", "1"));
    /** The numbers of rows that may expire, by day, in the order in which they came. */
    private final Map<String, List<Long>> old = new HashMap<>();

    private boolean anyTtl;

    void acknowledge(String statement) {
        CrashScriptTest.run(memory, statement);
        note(statement);
    }

    private void note(String statement) {
        Matcher row = OLD_ROW.matcher(statement);
        if (row.lookingAt()) {
            old.computeIfAbsent(row.group(2), day -> new ArrayList<>()).add(Long.parseLong(row.group(1)));
        }
        anyTtl |= statement.contains("SET TTL") && !statement.endsWith("NONE");
    }

    /** Compares, and takes the statement that was under way for acknowledged when it is there. */
    void check(Database database, @Nullable String open, String place) {
        String found = dump(database);
        Map<Long, Long> foundOld = oldRows(database);
        boolean isOldInsert = open != null && OLD_ROW.matcher(open).lookingAt();
        if (open != null && (!found.equals(dump(memory)) || isOldInsert)) {
            acknowledge(open);
        }
        assertThat(found).as("%s: neither all nor none of %s", place, open).isEqualTo(dump(memory));
        old.forEach((day, numbers) -> {
            boolean there = !anyTtl;
            for (long number : numbers) {
                long rows = foundOld.getOrDefault(number, 0L);
                boolean isOpen = isOldInsert && open.startsWith("INSERT INTO kept VALUES (" + number + ",");
                assertThat(rows == StatementSource.OLD_ROWS || (rows == 0 && (!there || isOpen)))
                        .as(
                                "%s: %d rows with number %d of day %s in kept (%s), where earlier ones are %s",
                                place, rows, number, day, open, there ? "there" : "gone")
                        .isTrue();
                there |= rows > 0;
            }
            // what is gone stays so
            numbers.removeIf(number -> !foundOld.containsKey(number));
        });
    }

    private static Map<Long, Long> oldRows(Database database) {
        Map<Long, Long> rows = new HashMap<>();
        if (database.tables().stream().noneMatch(table -> table.name().equals("kept"))) {
            return rows;
        }
        try (Session session = database.openSession();
                BatchCursor cursor = session.query(
                        "SELECT n, COUNT(*) FROM kept WHERE ts < " + StatementSource.OLD + " GROUP BY n")) {
            while (cursor.next()) {
                for (int row = 0; row < cursor.batch().getRowCount(); row++) {
                    rows.put((Long) cursor.batch().getVector(0).getObject(row), (Long)
                            cursor.batch().getVector(1).getObject(row));
                }
            }
        }
        return rows;
    }

    /** Tables with all that their schemas say, and rows but for those that may expire. */
    private static String dump(Database database) {
        List<TableSchema> tables = database.tables().stream()
                .filter(table -> StatementSource.TABLES.contains(table.name()))
                .toList();
        return tables.stream().map(TableSchema::toString).collect(Collectors.joining("\n", "", "\n"))
                + CrashScriptTest.dump(
                        database,
                        tables,
                        table -> table.equals("kept") ? "kept WHERE ts >= " + StatementSource.OLD : table);
    }

    @Override
    public void close() {
        memory.close();
    }
}
