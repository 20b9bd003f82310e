package io.zeptodb.engine.api;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * Integers and binary floating point as text and back, the same on every JDK. A DOUBLE is written with the fewest digits that read
 * back as the same number ({@code 0.1}, {@code 1}, {@code 1e+20}, {@code NaN}, {@code Infinity}), as PostgreSQL writes it. Stateless
 * and thread-safe.
 */
public final class NumberText {
    private static final int MOST_EXACT_POWER = 22;
    private static final double[] POWERS = new double[MOST_EXACT_POWER + 1];
    /** Integers up to here have one double each, and their quotient by a power in the table is rounded once. */
    private static final long MOST_EXACT_LONG = 1L << 53;

    /** Up to 15 digits tell doubles apart, so that the first fraction that reads back is the only one. */
    private static final double MOST_QUICK = 1e15;

    private static final int DOUBLE_DIGITS = 17;
    private static final int FLOAT_DIGITS = 9;
    private static final int DOUBLE_SURE_DIGITS = 15;
    private static final int FLOAT_SURE_DIGITS = 6;
    /** Exponents from which on scientific notation is used. */
    private static final int LEAST_PLAIN_EXPONENT = -4;

    private static final int MOST_LONG_DIGITS = 18;

    /** Of a number with a point or an exponent, and of any literal: the longest DOUBLE written out has 1,076 digits. More take long to read. */
    public static final int MOST_CHARACTERS = 2_000;

    static {
        double power = 1;
        for (int i = 0; i <= MOST_EXACT_POWER; i++) {
            POWERS[i] = power;
            power *= 10;
        }
    }

    private NumberText() {}

    // ---- integers

    /**
     * An integer between {@code least} and {@code most}; blanks around it and a sign are allowed.
     *
     * @param type its name for the message
     * @throws EngineException INVALID_TEXT when it is no integer, NUMERIC_OUT_OF_RANGE when it is outside the bounds
     */
    public static long parseInteger(CharSequence text, String type, long least, long most) {
        int at = firstAfterBlanks(text);
        int end = endBeforeBlanks(text, at);
        boolean negative = at < end && text.charAt(at) == '-';
        if (at < end && (negative || text.charAt(at) == '+')) {
            at++;
        }
        if (!isInteger(text, at, end)) {
            throw invalid(type, text);
        }
        // counts down, for the negative range is the larger one
        long value = 0;
        boolean overflow = false;
        for (int i = at; i < end; i++) {
            int digit = text.charAt(i) - '0';
            overflow |= value < (Long.MIN_VALUE + digit) / 10;
            value = value * 10 - digit;
        }
        overflow |= !negative && value == Long.MIN_VALUE;
        long signed = negative ? value : -value;
        if (overflow || signed < least || signed > most) {
            throw new EngineException(
                    ErrorCode.NUMERIC_OUT_OF_RANGE,
                    "'" + text + "' is out of range for type " + type + " (" + least + " to " + most + ")");
        }
        return signed;
    }

    private static boolean isInteger(CharSequence text, int from, int end) {
        for (int i = from; i < end; i++) {
            if (!TextCursor.isDigit(text.charAt(i))) {
                return false;
            }
        }
        return from < end;
    }

    // ---- floating point

    /**
     * The double nearest to a decimal number, {@code NaN}, {@code Infinity} or {@code inf} in any case.
     *
     * @throws EngineException INVALID_TEXT when it is no number, NUMERIC_OUT_OF_RANGE when it is finite and no double is near
     */
    public static double parseDouble(CharSequence text) {
        int at = firstAfterBlanks(text);
        int end = endBeforeBlanks(text, at);
        boolean negative = at < end && text.charAt(at) == '-';
        int from = at < end && (negative || text.charAt(at) == '+') ? at + 1 : at;
        long digits = 0;
        int read = 0;
        int places = 0;
        boolean point = false;
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            if (TextCursor.isDigit(c)) {
                digits = digits * 10 + c - '0';
                read++;
                places += point ? 1 : 0;
            } else if (c == '.' && !point) {
                point = true;
            } else {
                return slowDouble(text, at, end);
            }
        }
        if (read == 0 || read > MOST_LONG_DIGITS || digits > MOST_EXACT_LONG || places > MOST_EXACT_POWER) {
            return slowDouble(text, at, end);
        }
        double value = digits / POWERS[places];
        return negative ? -value : value;
    }

    private static double slowDouble(CharSequence text, int at, int end) {
        String number = text.subSequence(at, end).toString();
        if (isNumber(number)) {
            checkLength(number, "DOUBLE");
            double value = Double.parseDouble(number);
            boolean vanished = value == 0 && new BigDecimal(number).signum() != 0;
            if (Double.isInfinite(value) || vanished) {
                throw new EngineException(
                        ErrorCode.NUMERIC_OUT_OF_RANGE, "'" + text + "' is out of range for type DOUBLE");
            }
            return value;
        }
        return switch (number.toLowerCase(Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw invalid("DOUBLE", text);
        };
    }

    /** Whether a text is digits with at most one point, a sign and an exponent: Java's own parser takes suffixes and hex too. */
    static boolean isNumber(String text) {
        int at = sign(text, 0);
        int digits = 0;
        boolean point = false;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (TextCursor.isDigit(c)) {
                digits++;
            } else if (c == '.' && !point) {
                point = true;
            } else {
                break;
            }
        }
        if (digits == 0 || at == text.length()) {
            return digits > 0;
        }
        if (text.charAt(at) != 'e' && text.charAt(at) != 'E') {
            return false;
        }
        int exponent = sign(text, at + 1);
        // more digits than these are no exponent of anything
        return isInteger(text, exponent, text.length()) && text.length() - exponent <= 6;
    }

    private static int sign(String text, int at) {
        return at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+') ? at + 1 : at;
    }

    /**
     * A decimal number, exact.
     *
     * @throws EngineException INVALID_TEXT when it is no number
     */
    public static BigDecimal parseDecimal(CharSequence text) {
        int at = firstAfterBlanks(text);
        String number = text.subSequence(at, endBeforeBlanks(text, at)).toString();
        if (!isNumber(number)) {
            throw invalid("DECIMAL", text);
        }
        checkLength(number, "DECIMAL");
        return new BigDecimal(number);
    }

    private static void checkLength(String number, String type) {
        if (number.length() > MOST_CHARACTERS) {
            throw new EngineException(
                    ErrorCode.NUMERIC_OUT_OF_RANGE,
                    "'" + number + "' is out of range for type " + type + ": it has " + number.length()
                            + " characters, a number has at most " + MOST_CHARACTERS);
        }
    }

    /** The fewest digits that read back as this double. */
    public static String format(double value) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return special(value);
        }
        double magnitude = Math.abs(value);
        if (magnitude < MOST_QUICK && magnitude >= 1e-4) {
            for (int places = 0; places <= MOST_EXACT_POWER; places++) {
                double scaled = magnitude * POWERS[places];
                if (scaled >= MOST_QUICK) {
                    break;
                }
                long digits = Math.round(scaled);
                if (digits / POWERS[places] == magnitude) {
                    return plain(value < 0, digits, places);
                }
            }
        }
        return shortest(
                new BigDecimal(value),
                DOUBLE_SURE_DIGITS,
                DOUBLE_DIGITS,
                candidate -> candidate.doubleValue() == value);
    }

    /** The fewest digits that read back as this float. */
    public static String format(float value) {
        if (value == 0 || Float.isNaN(value) || Float.isInfinite(value)) {
            return special(value);
        }
        return shortest(
                new BigDecimal(value), FLOAT_SURE_DIGITS, FLOAT_DIGITS, candidate -> candidate.floatValue() == value);
    }

    private static String special(double value) {
        if (Double.isNaN(value)) {
            return "NaN";
        }
        if (Double.isInfinite(value)) {
            return value < 0 ? "-Infinity" : "Infinity";
        }
        return Double.doubleToRawLongBits(value) < 0 ? "-0" : "0";
    }

    private static String plain(boolean negative, long digits, int places) {
        StringBuilder text = new StringBuilder(Long.toString(digits));
        while (text.length() <= places) {
            text.insert(0, '0');
        }
        if (places > 0) {
            text.insert(text.length() - places, '.');
        }
        return negative ? text.insert(0, '-').toString() : text.toString();
    }

    /** Whether a decimal reads back as the number in question. */
    private interface ReadsBack {
        boolean test(BigDecimal candidate);
    }

    /**
     * Rounds the exact value to more and more digits until it reads back. Numbers of up to {@code sure} digits are told apart by the
     * type, so that a shorter form shows as zeros at the end; subnormal numbers have fewer digits and are tried from one on.
     */
    private static String shortest(BigDecimal exact, int sure, int most, ReadsBack readsBack) {
        boolean tiny = exact.precision() - exact.scale() < (most == FLOAT_DIGITS ? -36 : -306);
        for (int digits = tiny ? 1 : sure; digits < most; digits++) {
            BigDecimal nearest = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (readsBack.test(nearest)) {
                return plainOrScientific(nearest.stripTrailingZeros(), sure);
            }
            // next to a power of two the numbers above are twice as far apart as those below: the nearest decimal may
            // lie below and miss while the one above hits
            BigDecimal above = exact.round(new MathContext(digits, RoundingMode.UP));
            if (readsBack.test(above)) {
                return plainOrScientific(above.stripTrailingZeros(), sure);
            }
        }
        BigDecimal nearest = exact.round(new MathContext(most, RoundingMode.HALF_EVEN));
        return plainOrScientific(nearest.stripTrailingZeros(), sure);
    }

    private static String plainOrScientific(BigDecimal value, int sure) {
        int exponent = value.precision() - value.scale() - 1;
        if (exponent >= LEAST_PLAIN_EXPONENT && exponent < sure) {
            return value.toPlainString();
        }
        String digits = value.unscaledValue().abs().toString();
        StringBuilder text = new StringBuilder(value.signum() < 0 ? "-" : "").append(digits.charAt(0));
        if (digits.length() > 1) {
            text.append('.').append(digits, 1, digits.length());
        }
        int magnitude = Math.abs(exponent);
        return text.append('e')
                .append(exponent < 0 ? '-' : '+')
                .append(magnitude < 10 ? "0" : "")
                .append(magnitude)
                .toString();
    }

    private static int firstAfterBlanks(CharSequence text) {
        int at = 0;
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
        return at;
    }

    private static int endBeforeBlanks(CharSequence text, int from) {
        int end = text.length();
        while (end > from && text.charAt(end - 1) <= ' ') {
            end--;
        }
        return end;
    }

    private static EngineException invalid(String type, CharSequence text) {
        return new EngineException(ErrorCode.INVALID_TEXT, "'" + text + "' is not a value of type " + type);
    }
}
