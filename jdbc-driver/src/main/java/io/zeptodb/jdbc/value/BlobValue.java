package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Blob;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as a BLOB: a copy, which outlives its result set and may be changed without changing a table. Positions count from 1. The methods exclude each other.
 */
public final class BlobValue implements Blob {
    private static final byte[] EMPTY = new byte[0];
    private static final String BYTES = "the bytes that are written";

    private byte @Nullable [] bytes;

    public BlobValue() {
        this(EMPTY);
    }

    /** Takes over the bytes. */
    BlobValue(byte[] bytes) {
        this.bytes = bytes;
    }

    private byte[] bytes() throws SQLException {
        if (bytes == null) {
            throw SqlErrors.closed("BLOB");
        }
        return bytes;
    }

    /** @return the position counted from 0, at most {@code length} */
    static int offset(String what, long position, long length) throws SQLException {
        if (position < 1 || position > length + 1) {
            throw SqlErrors.of(
                    ErrorCode.INVALID_ARGUMENT.sqlState(),
                    "position " + position + " of a " + what + " with a length of " + length
                            + ": positions count from 1");
        }
        return (int) (position - 1);
    }

    static int count(String what, long count) throws SQLException {
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw SqlErrors.of(
                    ErrorCode.INVALID_ARGUMENT.sqlState(),
                    "a length of " + count + " for a part of a " + what + ": it must be from 0 to 2147483647");
        }
        return (int) count;
    }

    static <T> T required(@Nullable T argument, String what) throws SQLException {
        if (argument == null) {
            throw SqlErrors.of(ErrorCode.INVALID_ARGUMENT.sqlState(), what + " must not be null");
        }
        return argument;
    }

    @Override
    public synchronized long length() throws SQLException {
        return bytes().length;
    }

    /** The bytes from a position on, fewer than asked for when there are not so many. */
    @Override
    public synchronized byte[] getBytes(long pos, int length) throws SQLException {
        byte[] all = bytes();
        int from = offset("BLOB", pos, all.length);
        return Arrays.copyOfRange(all, from, from + Math.min(count("BLOB", length), all.length - from));
    }

    @Override
    public synchronized InputStream getBinaryStream() throws SQLException {
        return new ByteArrayInputStream(bytes());
    }

    @Override
    public synchronized InputStream getBinaryStream(long pos, long length) throws SQLException {
        byte[] all = bytes();
        int from = offset("BLOB", pos, all.length);
        int count = count("BLOB", length);
        if (count > all.length - from) {
            throw SqlErrors.of(
                    ErrorCode.INVALID_ARGUMENT.sqlState(),
                    length + " bytes from position " + pos + " of a BLOB with a length of " + all.length);
        }
        return new ByteArrayInputStream(all, from, count);
    }

    @Override
    public synchronized long position(byte[] pattern, long start) throws SQLException {
        byte[] all = bytes();
        required(pattern, "the bytes that are looked for");
        for (int i = offset("BLOB", start, all.length); i <= all.length - pattern.length; i++) {
            if (Arrays.equals(all, i, i + pattern.length, pattern, 0, pattern.length)) {
                return i + 1L;
            }
        }
        return -1;
    }

    @Override
    public long position(Blob pattern, long start) throws SQLException {
        return position(
                required(pattern, "the BLOB that is looked for").getBytes(1, count("BLOB", pattern.length())), start);
    }

    @Override
    public int setBytes(long pos, byte[] given) throws SQLException {
        return setBytes(pos, given, 0, required(given, BYTES).length);
    }

    @Override
    public synchronized int setBytes(long pos, byte[] given, int offset, int len) throws SQLException {
        if (offset < 0 || len < 0 || len > required(given, BYTES).length - offset) {
            throw SqlErrors.of(
                    ErrorCode.INVALID_ARGUMENT.sqlState(),
                    len + " bytes from " + offset + " of an array with " + given.length);
        }
        byte[] all = bytes();
        int from = offset("BLOB", pos, all.length);
        // a stream that somebody reads keeps the bytes that it began with
        byte[] changed = Arrays.copyOf(all, Math.max(all.length, Math.addExact(from, len)));
        System.arraycopy(given, offset, changed, from, len);
        bytes = changed;
        return len;
    }

    /** What is written goes in at once, from the position on. */
    @Override
    public synchronized OutputStream setBinaryStream(long pos) throws SQLException {
        offset("BLOB", pos, bytes().length);
        return new PositionedOutput(pos, this::setBytes);
    }

    @Override
    public synchronized void truncate(long len) throws SQLException {
        byte[] all = bytes();
        if (len < 0 || len > all.length) {
            throw SqlErrors.of(
                    ErrorCode.INVALID_ARGUMENT.sqlState(),
                    "a BLOB with a length of " + all.length + " cannot be cut to " + len);
        }
        bytes = Arrays.copyOf(all, (int) len);
    }

    @Override
    public synchronized void free() {
        bytes = null;
    }

    @Override
    public synchronized String toString() {
        return bytes == null ? "a BLOB that was freed" : "a BLOB of " + bytes.length + " bytes";
    }
}
