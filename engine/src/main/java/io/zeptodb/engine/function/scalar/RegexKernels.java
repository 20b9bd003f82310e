package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.ScalarKernel;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Loops over java.util.regex. A pattern is compiled once for all rows that have the same one in a row. */
final class RegexKernels {
    private RegexKernels() {}

    /** Computes one row with its compiled pattern. */
    private interface RegexRow {
        void apply(Compiled compiled, Matcher matcher, ColumnVector[] arguments, int row, WritableColumn result);
    }

    /** The last pattern compiled, with its flags. */
    private static final class Compiled {
        private final String function;
        private String source = "";
        private String flags = "";
        private @Nullable Matcher matcher;
        private boolean global;

        Compiled(String function) {
            this.function = function;
        }

        Matcher with(String newSource, String newFlags, String text) {
            Matcher known = matcher;
            if (known == null || !source.equals(newSource) || !flags.equals(newFlags)) {
                known = compile(newSource, newFlags).matcher(text);
                source = newSource;
                flags = newFlags;
                matcher = known;
            }
            return known.reset(text);
        }

        private Pattern compile(String newSource, String newFlags) {
            int bits = 0;
            global = false;
            for (int i = 0; i < newFlags.length(); i++) {
                switch (newFlags.charAt(i)) {
                    case 'g' -> global = true;
                    case 'i' -> bits |= Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE;
                    case 'c' -> bits &= ~Pattern.CASE_INSENSITIVE;
                    case 'm', 'n' -> bits |= Pattern.MULTILINE;
                    case 's' -> bits |= Pattern.DOTALL;
                    case 'x' -> bits |= Pattern.COMMENTS;
                    default ->
                        throw Failures.invalidArgument(
                                function,
                                "'" + newFlags.charAt(i) + "' is not a flag; there are g, i, c, m, n, s and x");
                }
            }
            try {
                return Pattern.compile(newSource, bits);
            } catch (PatternSyntaxException e) {
                throw new EngineException(
                        ErrorCode.INVALID_ARGUMENT,
                        function + ": '" + newSource + "' is not a regular expression: " + e.getDescription(),
                        e);
            }
        }
    }

    private static ScalarKernel rows(String function, int flagsArgument, boolean similar, RegexRow row) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            Compiled compiled = new Compiled(function);
            boolean fixed = arguments[1].isConstant();
            String source = null;
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                if (source == null || !fixed) {
                    source = arguments[1].getText(at);
                    if (similar) {
                        String escape = arguments.length > 2 ? arguments[2].getText(at) : LikePattern.DEFAULT_ESCAPE;
                        source = SimilarPattern.toRegex(source, escape);
                    }
                }
                boolean hasFlags = flagsArgument > 0 && arguments.length > flagsArgument;
                String flags = hasFlags ? arguments[flagsArgument].getText(at) : "";
                Matcher matcher = compiled.with(source, flags, arguments[0].getText(at));
                row.apply(compiled, matcher, arguments, at, result);
            }
        };
    }

    static ScalarKernel similarTo() {
        return rows(
                "similar to",
                0,
                true,
                (compiled, matcher, arguments, row, result) -> result.setBoolean(row, matcher.matches()));
    }

    static ScalarKernel like() {
        return rows(
                "regexp_like",
                2,
                false,
                (compiled, matcher, arguments, row, result) -> result.setBoolean(row, matcher.find()));
    }

    static ScalarKernel count() {
        return rows("regexp_count", 2, false, (compiled, matcher, arguments, row, result) -> {
            int found = 0;
            while (matcher.find()) {
                found++;
            }
            result.setLong(row, found);
        });
    }

    static ScalarKernel replace() {
        return rows("regexp_replace", 3, false, (compiled, matcher, arguments, row, result) -> {
            String replacement = javaReplacement(arguments[2].getText(row), matcher.groupCount());
            result.setText(row, compiled.global ? matcher.replaceAll(replacement) : matcher.replaceFirst(replacement));
        });
    }

    static ScalarKernel extract(boolean nullWhenMissing) {
        return rows("regexp_extract", 0, false, (compiled, matcher, arguments, row, result) -> {
            int group = arguments.length > 2 ? arguments[2].getInt(row) : 0;
            if (group < 0 || group > matcher.groupCount()) {
                throw Failures.invalidArgument(
                        "regexp_extract",
                        "there is no group " + group + " in '" + matcher.pattern() + "', which has "
                                + matcher.groupCount());
            }
            String found = matcher.find() ? matcher.group(group) : null;
            if (found == null && nullWhenMissing) {
                TextLoops.putEmpty(result, row);
                result.setNull(row);
            } else {
                result.setText(row, found == null ? "" : found);
            }
        });
    }

    /** Backslashes name groups in SQL, dollar signs in Java. */
    private static String javaReplacement(String replacement, int groups) {
        StringBuilder java = new StringBuilder();
        for (int i = 0; i < replacement.length(); i++) {
            char c = replacement.charAt(i);
            char next = i + 1 < replacement.length() ? replacement.charAt(i + 1) : 0;
            if (c == '$') {
                java.append("\\$");
            } else if (c != '\\') {
                java.append(c);
            } else if (Character.isDigit(next) || next == '&') {
                int group = next == '&' ? 0 : Character.digit(next, 10);
                if (group <= groups) {
                    // a digit behind it is text, not a second digit of the group
                    boolean digitFollows = i + 2 < replacement.length() && Character.isDigit(replacement.charAt(i + 2));
                    java.append('$').append(group).append(digitFollows ? "\\" : "");
                }
                i++;
            } else if (next == '\\') {
                java.append("\\\\");
                i++;
            } else {
                java.append("\\\\");
            }
        }
        return java.toString();
    }
}
