package io.zeptodb.duckdb;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** A statement of a file of portable SQL, with its line and the mark that it is known to be refused. */
record PortableStatement(String sql, int line, boolean refused) {
    private static final String MARK = "refused";

    static List<PortableStatement> all(String resource) throws IOException {
        List<String> lines;
        try (InputStream stream =
                Objects.requireNonNull(PortableStatement.class.getResourceAsStream("/" + resource), resource)) {
            lines = new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        List<PortableStatement> statements = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        boolean marked = false;
        int start = 0;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean between = text.isEmpty();
            if (between && (line.isBlank() || line.startsWith("#"))) {
                continue;
            }
            if (between && line.equals(MARK)) {
                marked = true;
                continue;
            }
            start = between ? i + 1 : start;
            text.append(between ? "" : "\n").append(line);
            if (line.endsWith(";")) {
                statements.add(new PortableStatement(text.substring(0, text.length() - 1), start, marked));
                text.setLength(0);
                marked = false;
            }
        }
        if (!text.isEmpty()) {
            throw new IllegalStateException(resource + ": the statement of line " + start + " has no end");
        }
        return statements;
    }

    /** Whether it gives rows. */
    boolean isQuery() {
        String start = sql.replaceFirst("^[\\s(]+", "").toUpperCase(Locale.ROOT);
        return start.matches("(?s)(SELECT|VALUES|WITH|TABLE)\\b.*") || sql.contains(" RETURNING ");
    }

    /** Whether ORDER BY stands outside all parentheses. */
    boolean ordered() {
        int depth = 0;
        String upper = sql.toUpperCase(Locale.ROOT);
        for (int i = 0; i < upper.length(); i++) {
            char c = upper.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth == 0 && upper.startsWith("ORDER BY", i)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "portable.sql:" + line + ": " + sql;
    }
}
