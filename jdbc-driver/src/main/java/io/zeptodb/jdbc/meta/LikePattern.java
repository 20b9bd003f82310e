package io.zeptodb.jdbc.meta;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A name pattern of {@code DatabaseMetaData}: {@code %} any characters, {@code _} one, a backslash takes the meaning from either. Names
 * are compared without case, as in SQL. No pattern matches every name.
 */
final class LikePattern {
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

    boolean matches(String name) {
        return pattern == null || pattern.matcher(name).matches();
    }

    /** Whether a catalog or schema that is given without a pattern means this one; null means any. */
    static boolean isNamed(@Nullable String given, String name) {
        return given == null || given.toLowerCase(Locale.ROOT).equals(name);
    }
}
