package io.zeptodb.engine.copy;

import java.io.IOException;
import java.io.Reader;

/**
 * The characters of a file for the CSV reader: without a byte order mark; with a mark of ours behind the last line, on a line of its own, which a quote
 * that is not closed has inside; and with another character for those carriage returns that are no line's end, after which the reader takes no line feed
 * for one. Both are halves of surrogate pairs, which a decoder never gives. One thread.
 */
final class CsvText extends Reader {
    /** Stands behind the last line. */
    static final char END = '\uDC00';
    /** Stands for a carriage return inside of a field. */
    static final char RETURN = '\uDC0D';

    private static final int BYTE_ORDER_MARK = 0xFEFF;
    private static final int NOTHING = -2;

    private final Reader file;
    private final char delimiter;
    private final char quote;
    /** Read, but not given: a character, -1 for the end of the file, or {@link #NOTHING}. */
    private int ahead = NOTHING;

    private char last = '\n';
    private boolean started;
    private boolean ended;
    private String rest = "";

    /** Where in the first line we are; what ends it ends the others too. */
    private boolean firstLineEnded;

    private boolean linesEndByReturn;
    private boolean inQuotes;
    private boolean inField;

    /** Takes over the reader. */
    CsvText(Reader file, char delimiter, char quote) {
        this.file = file;
        this.delimiter = delimiter;
        this.quote = quote;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!started) {
            started = true;
            int first = file.read();
            ahead = first == BYTE_ORDER_MARK ? NOTHING : first;
        }
        int read = ended ? -1 : take(buffer, offset, length);
        if (read < 0) {
            return takeRest(buffer, offset, length);
        }
        if (read > 0) {
            replaceReturns(buffer, offset, offset + read);
            last = buffer[offset + read - 1];
        }
        return read;
    }

    private int take(char[] buffer, int offset, int length) throws IOException {
        if (ahead == NOTHING) {
            return file.read(buffer, offset, length);
        }
        int first = ahead;
        ahead = NOTHING;
        if (first < 0) {
            return -1;
        }
        buffer[offset] = (char) first;
        return 1;
    }

    private int takeRest(char[] buffer, int offset, int length) {
        if (!ended) {
            ended = true;
            boolean lineEnded = last == '\n' || last == '\r';
            rest = lineEnded ? String.valueOf(END) : "\n" + END;
        }
        int count = Math.min(length, rest.length());
        rest.getChars(0, count, buffer, offset);
        rest = rest.substring(count);
        return count == 0 ? -1 : count;
    }

    private void replaceReturns(char[] buffer, int from, int to) throws IOException {
        int at = from;
        while (at < to && !firstLineEnded) {
            firstLine(buffer, at++, to);
        }
        if (linesEndByReturn) {
            return;
        }
        for (; at < to; at++) {
            if (buffer[at] == '\r' && isInField(buffer, at, to)) {
                buffer[at] = RETURN;
            }
        }
    }

    private void firstLine(char[] buffer, int at, int to) throws IOException {
        char c = buffer[at];
        if (inQuotes) {
            inQuotes = c != quote; // a quote that is doubled ends and begins them
            if (c == '\r' && isInField(buffer, at, to)) {
                buffer[at] = RETURN;
            }
        } else if (c == quote && (!inField || last(buffer, at) == quote)) {
            inQuotes = true;
            inField = true;
        } else if (c == '\n') {
            firstLineEnded = true;
        } else if (c == '\r') {
            firstLineEnded = true;
            linesEndByReturn = isInField(buffer, at, to);
        } else {
            inField = c != delimiter;
        }
    }

    private char last(char[] buffer, int at) {
        return at == 0 ? last : buffer[at - 1];
    }

    /** Whether it is not the end of a line with the character behind it, or the last one of the file. */
    private boolean isInField(char[] buffer, int at, int to) throws IOException {
        int next;
        if (at + 1 < to) {
            next = buffer[at + 1];
        } else {
            next = file.read();
            ahead = next;
        }
        return next >= 0 && next != '\n';
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
