package io.zeptodb.engine;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.TableSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Statements of all kinds over four tables of its own, by seed, each of which fits what the database has at the moment: {@code up}, whose rows replace each
 * other; {@code shape}, which is altered, dropped and made again; {@code extra}, which comes and goes; {@code kept}, which has a TTL at times. None needs a
 * clock or chance, so that another database that runs the same ones has the same rows, but for those of {@code kept} that are old.
 */
final class StatementSource {
    static final Set<String> TABLES = Set.of("up", "shape", "extra", "kept");
    /** Rows of {@code kept} before this time may expire. */
    static final String OLD = "TIMESTAMP '2090-01-01 00:00:00'";

    static final int OLD_ROWS = 3;

    private static final int MOST_ROWS = 3000;
    private static final int MOST_COLUMNS = 8;
    private static final int DAYS = 3;
    private static final List<String> TYPES = List.of("BIGINT", "VARCHAR", "SYMBOL", "DOUBLE", "TIMESTAMP_NS");

    private final Database database;
    private final Random random;
    private final Path files;
    private long number;

    /**
     * @param first numbers are this and above: no other source over the same tables gives them
     * @param files where the files of COPY go
     */
    StatementSource(Database database, long seed, long first, Path files) {
        this.database = database;
        this.random = new Random(seed);
        this.number = first + 1; // not 0, with which a column of a new table is named
        this.files = files;
    }

    /** The next step for {@link CrashScriptTest#run}; without a line break. */
    String next() throws IOException {
        List<TableSchema> tables = database.tables();
        Set<String> names = tables.stream().map(TableSchema::name).collect(Collectors.toSet());
        if (!names.contains("up")) {
            return "CREATE TABLE up (k SYMBOL, n BIGINT, s VARCHAR, ts TIMESTAMP_NS) TIMESTAMP(ts) PARTITION BY k, DAY(ts)"
                    + " DEDUP UPSERT KEYS (k, ts)";
        }
        if (!names.contains("kept")) {
            return "CREATE TABLE kept (n BIGINT, ts TIMESTAMP_NS) TIMESTAMP(ts) PARTITION BY DAY(ts)";
        }
        if (!names.contains("shape")) {
            return "CREATE TABLE shape (n BIGINT, c0 VARCHAR, ts TIMESTAMP_NS)";
        }
        TableSchema shape = tables.stream()
                .filter(table -> table.name().equals("shape"))
                .findFirst()
                .orElseThrow();
        for (String name : List.of("up", "shape")) {
            if (database.rowCount(name) > MOST_ROWS) {
                return "TRUNCATE TABLE " + name;
            }
        }
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> upsert();
            case 4 -> "UPDATE up SET n = " + number++ + " WHERE k = '" + key() + "'";
            case 5 -> "DELETE FROM up WHERE k = '" + key() + "' AND ts > " + time();
            case 6 -> random.nextInt(5) == 0 ? "TRUNCATE TABLE " + (random.nextBoolean() ? "up" : "shape") : upsert();
            case 7, 8, 9 -> insert(shape, 1 + random.nextInt(20));
            case 10 -> copy();
            case 11, 12, 13 -> alter(shape);
            case 14 -> random.nextInt(4) == 0 ? "DROP TABLE shape" : insert(shape, 2);
            case 15 -> transaction(shape, names.contains("extra"));
            case 16 -> "INSERT INTO shape (n, ts) SELECT n + 1, ts FROM shape WHERE n % 5 = " + random.nextInt(5);
            case 17 -> "INSERT INTO kept VALUES (" + number++ + ", TIMESTAMP '2100-01-01 00:00:00')";
            case 18 -> old();
            default ->
                "ALTER TABLE kept SET TTL " + (random.nextInt(3) == 0 ? "NONE" : random.nextInt(1, 40) + " DAYS");
        };
    }

    private String key() {
        return "k" + random.nextInt(12);
    }

    private String time() {
        return String.format(
                Locale.ROOT, "TIMESTAMP '2024-01-0%d 0%d:00:00'", 1 + random.nextInt(DAYS), random.nextInt(8));
    }

    private String upsert() {
        List<String> rows = new ArrayList<>();
        int count = 1 + random.nextInt(40);
        for (int i = 0; i < count; i++) {
            rows.add("('" + key() + "', " + number + ", 'the text of row " + number++ + "', " + time() + ")");
        }
        return "INSERT INTO up VALUES " + String.join(", ", rows);
    }

    private String insert(TableSchema shape, int count) {
        List<String> names =
                shape.columns().stream().map(ColumnDefinition::name).toList();
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> values = new ArrayList<>();
            for (ColumnDefinition column : shape.columns()) {
                values.add(
                        column.name().equals("n")
                                ? Long.toString(number)
                                : switch (column.type().kind()) {
                                    case BIGINT, DOUBLE -> Long.toString(number % 100);
                                    case TIMESTAMP -> time();
                                    default -> number % 4 == 0 ? "NULL" : "'a value of row " + number + "'";
                                });
            }
            number++;
            rows.add("(" + String.join(", ", values) + ")");
        }
        return "INSERT INTO shape (" + String.join(", ", names) + ") VALUES " + String.join(", ", rows);
    }

    private String copy() throws IOException {
        Path file = files.resolve("rows-" + number + ".csv");
        StringBuilder text = new StringBuilder("n,ts\n");
        int count = 1 + random.nextInt(200);
        for (int i = 0; i < count; i++) {
            text.append(number++).append(",2024-01-0").append(1 + i % DAYS).append(" 00:00:00\n");
        }
        Files.writeString(file, text);
        return "COPY shape (n, ts) FROM '" + file + "'";
    }

    private String alter(TableSchema shape) {
        List<String> extra = shape.columns().stream()
                .map(ColumnDefinition::name)
                .filter(name -> name.startsWith("c"))
                .toList();
        if (extra.isEmpty() || (extra.size() < MOST_COLUMNS && random.nextBoolean())) {
            return "ALTER TABLE shape ADD COLUMN c" + number++ + " " + TYPES.get(random.nextInt(TYPES.size()));
        }
        String column = extra.get(random.nextInt(extra.size()));
        return random.nextBoolean()
                ? "ALTER TABLE shape DROP COLUMN " + column
                : "ALTER TABLE shape RENAME COLUMN " + column + " TO c" + number++;
    }

    private String transaction(TableSchema shape, boolean extraIsThere) {
        String change = extraIsThere
                ? "INSERT INTO extra SELECT n, k FROM up WHERE n % 3 = 0;DROP TABLE extra"
                : "CREATE TABLE extra (n BIGINT, name SYMBOL);INSERT INTO extra VALUES (" + number++ + ", 'x'), ("
                        + number++ + ", 'y')";
        return CrashScriptTest.TRANSACTION + upsert() + ";" + insert(shape, 3) + ";" + change
                + ";DELETE FROM shape WHERE n % 11 = " + random.nextInt(11) + ";UPDATE up SET s = 'of a transaction "
                + number++ + "' WHERE k = '" + key() + "'";
    }

    /** Rows of one number and one day that are long past. */
    private String old() {
        String time = "TIMESTAMP '2020-01-0" + (1 + random.nextInt(DAYS)) + " 00:00:00'";
        String row = "(" + number++ + ", " + time + ")";
        return "INSERT INTO kept VALUES " + String.join(", ", java.util.Collections.nCopies(OLD_ROWS, row));
    }
}
