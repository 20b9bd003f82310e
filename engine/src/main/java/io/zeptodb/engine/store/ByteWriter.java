package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of records in a growing array, numbers little-endian. One thread. */
public final class ByteWriter {
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int MOST_BYTES = Integer.MAX_VALUE - 64;

    private byte[] bytes;
    private int length;

    public ByteWriter(int capacity) {
        this.bytes = new byte[capacity];
    }

    /** The array, replaced when it grows. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public int capacity() {
        return bytes.length;
    }

    public byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }

    /** Forgets what lies behind this length. */
    public void setLength(int newLength) {
        length = newLength;
    }

    /**
     * Makes room behind the end and takes it; its first byte. The caller fills it.
     *
     * @throws EngineException VALUE_TOO_LONG when an array cannot hold so much
     */
    public int take(long count) {
        long wanted = length + count;
        if (wanted > bytes.length) {
            if (wanted > MOST_BYTES) {
                throw new EngineException(
                        ErrorCode.VALUE_TOO_LONG,
                        "a record of " + wanted + " bytes is too long: " + MOST_BYTES + " are the most");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(MOST_BYTES, Math.max(wanted, bytes.length * 2L)));
        }
        int at = length;
        length = (int) wanted;
        return at;
    }

    public ByteWriter putByte(int value) {
        int at = take(1);
        bytes[at] = (byte) value;
        return this;
    }

    public ByteWriter putBoolean(boolean value) {
        return putByte(value ? 1 : 0);
    }

    /** The low 16 bits. */
    public ByteWriter putShort(int value) {
        return putByte(value).putByte(value >>> Byte.SIZE);
    }

    public ByteWriter putInt(int value) {
        int at = take(Integer.BYTES);
        INTS.set(bytes, at, value);
        return this;
    }

    public ByteWriter putLong(long value) {
        int at = take(Long.BYTES);
        LONGS.set(bytes, at, value);
        return this;
    }

    public ByteWriter putDouble(double value) {
        return putLong(Double.doubleToRawLongBits(value));
    }

    public ByteWriter putBytes(byte[] value) {
        putInt(value.length);
        int at = take(value.length);
        System.arraycopy(value, 0, bytes, at, value.length);
        return this;
    }

    /** Writes a number over one that was written before. */
    public void setInt(int at, int value) {
        INTS.set(bytes, at, value);
    }

    /** Length and UTF-8. */
    public ByteWriter putText(String value) {
        return putBytes(value.getBytes(StandardCharsets.UTF_8));
    }
}
