package io.zeptodb.engine.api;

import org.jspecify.annotations.Nullable;

/**
 * Messages short enough to be read: what they quote of a statement or of data may be a megabyte. Their beginning, which says what failed, and their end,
 * which has the remedy, stay. Stateless and thread-safe.
 */
public final class ErrorText {
    /** Characters; shorter messages are as they were written. */
    public static final int MOST_CHARACTERS = 1_000;

    /** Characters without a blank between them that are shown whole. */
    private static final int MOST_RUN = 120;

    private static final int RUN_HEAD = 60;
    private static final int RUN_TAIL = 30;
    private static final int HEAD = 600;
    private static final int TAIL = 300;

    private ErrorText() {}

    /** The message, or when it is long its beginning and its end, and how much of it there was; first of all what has no blank in it is shortened. */
    public static @Nullable String shortened(@Nullable String message) {
        if (message == null || message.length() <= MOST_CHARACTERS) {
            return message;
        }
        String shorter = withShortRuns(message);
        if (shorter.length() <= MOST_CHARACTERS) {
            return shorter;
        }
        StringBuilder text = new StringBuilder();
        cut(shorter, 0, shorter.length(), HEAD, TAIL, text);
        return text.toString();
    }

    private static String withShortRuns(String message) {
        StringBuilder text = new StringBuilder();
        int length = message.length();
        for (int from = 0; from < length; ) {
            int to = from;
            while (to < length && !Character.isWhitespace(message.charAt(to))) {
                to++;
            }
            if (to - from > MOST_RUN) {
                cut(message, from, to, RUN_HEAD, RUN_TAIL, text);
            } else {
                text.append(message, from, to);
            }
            if (to < length) {
                text.append(message.charAt(to++));
            }
            from = to;
        }
        return text.toString();
    }

    /** Appends the first and last characters of a part, and between them how many it has. */
    private static void cut(String text, int from, int to, int head, int tail, StringBuilder result) {
        int stop = Character.isHighSurrogate(text.charAt(from + head - 1)) ? from + head - 1 : from + head;
        int start = Character.isLowSurrogate(text.charAt(to - tail)) ? to - tail + 1 : to - tail;
        result.append(text, from, stop)
                .append("…(")
                .append(to - from)
                .append(" characters)…")
                .append(text, start, to);
    }
}
