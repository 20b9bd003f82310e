package io.zeptodb.engine.spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes answers into a spec file: what {@code -Dspec.fill=true} does. The answers are then the author's to check. */
public final class SpecFill {
    private SpecFill() {}

    /**
     * Replaces the answers of the queries.
     *
     * @param answers rows by the line of their record, last record first
     * @param types letters of the columns by the line of their record; where there are none they stay
     */
    public static void write(Path path, SpecFile file, Map<Integer, List<String>> answers, Map<Integer, String> types) {
        List<String> lines = new ArrayList<>(file.lines());
        // before any line moves
        types.forEach((line, letters) -> lines.set(
                line - 1,
                lines.get(line - 1).replaceFirst("^query \\S+", "query " + (letters.isEmpty() ? "?" : letters))));
        for (Map.Entry<Integer, List<String>> answer : answers.entrySet()) {
            SpecRecord record = file.records().stream()
                    .filter(candidate -> candidate.line() == answer.getKey())
                    .findFirst()
                    .orElseThrow();
            int from = record.answerLine() == 0 ? record.endLine() : record.answerLine();
            lines.subList(from, record.endLine()).clear();
            List<String> rows = new ArrayList<>(answer.getValue());
            if (record.answerLine() == 0) {
                rows.add(0, "----");
            }
            lines.addAll(from, rows);
        }
        try {
            Files.write(path, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
