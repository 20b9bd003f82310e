package io.zeptodb.engine.kernel;

import java.lang.reflect.Field;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.util.MemoryUtil;
import sun.misc.Unsafe;

/**
 * Reads and writes of off-heap memory by address, little-endian, unchecked: the only door of the engine to raw memory. The caller
 * owns the memory and knows its bounds; who hands out addresses to others checks them first.
 */
public final class Memory {
    private static final int BYTE_BITS_SHIFT = 3;
    private static final int BYTE_BITS_MASK = 7;

    /**
     * For what Arrow's MemoryUtil lacks: a double read as a double, and copies between memory and arrays of long and double. Arrow's own
     * instance is for arrays of bytes. Everything else goes through Arrow's door, so that this one stays small.
     */
    private static final Unsafe UNSAFE = unsafe();

    private static final long LONGS = Unsafe.ARRAY_LONG_BASE_OFFSET;
    private static final long DOUBLES = Unsafe.ARRAY_DOUBLE_BASE_OFFSET;

    /** Read by its place, not through Arrow, which does so only when java.nio was opened to it before. */
    private static final long BUFFER_ADDRESS = bufferAddressOffset();

    private Memory() {}

    @SuppressWarnings("deprecation") // there is no other way to the address on 17
    private static long bufferAddressOffset() {
        try {
            return UNSAFE.objectFieldOffset(Buffer.class.getDeclaredField("address"));
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("this JVM's buffers have no field 'address'", e);
        }
    }

    private static Unsafe unsafe() {
        try {
            Field field = Unsafe.class.getDeclaredField("theUnsafe");
            field.setAccessible(true);
            return (Unsafe) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot reach sun.misc.Unsafe; is the module jdk.unsupported missing?", e);
        }
    }

    /** Address of the first byte of a direct buffer, whose memory lasts as long as the buffer does. */
    public static long address(ByteBuffer direct) {
        if (!direct.isDirect()) {
            throw new IllegalArgumentException("a buffer of the Java heap has no address");
        }
        return UNSAFE.getLong(direct, BUFFER_ADDRESS);
    }

    /**
     * Gives back the memory of a direct buffer, or the pages of a mapped one, which nobody may touch any more.
     *
     * @param direct as it was allocated or mapped: not a slice or a duplicate
     */
    public static void free(ByteBuffer direct) {
        UNSAFE.invokeCleaner(direct);
    }

    public static byte getByte(long address) {
        return MemoryUtil.getByte(address);
    }

    public static void putByte(long address, byte value) {
        MemoryUtil.putByte(address, value);
    }

    public static short getShort(long address) {
        return MemoryUtil.getShort(address);
    }

    public static void putShort(long address, short value) {
        MemoryUtil.putShort(address, value);
    }

    public static int getInt(long address) {
        return MemoryUtil.getInt(address);
    }

    public static void putInt(long address, int value) {
        MemoryUtil.putInt(address, value);
    }

    public static long getLong(long address) {
        return MemoryUtil.getLong(address);
    }

    public static void putLong(long address, long value) {
        MemoryUtil.putLong(address, value);
    }

    public static float getFloat(long address) {
        return Float.intBitsToFloat(MemoryUtil.getInt(address));
    }

    public static void putFloat(long address, float value) {
        MemoryUtil.putInt(address, Float.floatToRawIntBits(value));
    }

    public static double getDouble(long address) {
        return UNSAFE.getDouble(address);
    }

    public static void putDouble(long address, double value) {
        MemoryUtil.putLong(address, Double.doubleToRawLongBits(value));
    }

    /** Bit {@code index} of the bitmap at {@code address}, least significant bit first, as Arrow numbers them. */
    public static boolean getBit(long address, long index) {
        return ((MemoryUtil.getByte(address + (index >>> BYTE_BITS_SHIFT)) >>> (index & BYTE_BITS_MASK)) & 1) != 0;
    }

    public static void setBit(long address, long index) {
        long at = address + (index >>> BYTE_BITS_SHIFT);
        MemoryUtil.putByte(at, (byte) (MemoryUtil.getByte(at) | (1 << (index & BYTE_BITS_MASK))));
    }

    public static void clearBit(long address, long index) {
        long at = address + (index >>> BYTE_BITS_SHIFT);
        MemoryUtil.putByte(at, (byte) (MemoryUtil.getByte(at) & ~(1 << (index & BYTE_BITS_MASK))));
    }

    public static void putBit(long address, long index, boolean value) {
        if (value) {
            setBit(address, index);
        } else {
            clearBit(address, index);
        }
    }

    /** Copies; the ranges must not overlap. */
    public static void copy(long from, long to, long bytes) {
        MemoryUtil.copyMemory(from, to, bytes);
    }

    public static void copyFromArray(byte[] from, long index, long to, long bytes) {
        MemoryUtil.copyToMemory(from, index, to, bytes);
    }

    public static void copyToArray(long from, byte[] to, long index, long bytes) {
        MemoryUtil.copyFromMemory(from, to, index, bytes);
    }

    /**
     * Copies to the first {@code count} places. The JVM's compiler turns loops over arrays into vector instructions on every JDK, loops over
     * addresses only on late ones: a copy of a few kilobytes and a loop over the array take less time than one loop over the memory.
     */
    public static void copyToArray(long from, long[] to, int count) {
        checkRoom(to.length, count);
        UNSAFE.copyMemory(null, from, to, LONGS, (long) count << 3);
    }

    /** Copies to the first {@code count} places. */
    public static void copyToArray(long from, double[] to, int count) {
        checkRoom(to.length, count);
        UNSAFE.copyMemory(null, from, to, DOUBLES, (long) count << 3);
    }

    /** Copies the bits of longs, which become doubles: {@link Double#longBitsToDouble} of many. */
    public static void copyBits(long[] from, double[] to, int count) {
        checkRoom(Math.min(from.length, to.length), count);
        UNSAFE.copyMemory(from, LONGS, to, DOUBLES, (long) count << 3);
    }

    private static void checkRoom(int room, int count) {
        if (count < 0 || count > room) {
            throw new IndexOutOfBoundsException("cannot copy " + count + " values to an array of " + room);
        }
    }

    public static void fill(long address, long bytes, byte value) {
        MemoryUtil.setMemory(address, bytes, value);
    }
}
