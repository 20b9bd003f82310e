package io.zeptodb.engine;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The word with which a statement begins that changes what the database is: enough to know that it is an administrator's, also when it cannot be planned. */
final class DefinitionWord {
    private static final Set<String> WORDS = Set.of("CREATE", "DROP", "ALTER");

    private DefinitionWord() {}

    /** In capitals; null when the text begins with another word. */
    static @Nullable String of(String sql) {
        int from = skipBlanks(sql);
        int to = from;
        while (to < sql.length() && Character.isLetter(sql.charAt(to))) {
            to++;
        }
        String word = sql.substring(from, to).toUpperCase(Locale.ROOT);
        return WORDS.contains(word) ? word : null;
    }

    private static int skipBlanks(String sql) {
        int at = 0;
        while (at < sql.length()) {
            int end;
            if (Character.isWhitespace(sql.charAt(at))) {
                end = at;
            } else if (sql.startsWith("--", at)) {
                end = sql.indexOf('\n', at);
            } else if (sql.startsWith("/*", at)) {
                end = sql.indexOf("*/", at + 2) < 0 ? -1 : sql.indexOf("*/", at + 2) + 1;
            } else {
                return at;
            }
            at = end < 0 ? sql.length() : end + 1;
        }
        return at;
    }
}
