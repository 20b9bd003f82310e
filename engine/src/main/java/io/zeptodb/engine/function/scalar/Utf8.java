package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.kernel.Memory;

/** Characters (code points) of UTF-8 bytes in memory. The texts are valid: they were checked or made when they came in. */
final class Utf8 {
    private static final int CONTINUATION_MASK = 0xC0;
    private static final int CONTINUATION = 0x80;
    /** Bytes of a part that is looked for place by place: some comparisons of words each. */
    private static final int MOST_SHORT = 64;

    private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

    private Utf8() {}

    /** How many characters. */
    static int count(long address, int length) {
        int continuations = 0;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            long word = Memory.getLong(address + i);
            // a continuation byte has its highest bit set and the next one clear
            continuations += Long.bitCount(word & ~(word << 1) & HIGH_BITS);
        }
        for (; i < length; i++) {
            continuations += isContinuation(Memory.getByte(address + i)) ? 1 : 0;
        }
        return length - continuations;
    }

    static boolean isContinuation(byte b) {
        return (b & CONTINUATION_MASK) == CONTINUATION;
    }

    static boolean isAscii(long address, int length) {
        long bits = 0;
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            bits |= Memory.getLong(address + i);
        }
        for (; i < length; i++) {
            bits |= Memory.getByte(address + i);
        }
        return (bits & HIGH_BITS) == 0;
    }

    /** Bytes that the first {@code characters} take, or all of them when there are fewer. */
    static int offset(long address, int length, long characters) {
        if (characters >= length) {
            return length;
        }
        int at = 0;
        for (long i = 0; i < characters && at < length; i++) {
            at++;
            while (at < length && isContinuation(Memory.getByte(address + at))) {
                at++;
            }
        }
        return at;
    }

    /** Bytes of the character whose first byte this is. */
    static int width(byte first) {
        if (first >= 0) {
            return 1;
        }
        return Math.max(1, Integer.numberOfLeadingZeros(~(first << 24)));
    }

    /** Where {@code sought} first occurs from {@code from} on, as a byte offset, or -1. */
    static int find(long text, int length, int from, long sought, int soughtLength) {
        if (soughtLength == 0) {
            return from <= length ? from : -1;
        }
        if (soughtLength > MOST_SHORT) {
            return LongSearch.find(text, length, from, sought, soughtLength);
        }
        byte first = Memory.getByte(sought);
        int last = length - soughtLength;
        for (int i = from; i <= last; i++) {
            if (Memory.getByte(text + i) == first && equal(text + i, sought, soughtLength)) {
                return i;
            }
        }
        return -1;
    }

    static boolean equal(long left, long right, int length) {
        int i = 0;
        for (; i + Long.BYTES <= length; i += Long.BYTES) {
            if (Memory.getLong(left + i) != Memory.getLong(right + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (Memory.getByte(left + i) != Memory.getByte(right + i)) {
                return false;
            }
        }
        return true;
    }
}
