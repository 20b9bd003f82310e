package io.zeptodb.bench.tpch;

import io.trino.tpch.TpchEntity;
import io.trino.tpch.TpchTable;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/** Makes the eight tables of TPC-H in several databases: the same rows, read from the same files. Stateless. */
public final class TpchTables {
    /** How many queries there are; they are numbered from 1. */
    public static final int QUERIES = 22;

    private TpchTables() {}

    /** All numbers of queries. */
    public static List<Integer> allQueries() {
        return IntStream.rangeClosed(1, QUERIES).boxed().toList();
    }

    /** The text of a query, which both databases take as it is. */
    public static String query(int number) {
        return resource(String.format(Locale.ROOT, "/tpch/q%02d.sql", number));
    }

    /**
     * Creates and fills the tables.
     *
     * @param scale 1 for a gigabyte
     * @param zepto an empty database of ZeptoDB
     * @param duck an empty database of DuckDB
     */
    public static void create(double scale, Connection zepto, Connection duck) throws SQLException, IOException {
        for (String definition : resource("/tpch/tables.sql").split(";\\s*")) {
            execute(zepto, definition);
            execute(duck, definition);
        }
        Path file = Files.createTempFile("zepto-tpch", ".csv");
        try {
            for (TpchTable<?> table : TpchTable.getTables()) {
                write(table, scale, file);
                String copy = "COPY " + table.getTableName() + " FROM '" + file + "' ";
                execute(zepto, copy + "WITH (header = false, delimiter = '|')");
                execute(duck, copy + "(FORMAT csv, HEADER false, DELIMITER '|')");
            }
        } finally {
            Files.delete(file);
        }
        execute(zepto, "CHECKPOINT");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void write(TpchTable<?> table, double scale, Path file) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (TpchEntity row : table.createGenerator(scale, 1, 1)) {
                String line = row.toLine();
                writer.write(line, 0, line.length() - 1); // it ends with a delimiter
                writer.write('\n');
            }
        }
    }

    private static String resource(String name) {
        try (InputStream stream = TpchTables.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
