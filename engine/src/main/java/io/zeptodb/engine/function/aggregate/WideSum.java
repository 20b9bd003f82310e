package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.kernel.Int128;
import java.math.BigInteger;
import java.util.Arrays;

/** Sums of 128-bit integers in 192 bits: they cannot overflow. Flat, three longs a group. */
final class WideSum {
    /** Bytes of a group. */
    static final int BYTES = 3 * Long.BYTES;

    private static final int WORDS = 3;

    /** Words of group g from 3g on, the lowest first. */
    private long[] words = {};

    void grow(int groups) {
        words = Arrays.copyOf(words, groups * WORDS);
    }

    void add(int group, long high, long low) {
        add(group, high >> 63, high, low);
    }

    void merge(int group, WideSum other, int otherGroup) {
        int at = otherGroup * WORDS;
        add(group, other.words[at + 2], other.words[at + 1], other.words[at]);
    }

    private void add(int group, long top, long high, long low) {
        int at = group * WORDS;
        long carry = Int128.carry(words[at], low);
        words[at] += low;
        long middle = words[at + 1];
        long sum = middle + high;
        // a carry out of either addition; both cannot happen
        long carried = Int128.carry(middle, high) + Int128.carry(sum, carry);
        words[at + 1] = sum + carry;
        words[at + 2] += top + carried;
    }

    /** Whether a sum is its lower 128 bits. */
    boolean fits128(int group) {
        int at = group * WORDS;
        return words[at + 2] == words[at + 1] >> 63;
    }

    /** The middle 64 bits. */
    long high(int group) {
        return words[group * WORDS + 1];
    }

    long low(int group) {
        return words[group * WORDS];
    }

    BigInteger value(int group) {
        int at = group * WORDS;
        byte[] bigEndian = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bigEndian[BYTES - 1 - i] = (byte) (words[at + (i >>> 3)] >>> ((i & 7) << 3));
        }
        return new BigInteger(bigEndian);
    }
}
