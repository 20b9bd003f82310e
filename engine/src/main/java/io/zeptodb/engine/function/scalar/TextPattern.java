package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.function.TextLimit;

/**
 * FORMAT of one row, with what PostgreSQL's patterns have: {@code %[position$][-][width]type}. The width is a number, {@code *} for the next value or
 * {@code *position$}; what is shorter is filled with blanks, in front or, with a minus, behind. Used once, by one thread.
 */
final class TextPattern {
    /** A value that is put in takes as long as so many bytes of text. */
    private static final int VALUE_WORK = 32;

    private static final char END = 0;

    private final String pattern;
    private final ColumnVector[] arguments;
    private final int row;
    private final WorkMeter work;
    private final StringBuilder text = new StringBuilder();
    private int at;
    private int next = 1;

    /** @param arguments the pattern, which is not NULL, and the values as texts */
    TextPattern(ColumnVector[] arguments, int row, WorkMeter work) {
        this.pattern = arguments[0].getText(row);
        this.arguments = arguments;
        this.row = row;
        this.work = work;
    }

    String text() {
        while (at < pattern.length()) {
            char c = pattern.charAt(at++);
            if (c != '%') {
                text.append(c);
            } else if (peek() == '%') {
                text.append(pattern.charAt(at++));
            } else {
                int before = text.length();
                value();
                work.add(VALUE_WORK + text.length() - before);
                TextLimit.check("format", text.length());
            }
        }
        return text.toString();
    }

    private char peek() {
        return at < pattern.length() ? pattern.charAt(at) : END;
    }

    private void value() {
        int place = position();
        boolean left = false;
        while (peek() == '-') {
            left = true;
            at++;
        }
        long width = width();
        ColumnVector values = arguments[argument(place)];
        String value = written(peek(), values);
        at++;
        fill(value, left || width < 0, Math.abs(width));
    }

    /** The number in front of a dollar sign, 0 when there is none and nothing has been read. */
    private int position() {
        int start = at;
        int number = number();
        if (number >= 0 && peek() == '$') {
            at++;
            if (number == 0) {
                throw wrong(" asks for value 0: they count from 1");
            }
            return number;
        }
        at = start;
        return 0;
    }

    /** The digits here as a number, -1 without any; more than any pattern can mean is the greatest. */
    private int number() {
        int start = at;
        long number = 0;
        while (peek() >= '0' && peek() <= '9') {
            number = Math.min(number * 10 + peek() - '0', Integer.MAX_VALUE);
            at++;
        }
        return at == start ? -1 : (int) number;
    }

    private long width() {
        if (peek() != '*') {
            return Math.max(0, number());
        }
        at++;
        ColumnVector widths = arguments[argument(position())];
        if (widths.isNull(row)) {
            return 0;
        }
        String width = widths.getText(row);
        try {
            return Integer.parseInt(width);
        } catch (NumberFormatException e) {
            throw wrong(" takes '" + width + "' as a width, which is no INTEGER");
        }
    }

    private int argument(int place) {
        int argument = place == 0 ? next : place;
        next = argument + 1;
        if (argument >= arguments.length) {
            throw wrong(" asks for value " + argument + " of " + (arguments.length - 1));
        }
        return argument;
    }

    private String written(char letter, ColumnVector values) {
        boolean isNull = values.isNull(row);
        String value = isNull ? "" : values.getText(row);
        return switch (letter) {
            case 's' -> value;
            case 'L' -> isNull ? "NULL" : "'" + value.replace("'", "''") + "'";
            case 'I' -> {
                if (isNull) {
                    throw Failures.invalidArgument("format", "NULL is no identifier");
                }
                yield value.matches("[a-z_][a-z0-9_]*") ? value : "\"" + value.replace("\"", "\"\"") + "\"";
            }
            case END -> throw wrong(" ends inside of a %; a percent sign is %%");
            default -> throw wrong(" has %" + letter + "; there are %s, %I, %L and %%");
        };
    }

    private void fill(String value, boolean left, long width) {
        int blanks = (int) Math.max(0, width - value.codePointCount(0, value.length()));
        TextLimit.check("format", text.length() + (long) value.length() + blanks);
        if (left) {
            text.append(value).append(" ".repeat(blanks));
        } else {
            text.append(" ".repeat(blanks)).append(value);
        }
    }

    private EngineException wrong(String what) {
        return Failures.invalidArgument("format", "the pattern '" + pattern + "'" + what);
    }
}
