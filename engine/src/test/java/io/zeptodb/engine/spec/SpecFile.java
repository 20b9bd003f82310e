package io.zeptodb.engine.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A spec file: records divided by blank lines, comments begin with {@code #}.
 *
 * <pre>
 *     statement ok                     runs
 *     SQL
 *
 *     statement error 42703            fails with this SQLSTATE (optional), and a message that has
 *     SQL                              the text after the dashes in it (optional)
 *     ----
 *     column 'prise' not found
 *
 *     query TIR rowsort                rows with columns divided by a tab; NULL, and (empty) for an empty text
 *     SQL                              rowsort: the order does not matter
 *     ----
 *     AAPL	10	1.5
 *
 *     restart                          the database of a folder is closed and opened again; in memory the session alone, as all would be gone
 *
 *     seal                             all rows are sealed, also inside a transaction
 *
 *     checkpoint                       the statement CHECKPOINT
 * </pre>
 *
 * A comment line {@code # portable} at the top says that DuckDB gives the same answers: the oracle runs the file there as well. A line
 * {@code skipif duckdb} before a record keeps that record from the oracle.
 *
 * @param path below the spec folder
 * @param portable whether DuckDB must agree
 * @param lines the text
 * @param records in their order
 * @param notPortable records that DuckDB does not run
 */
public record SpecFile(
        String path, boolean portable, List<String> lines, List<SpecRecord> records, List<SpecRecord> notPortable) {
    private static final String DASHES = "----";

    /** All spec files below a folder, in the order of their paths. */
    public static List<SpecFile> below(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            return paths.filter(path -> path.toString().endsWith(".test"))
                    .sorted()
                    .map(path -> read(folder, path))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SpecFile read(Path folder, Path path) {
        try {
            List<String> lines = Files.readAllLines(path, StandardCharsets.UTF_8);
            return parse(folder.relativize(path).toString().replace('\\', '/'), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SpecFile parse(String path, List<String> lines) {
        List<SpecRecord> records = new ArrayList<>();
        List<SpecRecord> notPortable = new ArrayList<>();
        boolean portable = false;
        boolean skip = false;
        int i = 0;
        while (i < lines.size()) {
            String line = lines.get(i).trim();
            if (line.isEmpty() || line.startsWith("#")) {
                portable |= line.replace(" ", "").equals("#portable");
                i++;
            } else if (line.equals("skipif duckdb")) {
                skip = true;
                i++;
            } else {
                SpecRecord record = record(path, lines, i);
                records.add(record);
                if (skip) {
                    notPortable.add(record);
                    skip = false;
                }
                i = record.endLine();
            }
        }
        return new SpecFile(path, portable, lines, records, notPortable);
    }

    private static SpecRecord record(String path, List<String> lines, int start) {
        String[] head = lines.get(start).trim().split("\\s+");
        switch (lines.get(start).trim()) {
            case "restart" -> {
                return action(path, start, SpecRecord.Kind.RESTART, "");
            }
            case "seal" -> {
                return action(path, start, SpecRecord.Kind.SEAL, "");
            }
            case "checkpoint" -> {
                return action(path, start, SpecRecord.Kind.CHECKPOINT, "CHECKPOINT");
            }
            default -> {
                // a statement or a query
            }
        }
        int at = start + 1;
        StringBuilder sql = new StringBuilder();
        while (at < lines.size() && !lines.get(at).isBlank() && !lines.get(at).equals(DASHES)) {
            sql.append(sql.isEmpty() ? "" : "\n").append(lines.get(at));
            at++;
        }
        int answerLine = 0;
        List<String> expected = new ArrayList<>();
        if (at < lines.size() && lines.get(at).equals(DASHES)) {
            answerLine = at + 1;
            at++;
            while (at < lines.size() && !lines.get(at).isEmpty()) {
                expected.add(lines.get(at));
                at++;
            }
        }
        String where = path + ":" + (start + 1);
        if (sql.isEmpty()) {
            throw new IllegalArgumentException(where + ": a record without SQL");
        }
        return switch (head[0] + (head.length > 1 && head[0].equals("statement") ? " " + head[1] : "")) {
            case "statement ok" ->
                new SpecRecord(
                        path,
                        start + 1,
                        SpecRecord.Kind.OK,
                        sql.toString(),
                        "",
                        SpecRecord.Sort.NOSORT,
                        List.of(),
                        "",
                        0,
                        at);
            case "statement error" ->
                new SpecRecord(
                        path,
                        start + 1,
                        SpecRecord.Kind.ERROR,
                        sql.toString(),
                        "",
                        SpecRecord.Sort.NOSORT,
                        expected,
                        head.length > 2 ? head[2] : "",
                        answerLine,
                        at);
            case "query" ->
                new SpecRecord(
                        path,
                        start + 1,
                        SpecRecord.Kind.QUERY,
                        sql.toString(),
                        head.length > 1 ? head[1] : "",
                        head.length > 2
                                ? SpecRecord.Sort.valueOf(head[2].toUpperCase(Locale.ROOT))
                                : SpecRecord.Sort.NOSORT,
                        expected,
                        "",
                        answerLine,
                        at);
            default -> throw new IllegalArgumentException(where + ": neither statement nor query: " + lines.get(start));
        };
    }

    private static SpecRecord action(String path, int start, SpecRecord.Kind kind, String sql) {
        return new SpecRecord(path, start + 1, kind, sql, "", SpecRecord.Sort.NOSORT, List.of(), "", 0, start + 1);
    }
}
