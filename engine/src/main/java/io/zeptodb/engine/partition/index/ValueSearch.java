package io.zeptodb.engine.partition.index;

import io.zeptodb.engine.api.ColumnAttribute;
import java.util.Arrays;

/**
 * What a reader looks for in one column: hashes of values where the column is GROUPED or PARTED, ranges of {@code OrderKeys} where it is SORTED.
 * Immutable, but for the arrays, which nobody changes.
 */
public final class ValueSearch {
    private static final int LEAST_WORTH = 64;
    private static final int SCANNED_SHARE = 16;

    private final ColumnAttribute attribute;
    private final int[] hashes;
    private final long[] lows;
    private final long[] highs;
    private final Runnable poll;

    private ValueSearch(ColumnAttribute attribute, int[] hashes, long[] lows, long[] highs, Runnable poll) {
        this.attribute = attribute;
        this.hashes = hashes;
        this.lows = lows;
        this.highs = highs;
        this.poll = poll;
    }

    /**
     * Values of a GROUPED or PARTED column.
     *
     * @param hashes of {@code KeyHashing}
     * @param poll throws when the reader shall stop
     */
    public static ValueSearch ofHashes(ColumnAttribute attribute, int[] hashes, Runnable poll) {
        int[] different = Arrays.stream(hashes).sorted().distinct().toArray();
        return new ValueSearch(attribute, different, new long[0], new long[0], poll);
    }

    /**
     * Ranges of a SORTED column, both ends inclusive.
     *
     * @param poll throws when the reader shall stop
     */
    public static ValueSearch ofRanges(long[] lows, long[] highs, Runnable poll) {
        return new ValueSearch(ColumnAttribute.SORTED, new int[0], lows, highs, poll);
    }

    ColumnAttribute attribute() {
        return attribute;
    }

    int[] hashes() {
        return hashes;
    }

    int ranges() {
        return lows.length;
    }

    long low(int range) {
        return lows[range];
    }

    long high(int range) {
        return highs[range];
    }

    void poll() {
        poll.run();
    }

    /** Single rows of a segment that are found one by one: of more than these it is faster to scan all. */
    static long mostRows(long segmentRows) {
        return Math.max(LEAST_WORTH, segmentRows / SCANNED_SHARE);
    }
}
