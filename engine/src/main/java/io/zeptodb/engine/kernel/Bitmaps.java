package io.zeptodb.engine.kernel;

/** Whole-bitmap loops over validity and BOOLEAN columns. Bit 0 is the least significant bit of the first byte. */
public final class Bitmaps {
    private static final int WORD_BITS = 64;

    private Bitmaps() {}

    /** Bytes of a bitmap of this many bits, padded to whole 8-byte words, which the loops here read and write. */
    public static long bytes(long bits) {
        return (bits + WORD_BITS - 1) / WORD_BITS * Long.BYTES;
    }

    /** Sets bits [0, bits) and clears the padding behind them up to the byte. */
    public static void setAll(long address, int bits) {
        int whole = bits >>> 3;
        Memory.fill(address, whole, (byte) 0xFF);
        int rest = bits & 7;
        if (rest != 0) {
            Memory.putByte(address + whole, (byte) ((1 << rest) - 1));
        }
    }

    /** Set bits among [0, bits). */
    public static int count(long address, int bits) {
        int count = 0;
        int i = 0;
        for (; i + WORD_BITS <= bits; i += WORD_BITS) {
            count += Long.bitCount(Memory.getLong(address + (i >>> 3)));
        }
        for (; i < bits; i++) {
            count += Memory.getBit(address, i) ? 1 : 0;
        }
        return count;
    }

    /** Clears the bits of {@code into} that are clear among the first {@code bits} of {@code other}; reads and writes whole bytes. */
    public static void and(long other, long into, int bits) {
        int bytes = (bits + Byte.SIZE - 1) / Byte.SIZE;
        int i = 0;
        for (; i + Long.BYTES <= bytes; i += Long.BYTES) {
            Memory.putLong(into + i, Memory.getLong(into + i) & Memory.getLong(other + i));
        }
        for (; i < bytes; i++) {
            Memory.putByte(into + i, (byte) (Memory.getByte(into + i) & Memory.getByte(other + i)));
        }
    }

    /** Copies {@code bits} bits from bit {@code fromBit} of one bitmap to bit {@code toBit} of another that does not overlap. */
    public static void copy(long from, long fromBit, long to, long toBit, long bits) {
        long i = 0;
        if ((fromBit & 7) == (toBit & 7)) {
            while (i < bits && ((toBit + i) & 7) != 0) {
                Memory.putBit(to, toBit + i, Memory.getBit(from, fromBit + i));
                i++;
            }
            long bytes = (bits - i) >>> 3;
            Memory.copy(from + ((fromBit + i) >>> 3), to + ((toBit + i) >>> 3), bytes);
            i += bytes << 3;
        } else {
            while (i < bits && ((toBit + i) & 7) != 0) {
                Memory.putBit(to, toBit + i, Memory.getBit(from, fromBit + i));
                i++;
            }
            int shift = (int) ((fromBit + i) & 7);
            while (i + 8 <= bits && shift != 0) {
                long at = from + ((fromBit + i) >>> 3);
                int low = (Memory.getByte(at) & 0xFF) >>> shift;
                int high = Memory.getByte(at + 1) << (8 - shift);
                Memory.putByte(to + ((toBit + i) >>> 3), (byte) (low | high));
                i += 8;
            }
        }
        for (; i < bits; i++) {
            Memory.putBit(to, toBit + i, Memory.getBit(from, fromBit + i));
        }
    }
}
