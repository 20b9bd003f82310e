package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.ScalarKernel;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Texts matched with patterns: LIKE and its kin, and regular expressions in Java's syntax. */
final class PatternFunctions {
    private static final ColumnType VARCHAR = ColumnType.VARCHAR;
    private static final ColumnType BOOLEAN = ColumnType.BOOLEAN;

    private PatternFunctions() {}

    static List<FunctionDefinition> definitions() {
        return new Section("Text", PatternFunctions::resolve)
                .add(
                        "like",
                        "text LIKE pattern [ESCAPE escape]",
                        "Whether the whole text fits the pattern: % is any characters, _ one; a backslash, or the escape, takes the next one as it is.",
                        "SELECT 'hello' LIKE 'h_l%'",
                        "true")
                .add(
                        "ilike",
                        "text ILIKE pattern [ESCAPE escape]",
                        "As LIKE, without case.",
                        "SELECT 'HELLO' ILIKE 'h_l%'",
                        "true")
                .add(
                        "similar_to",
                        "text SIMILAR TO pattern [ESCAPE escape]",
                        "Whether the whole text fits SQL's regular expression: % _ | * + ? {n,m} ( ) [ ].",
                        "SELECT 'abc' SIMILAR TO '%(b|d)%'",
                        "true")
                .add(
                        "regexp_like",
                        "regexp_like(text, pattern [, flags])",
                        "Whether a part of the text fits the regular expression; flags: i without case, m ^ and $ at lines, s . takes line ends, x blanks"
                                + " ignored. 22023 for a bad expression.",
                        "SELECT regexp_like('hello', 'l+')",
                        "true",
                        "regexp_matches")
                .add(
                        "regexp_replace",
                        "regexp_replace(text, pattern, replacement [, flags])",
                        "The first part that fits replaced, all with flag g; \\1 is what the first group took, \\& the whole.",
                        "SELECT regexp_replace('hello', 'l+', 'L')",
                        "heLo")
                .add(
                        "regexp_extract",
                        "regexp_extract(text, pattern [, group])",
                        "The first part that fits, or what a group of it took; an empty text when none does.",
                        "SELECT regexp_extract('a1b22', '[0-9]+')",
                        "1")
                .add(
                        "regexp_substr",
                        "regexp_substr(text, pattern)",
                        "The first part that fits; NULL when none does.",
                        "SELECT regexp_substr('a1b22', 'b([0-9]+)')",
                        "b22")
                .add(
                        "regexp_count",
                        "regexp_count(text, pattern [, flags])",
                        "How many parts fit, one after the other.",
                        "SELECT regexp_count('banana', 'an')",
                        "2")
                .definitions();
    }

    private static @Nullable ScalarFunction resolve(Call call) {
        return switch (call.name()) {
            case "like" -> withOptional(call, BOOLEAN, like(false), 2);
            case "ilike" -> withOptional(call, BOOLEAN, like(true), 2);
            case "similar_to" -> withOptional(call, BOOLEAN, RegexKernels.similarTo(), 2);
            case "regexp_like" -> withOptional(call, BOOLEAN, RegexKernels.like(), 2);
            case "regexp_replace" -> withOptional(call, VARCHAR, RegexKernels.replace(), 3);
            case "regexp_count" -> withOptional(call, ColumnType.INTEGER, RegexKernels.count(), 2);
            case "regexp_substr" -> call.partial(VARCHAR, RegexKernels.extract(true), VARCHAR, VARCHAR);
            default ->
                call.count() == 2
                        ? call.partial(VARCHAR, RegexKernels.extract(false), VARCHAR, VARCHAR)
                        : call.partial(VARCHAR, RegexKernels.extract(false), VARCHAR, VARCHAR, ColumnType.INTEGER);
        };
    }

    /** A function of so many texts or one more. */
    private static @Nullable ScalarFunction withOptional(
            Call call, ColumnType result, ScalarKernel kernel, int required) {
        if (call.count() < required || call.count() > required + 1) {
            return null;
        }
        ColumnType[] parameters = new ColumnType[call.count()];
        Arrays.fill(parameters, VARCHAR);
        return call.partial(result, kernel, parameters);
    }

    private static ScalarKernel like(boolean ignoreCase) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            boolean escaped = arguments.length > 2;
            boolean fixed = arguments[1].isConstant() && (!escaped || arguments[2].isConstant());
            LikePattern pattern = null;
            FoldedText folded = new FoldedText(context.budget());
            try {
                for (int i = 0; i < count; i++) {
                    int at = positions == null ? i : positions[i];
                    if (pattern == null || !fixed) {
                        String text = arguments[1].getText(at);
                        String escape = escaped ? arguments[2].getText(at) : LikePattern.DEFAULT_ESCAPE;
                        pattern = LikePattern.compile(
                                ignoreCase ? "ilike" : "like", ignoreCase ? FoldedText.fold(text) : text, escape);
                    }
                    long bytes = arguments[0].viewBytes(at);
                    int length = arguments[0].viewLength(at);
                    boolean fits = ignoreCase
                            ? folded.matches(pattern, bytes, length, context.stopCheck())
                            : pattern.matches(bytes, length, context.stopCheck());
                    result.setBoolean(at, fits);
                }
            } finally {
                folded.close();
            }
        };
    }
}
