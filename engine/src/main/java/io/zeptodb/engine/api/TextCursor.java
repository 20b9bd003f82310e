package io.zeptodb.engine.api;

/** Reads digits and signs from a text, left to right: what the parsers of this package share. One thread. */
final class TextCursor {
    private final CharSequence text;
    private final int end;
    private int at;

    TextCursor(CharSequence text) {
        this.text = text;
        int last = text.length();
        while (last > 0 && text.charAt(last - 1) <= ' ') {
            last--;
        }
        this.end = last;
        skipBlanks();
    }

    boolean atEnd() {
        return at >= end;
    }

    int position() {
        return at;
    }

    /** The next character without taking it, 0 at the end. */
    char peek() {
        return at < end ? text.charAt(at) : 0;
    }

    char take() {
        return at < end ? text.charAt(at++) : 0;
    }

    boolean take(char wanted) {
        if (at < end && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    void skipBlanks() {
        while (at < end && text.charAt(at) <= ' ') {
            at++;
        }
    }

    boolean atDigit() {
        return at < end && isDigit(text.charAt(at));
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Reads {@code least} to {@code most} digits; -1 when there are fewer, or more follow. */
    int number(int least, int most) {
        int from = at;
        int value = 0;
        while (at < end && at - from < most && isDigit(text.charAt(at))) {
            value = value * 10 + text.charAt(at) - '0';
            at++;
        }
        return at - from < least || atDigit() ? -1 : value;
    }

    /** Reads the digits of a fraction as a number of {@code places} digits; -1 when there is none or a digit other than 0 goes beyond. */
    long fraction(int places) {
        long value = 0;
        int read = 0;
        while (atDigit()) {
            int digit = take() - '0';
            if (read < places) {
                value = value * 10 + digit;
            } else if (digit != 0) {
                return -1;
            }
            read++;
        }
        for (int i = read; i < places; i++) {
            value *= 10;
        }
        return read == 0 ? -1 : value;
    }

    /** Reads a run of letters in lower case. */
    String word() {
        int from = at;
        while (at < end && Character.isLetter(text.charAt(at))) {
            at++;
        }
        return text.subSequence(from, at).toString().toLowerCase(java.util.Locale.ROOT);
    }
}
