package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.function.TextLimit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Loops over java.util.regex. A pattern is compiled once for all rows that have the same one in a row. An engine of linear time (RE2) would need no
 * stop check and little stack, but has no lookaround, back references, possessive repetitions and comments, which the functions are documented with; so
 * what a text or a pattern makes of Java's engine is bounded here: its time by {@link WatchedText}, its stack by an error.
 */
final class RegexKernels {
    /** Groups in groups: more are refused before the compiler, which recurses, sees them. */
    private static final int MOST_NESTED = 250;

    /** Characters of a pattern: the compiler's time for a long one grows with the square of its length. */
    private static final int MOST_PATTERN = 10_000;

    /** Steps between two characters that are looked at, in which nothing asks whether to stop. */
    private static final int MOST_EMPTY_WAYS = 10_000;

    /** What the compiler says when it has met one. */
    private static final String STACK_OVERFLOW = "Stack overflow";

    private RegexKernels() {}

    /** Computes one row with its compiled pattern. */
    private interface RegexRow {
        void apply(Compiled compiled, Matcher matcher, ColumnVector[] arguments, int row, WritableColumn result);
    }

    /** The last pattern compiled, with its flags. */
    private static final class Compiled {
        private final String function;
        private final WatchedText watched;
        private String source = "";
        private String flags = "";
        private @Nullable Matcher matcher;
        private boolean global;

        Compiled(String function, Runnable stopCheck) {
            this.function = function;
            this.watched = new WatchedText(stopCheck);
        }

        Matcher with(String newSource, String newFlags, String text) {
            Matcher known = matcher;
            if (known == null || !source.equals(newSource) || !flags.equals(newFlags)) {
                known = compile(newSource, newFlags).matcher(watched);
                source = newSource;
                flags = newFlags;
                matcher = known;
            }
            return known.reset(watched.of(text));
        }

        EngineException tooDeep(StackOverflowError e) {
            String text = watched.toString();
            return new EngineException(
                    ErrorCode.STATEMENT_TOO_COMPLEX,
                    function + ": the pattern '" + source + "' needs more stack than there is on a text of "
                            + text.length() + " characters: repeat characters or [classes] rather than groups, make"
                            + " the repetition of a group possessive, as in (a|b)*+, or match shorter texts",
                    e);
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
                refuseDeep(newSource);
                if (newSource.length() > MOST_PATTERN) {
                    throw tooLong(newSource, null);
                }
                refuseEmptyWays(newSource, (bits & Pattern.COMMENTS) != 0);
                return Pattern.compile(newSource, bits);
            } catch (StackOverflowError e) {
                throw tooLong(newSource, e);
            } catch (PatternSyntaxException e) {
                if (e.getDescription().startsWith(STACK_OVERFLOW)) {
                    throw tooLong(newSource, e);
                }
                throw new EngineException(
                        ErrorCode.INVALID_ARGUMENT,
                        function + ": '" + newSource + "' is not a regular expression: " + e.getDescription(),
                        e);
            }
        }

        private void refuseEmptyWays(String pattern, boolean comments) {
            if (EmptyWays.most(pattern, comments) > MOST_EMPTY_WAYS) {
                throw new EngineException(
                        ErrorCode.STATEMENT_TOO_COMPLEX,
                        function + ": the pattern '" + pattern + "' can take nothing in more than " + MOST_EMPTY_WAYS
                                + " ways, one part after the other: have each part that is repeated take a character");
            }
        }

        private EngineException tooLong(String pattern, @Nullable Throwable cause) {
            return new EngineException(
                    ErrorCode.STATEMENT_TOO_COMPLEX,
                    function + ": the pattern '" + pattern + "' of " + pattern.length()
                            + " characters is too long: split it up" + " (at most " + MOST_PATTERN
                            + " characters, and fewer parts than fill a stack)",
                    cause);
        }

        private void refuseDeep(String pattern) {
            int depth = 0;
            int classes = 0;
            for (int at = 0; at < pattern.length(); at++) {
                char c = pattern.charAt(at);
                if (c == '\\') {
                    at++;
                } else if (c == '[' || (c == '(' && classes == 0)) {
                    depth++;
                    classes += c == '[' ? 1 : 0;
                } else if ((c == ']' && classes > 0) || (c == ')' && classes == 0)) {
                    depth = Math.max(0, depth - 1);
                    classes -= c == ']' ? 1 : 0;
                }
                if (depth > MOST_NESTED) {
                    throw new EngineException(
                            ErrorCode.STATEMENT_TOO_COMPLEX,
                            function + ": the pattern '" + pattern + "' nests groups and classes deeper than "
                                    + MOST_NESTED + ": split it up");
                }
            }
        }
    }

    private static ScalarKernel rows(String function, int flagsArgument, boolean similar, RegexRow row) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            Compiled compiled = new Compiled(function, context.stopCheck());
            boolean fixed = arguments[1].isConstant();
            WorkMeter work = new WorkMeter(context.stopCheck());
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
                work.add(arguments[0].viewLength(at));
                boolean hasFlags = flagsArgument > 0 && arguments.length > flagsArgument;
                String flags = hasFlags ? arguments[flagsArgument].getText(at) : "";
                Matcher matcher = compiled.with(source, flags, arguments[0].getText(at));
                try {
                    row.apply(compiled, matcher, arguments, at, result);
                } catch (StackOverflowError e) {
                    throw compiled.tooDeep(e);
                }
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
            String text = arguments[0].getText(row);
            String replaced = replaced(matcher, text, arguments[2].getText(row), compiled.global);
            TextLimit.put("regexp_replace", replaced, row, result);
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

    private static String replaced(Matcher matcher, String text, String replacement, boolean all) {
        if (!matcher.find()) {
            return text;
        }
        StringBuilder result = new StringBuilder();
        int from = 0;
        do {
            result.append(text, from, matcher.start());
            appendReplacement(matcher, text, replacement, result);
            TextLimit.check("regexp_replace", result.length());
            from = matcher.end();
        } while (all && matcher.find());
        return result.append(text, from, text.length()).toString();
    }

    /** A backslash with a digit is what that group took, nothing when there is no such group or it took no part; with an ampersand it is the whole. */
    private static void appendReplacement(Matcher matcher, String text, String replacement, StringBuilder result) {
        for (int i = 0; i < replacement.length(); i++) {
            char c = replacement.charAt(i);
            char next = i + 1 < replacement.length() ? replacement.charAt(i + 1) : 0;
            if (c == '\\' && (Character.isDigit(next) || next == '&')) {
                int group = next == '&' ? 0 : Character.digit(next, 10);
                if (group <= matcher.groupCount() && matcher.start(group) >= 0) {
                    result.append(text, matcher.start(group), matcher.end(group));
                    TextLimit.check("regexp_replace", result.length());
                }
                i++;
            } else {
                result.append(c);
                i += c == '\\' && next == '\\' ? 1 : 0;
            }
        }
    }
}
