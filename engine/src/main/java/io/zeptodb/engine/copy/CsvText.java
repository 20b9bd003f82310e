package io.zeptodb.engine.copy;

import java.io.IOException;
import java.io.Reader;
import java.util.UUID;

/**
 * The characters of a file, without a byte order mark, and behind the last line a mark of ours on a line of its own: a file whose last quote is not
 * closed has it inside of a field. One thread.
 */
final class CsvText extends Reader {
    private static final int BYTE_ORDER_MARK = 0xFEFF;
    /** How the mark begins: no file has a character that is none, and none the random digits behind it. */
    private static final char NO_CHARACTER = '\uFFFE';

    private final Reader file;
    private final char[] endMark;
    private char last = '\n';
    private boolean started;
    private boolean ended;
    private String rest = "";

    /** Takes over the reader. */
    CsvText(Reader file) {
        this.file = file;
        this.endMark = (NO_CHARACTER + UUID.randomUUID().toString().replace("-", "") + NO_CHARACTER).toCharArray();
    }

    char[] endMark() {
        return endMark.clone();
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!started) {
            started = true;
            int first = file.read();
            if (first >= 0 && first != BYTE_ORDER_MARK) {
                last = (char) first;
                buffer[offset] = last;
                return 1;
            }
        }
        int read = ended ? -1 : file.read(buffer, offset, length);
        if (read > 0) {
            last = buffer[offset + read - 1];
            return read;
        } else if (read == 0) {
            return 0;
        }
        return readRest(buffer, offset, length);
    }

    private int readRest(char[] buffer, int offset, int length) {
        if (!ended) {
            ended = true;
            boolean lineEnded = last == '\n' || last == '\r';
            rest = (lineEnded ? "" : "\n") + new String(endMark);
        }
        int count = Math.min(length, rest.length());
        rest.getChars(0, count, buffer, offset);
        rest = rest.substring(count);
        return count == 0 ? -1 : count;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
