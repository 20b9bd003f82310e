package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads what {@link ByteWriter} wrote. Whatever the bytes say, it stays within them: a record that lies is CORRUPTION with file and offset. One thread. */
public final class ByteReader {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes;
    private final int limit;
    private final String file;
    private final long fileOffset;
    private int position;

    /**
     * @param file path, for errors
     * @param fileOffset where byte 0 of the array lies in the file, for errors
     */
    public ByteReader(byte[] bytes, int from, int limit, String file, long fileOffset) {
        this.bytes = bytes;
        this.position = from;
        this.limit = limit;
        this.file = file;
        this.fileOffset = fileOffset;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int remaining() {
        return limit - position;
    }

    public boolean hasRemaining() {
        return position < limit;
    }

    /** Passes over this many bytes; the first of them. */
    public int skip(long count) {
        if (count < 0 || count > limit - position) {
            throw corrupt("expected " + count + " more bytes, " + (limit - position) + " are left");
        }
        int at = position;
        position += (int) count;
        return at;
    }

    public int getByte() {
        return bytes[skip(1)];
    }

    public boolean getBoolean() {
        int value = getByte();
        if (value != 0 && value != 1) {
            throw corrupt("expected 0 or 1, got " + value);
        }
        return value == 1;
    }

    /** Of 16 bits, without a sign. */
    public int getShort() {
        int at = skip(Short.BYTES);
        return (bytes[at] & 0xFF) | ((bytes[at + 1] & 0xFF) << Byte.SIZE);
    }

    public int getInt() {
        return (int) INTS.get(bytes, skip(Integer.BYTES));
    }

    /** A number of things that follow, each of at least this many bytes. */
    public int getCount(int leastBytes) {
        int count = getInt();
        if (count < 0 || (long) count * leastBytes > remaining()) {
            throw corrupt("a count of " + count + " does not fit the " + remaining() + " bytes that are left");
        }
        return count;
    }

    /** A number of things that follow in this record and the next ones. */
    public int getCountBeyond() {
        int count = getInt();
        if (count < 0) {
            throw corrupt("a count of " + count);
        }
        return count;
    }

    public long getLong() {
        return (long) LONGS.get(bytes, skip(Long.BYTES));
    }

    public double getDouble() {
        return Double.longBitsToDouble(getLong());
    }

    public String getText() {
        int count = getCount(1);
        return new String(bytes, skip(count), count, StandardCharsets.UTF_8);
    }

    /** One of the constants of an enum, by its name. */
    public <E extends Enum<E>> E getEnum(Class<E> type) {
        String name = getText();
        for (E value : type.getEnumConstants()) {
            if (value.name().equals(name)) {
                return value;
            }
        }
        throw corrupt("'" + name + "' is no " + type.getSimpleName());
    }

    public void expectEnd() {
        if (remaining() != 0) {
            throw corrupt(remaining() + " bytes too many");
        }
    }

    /** CORRUPTION at the present place. */
    public EngineException corrupt(String what) {
        return new EngineException(
                ErrorCode.CORRUPTION, "'" + file + "' is damaged at offset " + (fileOffset + position) + ": " + what);
    }
}
