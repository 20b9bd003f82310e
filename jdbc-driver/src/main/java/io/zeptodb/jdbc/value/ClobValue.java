package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.sql.Clob;
import java.sql.NClob;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A text as a CLOB or NCLOB: a copy, which outlives its result set and may be changed without changing a table. Positions count characters of Java from 1. The
 * methods exclude each other.
 */
public final class ClobValue implements NClob {
    private static final String TEXT = "the text that is written";

    private @Nullable String text;

    public ClobValue() {
        this("");
    }

    ClobValue(String text) {
        this.text = text;
    }

    private String text() throws SQLException {
        if (text == null) {
            throw SqlErrors.closed("CLOB");
        }
        return text;
    }

    @Override
    public synchronized long length() throws SQLException {
        return text().length();
    }

    /** The characters from a position on, fewer than asked for when there are not so many. */
    @Override
    public synchronized String getSubString(long pos, int length) throws SQLException {
        String all = text();
        int from = BlobValue.offset("CLOB", pos, all.length());
        return all.substring(from, from + Math.min(BlobValue.count("CLOB", length), all.length() - from));
    }

    @Override
    public synchronized Reader getCharacterStream() throws SQLException {
        return new StringReader(text());
    }

    @Override
    public synchronized Reader getCharacterStream(long pos, long length) throws SQLException {
        String all = text();
        int from = BlobValue.offset("CLOB", pos, all.length());
        int count = BlobValue.count("CLOB", length);
        if (count > all.length() - from) {
            throw SqlErrors.of(
                    ErrorCode.INVALID_ARGUMENT.sqlState(),
                    length + " characters from position " + pos + " of a CLOB with a length of " + all.length());
        }
        return new StringReader(all.substring(from, from + count));
    }

    @Override
    public synchronized InputStream getAsciiStream() throws SQLException {
        return new ByteArrayInputStream(text().getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public synchronized long position(String pattern, long start) throws SQLException {
        String all = text();
        int found = all.indexOf(
                BlobValue.required(pattern, "the text that is looked for"),
                BlobValue.offset("CLOB", start, all.length()));
        return found < 0 ? -1 : found + 1L;
    }

    @Override
    public long position(Clob pattern, long start) throws SQLException {
        return position(
                BlobValue.required(pattern, "the CLOB that is looked for")
                        .getSubString(1, BlobValue.count("CLOB", pattern.length())),
                start);
    }

    @Override
    public int setString(long pos, String given) throws SQLException {
        return setString(pos, given, 0, BlobValue.required(given, TEXT).length());
    }

    @Override
    public synchronized int setString(long pos, String given, int offset, int len) throws SQLException {
        if (offset < 0 || len < 0 || len > BlobValue.required(given, TEXT).length() - offset) {
            throw SqlErrors.of(
                    ErrorCode.INVALID_ARGUMENT.sqlState(),
                    len + " characters from " + offset + " of a text with " + given.length());
        }
        String all = text();
        int from = BlobValue.offset("CLOB", pos, all.length());
        String behind = from + len < all.length() ? all.substring(from + len) : "";
        text = all.substring(0, from) + given.substring(offset, offset + len) + behind;
        return len;
    }

    /** What is written goes in at once, from the position on; bytes that are not ASCII are read as ISO 8859-1. */
    @Override
    public synchronized OutputStream setAsciiStream(long pos) throws SQLException {
        BlobValue.offset("CLOB", pos, text().length());
        return new PositionedOutput(
                pos,
                (position, bytes, from, count) ->
                        setString(position, new String(bytes, from, count, StandardCharsets.ISO_8859_1)));
    }

    /** What is written goes in at once, from the position on. */
    @Override
    public synchronized Writer setCharacterStream(long pos) throws SQLException {
        BlobValue.offset("CLOB", pos, text().length());
        return new Writer() {
            private long position = pos;

            @Override
            public void write(char[] characters, int from, int count) throws IOException {
                try {
                    position += setString(position, new String(characters, from, count));
                } catch (SQLException e) {
                    throw new IOException(e.getMessage(), e);
                }
            }

            @Override
            public void flush() {
                // nothing is held back
            }

            @Override
            public void close() {
                // nothing is held open
            }
        };
    }

    @Override
    public synchronized void truncate(long len) throws SQLException {
        String all = text();
        if (len < 0 || len > all.length()) {
            throw SqlErrors.of(
                    ErrorCode.INVALID_ARGUMENT.sqlState(),
                    "a CLOB with a length of " + all.length() + " cannot be cut to " + len);
        }
        text = all.substring(0, (int) len);
    }

    @Override
    public synchronized void free() {
        text = null;
    }

    @Override
    public synchronized String toString() {
        return text == null ? "a CLOB that was freed" : "a CLOB of " + text.length() + " characters";
    }
}
