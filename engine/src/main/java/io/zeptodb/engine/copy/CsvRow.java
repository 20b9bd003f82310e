package io.zeptodb.engine.copy;

import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.RecordType;
import java.util.Arrays;

/**
 * The line that the CSV reader is at, as UTF-8 in one array that is used again for every line: no String for each field. Gives itself
 * as the record.
 */
final class CsvRow extends CsvCallbackHandler<CsvRow> {
    private static final int FIRST_BYTES = 1024;
    private static final int FIRST_FIELDS = 32;
    private static final int MOST_BYTES_PER_CHAR = 3;
    /** Longest field, characters: a quote that is never closed must not swallow a file into memory. */
    static final int MOST_FIELD_CHARS = 16 << 20;

    /** Of one line: more are no table's, but a bomb, or a file of another kind. */
    private static final int MOST_FIELDS = 1 << 20;

    private static final int MOST_BYTES = 1 << 28;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int[] ends = new int[FIRST_FIELDS];
    private boolean[] quoted = new boolean[FIRST_FIELDS];
    private int fields;
    private int used;
    private long line;
    private RecordType recordType = RecordType.DATA;
    private boolean atEnd;

    /** Whether this is no line of the file, but what stands behind the last one. */
    boolean isEnd() {
        return atEnd;
    }

    byte[] bytes() {
        return bytes;
    }

    int fields() {
        return fields;
    }

    /** Line of the file on which the record begins, from 1. */
    long line() {
        return line;
    }

    int start(int field) {
        return field == 0 ? 0 : ends[field - 1];
    }

    int length(int field) {
        return ends[field] - start(field);
    }

    boolean isQuoted(int field) {
        return quoted[field];
    }

    String text(int field) {
        return new String(bytes, start(field), length(field), java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    protected RecordType getRecordType() {
        return recordType;
    }

    @Override
    protected int getFieldCount() {
        return fields;
    }

    @Override
    protected void beginRecord(long startingLineNumber) {
        line = startingLineNumber;
        fields = 0;
        used = 0;
        recordType = RecordType.DATA;
    }

    @Override
    protected void addField(char[] buffer, int offset, int length, boolean isQuoted) {
        if (length > 0 && buffer[offset + length - 1] == CsvText.END) {
            if (isQuoted) {
                throw new CsvParseException("a quote is not closed: is the file torn?");
            }
            atEnd = true;
        }
        if (length > MOST_FIELD_CHARS) {
            throw new CsvParseException(
                    "a field of more than " + MOST_FIELD_CHARS + " characters; is a quote not closed?");
        }
        if (fields == MOST_FIELDS || used > MOST_BYTES - length * MOST_BYTES_PER_CHAR) {
            throw new CsvParseException(
                    "a line of more than " + (fields == MOST_FIELDS ? MOST_FIELDS + " fields" : MOST_BYTES + " bytes"));
        }
        if (bytes.length - used < length * MOST_BYTES_PER_CHAR) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + length * MOST_BYTES_PER_CHAR));
        }
        if (fields == ends.length) {
            ends = Arrays.copyOf(ends, fields * 2);
            quoted = Arrays.copyOf(quoted, fields * 2);
        }
        used = encode(buffer, offset, offset + length, isQuoted);
        quoted[fields] = isQuoted;
        ends[fields++] = used;
    }

    /** UTF-8; surrogates come in pairs, for the reader decoded them, but for those of {@link CsvText}. */
    private int encode(char[] text, int from, int end, boolean isQuoted) {
        int to = used;
        for (int i = from; i < end; i++) {
            char c = text[i];
            if (c < 0x80) {
                bytes[to++] = (byte) c;
            } else if (c < 0x800) {
                bytes[to++] = (byte) (0xC0 | (c >>> 6));
                bytes[to++] = (byte) (0x80 | (c & 0x3F));
            } else if (Character.isHighSurrogate(c) && i + 1 < end) {
                int point = Character.toCodePoint(c, text[++i]);
                bytes[to++] = (byte) (0xF0 | (point >>> 18));
                bytes[to++] = (byte) (0x80 | ((point >>> 12) & 0x3F));
                bytes[to++] = (byte) (0x80 | ((point >>> 6) & 0x3F));
                bytes[to++] = (byte) (0x80 | (point & 0x3F));
            } else if (c == CsvText.RETURN) {
                if (!isQuoted) {
                    throw new CsvParseException("a carriage return outside of quotes, where lines end otherwise");
                }
                bytes[to++] = '\r';
            } else {
                bytes[to++] = (byte) (0xE0 | (c >>> 12));
                bytes[to++] = (byte) (0x80 | ((c >>> 6) & 0x3F));
                bytes[to++] = (byte) (0x80 | (c & 0x3F));
            }
        }
        return to;
    }

    @Override
    protected void setComment(char[] buffer, int offset, int length) {
        recordType = RecordType.COMMENT;
    }

    @Override
    protected void setEmpty() {
        // of a table of one column it is a line as others are
        recordType = RecordType.EMPTY;
        fields = 1;
        quoted[0] = false;
        ends[0] = 0;
    }

    @Override
    protected CsvRow buildRecord() {
        return this;
    }
}
