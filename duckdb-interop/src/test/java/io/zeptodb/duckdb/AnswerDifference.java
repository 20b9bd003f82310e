package io.zeptodb.duckdb;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compares answers, for a reader: value by value, numbers by nine significant digits, whatever their types, or all as text. */
final class AnswerDifference {
    private static final MathContext DIGITS = new MathContext(9);
    private static final BigDecimal NOTHING = new BigDecimal("1e-12");
    private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");
    private static final int MOST_SHOWN = 5;

    private AnswerDifference() {}

    /** What differs, for a reader; null when nothing does. */
    static @Nullable String of(List<String> expected, List<String> actual, boolean ordered) {
        List<String> theirs = normalised(expected, ordered);
        List<String> ours = normalised(actual, ordered);
        if (theirs.equals(ours)) {
            return null;
        }
        if (ordered && theirs.size() == ours.size()) {
            return "expected " + theirs + ", got " + ours;
        }
        return rows(theirs, ours);
    }

    /** What differs between answers in any order whose values are the same texts; null when nothing does. */
    static @Nullable String ofTexts(List<String> expected, List<String> actual) {
        List<String> theirs = new ArrayList<>(expected);
        List<String> ours = new ArrayList<>(actual);
        Collections.sort(theirs);
        Collections.sort(ours);
        return theirs.equals(ours) ? null : rows(theirs, ours);
    }

    private static String rows(List<String> theirs, List<String> ours) {
        List<String> missing = new ArrayList<>(theirs);
        ours.forEach(missing::remove);
        List<String> extra = new ArrayList<>(ours);
        theirs.forEach(extra::remove);
        return ours.size() + " rows, expected " + theirs.size() + "; missing " + first(missing) + ", unexpected "
                + first(extra);
    }

    private static List<String> normalised(List<String> rows, boolean ordered) {
        List<String> result = new ArrayList<>();
        for (String row : rows) {
            List<String> values = new ArrayList<>();
            for (String value : row.split("\t", -1)) {
                values.add(NUMBER.matcher(value).matches() ? number(new BigDecimal(value)) : value);
            }
            result.add(String.join(" | ", values));
        }
        if (!ordered) {
            Collections.sort(result);
        }
        return result;
    }

    private static String number(BigDecimal value) {
        if (value.abs().compareTo(NOTHING) < 0) {
            return "0";
        }
        return value.round(DIGITS).stripTrailingZeros().toPlainString();
    }

    private static List<String> first(List<String> rows) {
        return rows.subList(0, Math.min(MOST_SHOWN, rows.size()));
    }
}
