package io.zeptodb.engine.spec;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** How values of an answer are written, so that answers of several engines can be compared as text. */
public final class SpecValues {
    /** Digits of a floating-point number that count: fewer than it has, for sums may be taken in any order. */
    private static final int SIGNIFICANT_DIGITS = 12;

    private static final double PLAIN_LEAST = 1e-6;
    private static final double PLAIN_MOST = 1e15;

    private SpecValues() {}

    public static String text(@Nullable Object value) {
        if (value == null) {
            return "NULL";
        }
        if (value instanceof Double || value instanceof Float) {
            return number(((Number) value).doubleValue());
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        String text = value.toString();
        return text.isEmpty() ? "(empty)" : text.replace("\t", "\\t").replace("\n", "\\n");
    }

    static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.toString(value);
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value)
                .round(new MathContext(SIGNIFICANT_DIGITS, RoundingMode.HALF_EVEN))
                .stripTrailingZeros();
        double size = Math.abs(value);
        return size >= PLAIN_LEAST && size < PLAIN_MOST ? rounded.toPlainString() : rounded.toString();
    }
}
