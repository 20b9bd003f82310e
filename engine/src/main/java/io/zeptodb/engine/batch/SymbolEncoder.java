package io.zeptodb.engine.batch;

import io.zeptodb.engine.kernel.Memory;

/**
 * Gives texts that lie one behind the other, as an Arrow VARCHAR vector has them, the codes of a dictionary. Short texts that come again are found by
 * their bytes in a small cache, without hashing or comparing byte by byte. One thread; for one vector.
 */
final class SymbolEncoder {
    /** Bytes of a text that two words hold beside its length. */
    private static final int MOST_CACHED_BYTES = 2 * Long.BYTES - 1;

    private static final int MOST_SLOTS = 1 << 10;
    private static final long MIX = 0x9E3779B97F4A7C15L;
    /** Above the text's last byte in the second word: its length + 1, so that no text is all zeros, as a free slot is. */
    private static final int LENGTH_SHIFT = 56;

    private final SymbolTable table;
    private final long bytes;
    private final long capacity;
    private final long[] first;
    private final long[] second;
    private final int[] codes;
    private final int slotShift;

    /**
     * @param bytes where the texts lie
     * @param capacity bytes that may be read from there
     * @param rows texts to come
     */
    SymbolEncoder(SymbolTable table, long bytes, long capacity, int rows) {
        this.table = table;
        this.bytes = bytes;
        this.capacity = capacity;
        int slots = Integer.highestOneBit(Math.max(Math.min(rows, MOST_SLOTS / 2), 1)) << 1;
        this.first = new long[slots];
        this.second = new long[slots];
        this.codes = new int[slots];
        this.slotShift = Long.SIZE - Integer.numberOfTrailingZeros(slots);
    }

    /**
     * Writes a code for each text, 0 for a NULL.
     *
     * @param offsets int32: text i lies in [offset i, offset i + 1)
     * @param validity bitmap, or 0 when there is no NULL
     * @param target int32 for each row
     * @return {@code rows}, or the first row that is no part of the texts' buffer, at which it ended
     */
    int encode(long offsets, long validity, int rows, long target) {
        int start = Memory.getInt(offsets);
        for (int i = 0; i < rows; i++) {
            int end = Memory.getInt(offsets + ((long) (i + 1) << 2));
            int code = 0;
            if (validity == 0 || Memory.getBit(validity, i)) {
                if (start < 0 || end < start || end > capacity) {
                    return i;
                }
                code = codeOf(start, end - start);
            }
            Memory.putInt(target + ((long) i << 2), code);
            start = end;
        }
        return rows;
    }

    private int codeOf(int start, int length) {
        long at = bytes + start;
        // whole words are read, also behind a text: not behind the buffer
        if (length > MOST_CACHED_BYTES || start + 2L * Long.BYTES > capacity) {
            return table.intern(at, length);
        }
        long low = Memory.getLong(at);
        long high = 0;
        if (length < Long.BYTES) {
            low &= (1L << (length << 3)) - 1;
        } else {
            high = Memory.getLong(at + Long.BYTES) & ((1L << ((length - Long.BYTES) << 3)) - 1);
        }
        high |= (long) (length + 1) << LENGTH_SHIFT;
        int slot = (int) ((((low * MIX) ^ high) * MIX) >>> slotShift);
        if (first[slot] != low || second[slot] != high) {
            codes[slot] = table.intern(at, length);
            first[slot] = low;
            second[slot] = high;
        }
        return codes[slot];
    }
}
