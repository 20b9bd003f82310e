package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.kernel.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A compiled LIKE pattern: {@code %} stands for any characters, {@code _} for one. It is matched against UTF-8 bytes as they lie in
 * memory: going on from the last {@code %} when a literal part fails is all the backtracking there can be, so that no pattern takes more than text
 * times pattern steps. Immutable.
 */
final class LikePattern {
    static final String DEFAULT_ESCAPE = "\\";

    /** Elements beyond the byte values. */
    private static final short ANY_CHARACTER = 256;

    private static final short ANY_TEXT = 257;

    /** Steps of one match after which it asks whether the statement shall stop: some milliseconds. */
    private static final int STEPS_BETWEEN_CHECKS = 1 << 22;

    private final short[] elements;
    private final int literal;
    private final boolean leadingAny;
    private final boolean trailingAny;

    private LikePattern(short[] elements) {
        this.elements = elements;
        this.leadingAny = elements.length > 0 && elements[0] == ANY_TEXT;
        this.trailingAny = elements.length > (leadingAny ? 1 : 0) && elements[elements.length - 1] == ANY_TEXT;
        int inner = 0;
        for (short element : elements) {
            inner += element < ANY_CHARACTER ? 1 : 0;
        }
        boolean simple = inner + (leadingAny ? 1 : 0) + (trailingAny ? 1 : 0) == elements.length;
        this.literal = simple ? inner : -1;
    }

    /**
     * Compiles.
     *
     * @param escape one character, or nothing for none
     */
    static LikePattern compile(String function, String pattern, String escape) {
        if (escape.codePointCount(0, escape.length()) > 1) {
            throw Failures.invalidArgument(function, "the escape '" + escape + "' is more than one character");
        }
        short[] elements = new short[pattern.length() * 4];
        int count = 0;
        int escapeCharacter = escape.isEmpty() ? -1 : escape.codePointAt(0);
        for (int at = 0; at < pattern.length(); ) {
            int c = pattern.codePointAt(at);
            at += Character.charCount(c);
            boolean escaped = c == escapeCharacter;
            if (escaped) {
                if (at == pattern.length()) {
                    throw Failures.invalidArgument(
                            function, "the pattern '" + pattern + "' ends with its escape character");
                }
                c = pattern.codePointAt(at);
                at += Character.charCount(c);
            }
            if (!escaped && c == '%') {
                if (count == 0 || elements[count - 1] != ANY_TEXT) {
                    elements[count++] = ANY_TEXT;
                }
            } else if (!escaped && c == '_') {
                elements[count++] = ANY_CHARACTER;
            } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    elements[count++] = (short) (b & 0xFF);
                }
            }
        }
        return new LikePattern(Arrays.copyOf(elements, count));
    }

    /** @param stopCheck throws when the statement shall stop; asked in the course of a long match only */
    boolean matches(long text, int length, Runnable stopCheck) {
        if (literal >= 0) {
            return matchesLiteral(text, length, stopCheck);
        }
        int steps = 0;
        int at = 0;
        int element = 0;
        int retryElement = -1;
        int retryAt = 0;
        while (at < length) {
            short wanted = element < elements.length ? elements[element] : -1;
            if (wanted == ANY_TEXT) {
                retryElement = ++element;
                retryAt = at;
            } else if (wanted == ANY_CHARACTER) {
                at += Math.min(Utf8.width(Memory.getByte(text + at)), length - at);
                element++;
            } else if (wanted >= 0 && wanted == (Memory.getByte(text + at) & 0xFF)) {
                at++;
                element++;
            } else if (retryElement >= 0) {
                steps += element - retryElement + 1;
                if (steps > STEPS_BETWEEN_CHECKS) {
                    steps = 0;
                    stopCheck.run();
                }
                retryAt += Math.min(Utf8.width(Memory.getByte(text + retryAt)), length - retryAt);
                at = retryAt;
                element = retryElement;
            } else {
                return false;
            }
        }
        while (element < elements.length && elements[element] == ANY_TEXT) {
            element++;
        }
        return element == elements.length;
    }

    /** One literal with or without a percent sign at either end. */
    private boolean matchesLiteral(long text, int length, Runnable stopCheck) {
        int first = leadingAny ? 1 : 0;
        int last = length - literal;
        if (last < 0) {
            return false;
        }
        if (!leadingAny) {
            return (trailingAny || last == 0) && isAt(text, first);
        }
        if (!trailingAny) {
            return isAt(text + last, first);
        }
        int unchecked = STEPS_BETWEEN_CHECKS / (literal + 1);
        for (int i = 0; i <= last; i++) {
            if (isAt(text + i, first)) {
                return true;
            }
            if (--unchecked < 0) {
                unchecked = STEPS_BETWEEN_CHECKS / (literal + 1);
                stopCheck.run();
            }
        }
        return false;
    }

    private boolean isAt(long text, int first) {
        for (int i = 0; i < literal; i++) {
            if ((Memory.getByte(text + i) & 0xFF) != elements[first + i]) {
                return false;
            }
        }
        return true;
    }
}
