package io.zeptodb.jdbc.meta;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A name pattern of {@code DatabaseMetaData}: {@code %} any characters, {@code _} one, a backslash takes the meaning from either. Names
 * are compared without case, as in SQL. No pattern matches every name.
 */
final class LikePattern {
    /** What a question of {@link CatalogQuestions} compares a name with that a pattern is asked for. */
    static final String MATCHES = " ILIKE ? ESCAPE '\\'";

    private final @Nullable Pattern pattern;

    LikePattern(@Nullable String text) {
        this.pattern = text == null ? null : compile(text);
    }

    private static Pattern compile(String text) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                i++;
                regex.append(Pattern.quote(String.valueOf(text.charAt(i))));
            } else if (c == '%') {
                regex.append(".*");
            } else if (c == '_') {
                regex.append('.');
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
    }

    /** The same pattern for {@link #MATCHES}, which knows a backslash only before what it takes the meaning from. */
    static String of(@Nullable String pattern) {
        if (pattern == null) {
            return "%";
        }
        StringBuilder sql = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                i++;
                sql.append(literal(String.valueOf(i < pattern.length() ? pattern.charAt(i) : c)));
            } else {
                sql.append(c);
            }
        }
        return sql.toString();
    }

    /** The pattern that this name alone matches; null, which no name can be, matches none. */
    static String literal(@Nullable String name) {
        return name == null ? "" : name.replaceAll("([\\\\%_])", "\\\\$1");
    }

    /** As {@link #literal}, where null asks for any. */
    static String literalOrAny(@Nullable String name) {
        return name == null ? "%" : literal(name);
    }

    boolean matches(String name) {
        return pattern == null || pattern.matcher(name).matches();
    }

    /** Whether a catalog or schema that is given without a pattern means this one; null means any. */
    static boolean isNamed(@Nullable String given, String name) {
        return given == null || given.toLowerCase(Locale.ROOT).equals(name);
    }
}
