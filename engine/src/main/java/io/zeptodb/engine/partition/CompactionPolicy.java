package io.zeptodb.engine.partition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Which sealed segments of a partition are written anew as one: those of about the same size, so that a merge writes at least twice the rows of its
 * largest source. A row is therefore written anew once for each doubling of its segment, not whenever a few rows come. What is left unmerged
 * is small segments of which each has more rows than all smaller ones together: with the usual numbers at most twelve of a partition.
 *
 * @param tinyRows a segment of fewer rows counts as one of so many: it is the file that costs, not its rows
 * @param smallRows a segment of fewer rows is small, and only small ones are merged
 * @param leastSmall so many are merged at least
 * @param mostRows of a merged segment
 * @param deletedShare a segment of which this share of the rows is deleted is written anew, without them
 */
public record CompactionPolicy(long tinyRows, long smallRows, int leastSmall, long mostRows, double deletedShare) {
    private static final int TINY_PART = 1 << 12;
    private static final int SMALL_PART = 4;
    private static final int LEAST_SMALL = 4;
    private static final double DELETED_SHARE = 0.3;

    public static CompactionPolicy ofSealRows(int sealRows) {
        return new CompactionPolicy(
                Math.max(1, sealRows / TINY_PART), sealRows / SMALL_PART, LEAST_SMALL, sealRows, DELETED_SHARE);
    }

    /**
     * Those to be merged; none when that would write too much for what it gains.
     *
     * @param segments of a partition
     * @param rows of one of them, deleted ones included
     */
    <T> List<T> toMerge(List<T> segments, ToLongFunction<T> rows) {
        List<T> small = new ArrayList<>();
        for (T segment : segments) {
            if (rows.applyAsLong(segment) < smallRows) {
                small.add(segment);
            }
        }
        small.sort(Comparator.comparingLong(rows));
        int best = 0;
        long all = 0;
        long weight = 0;
        for (int i = 0; i < small.size(); i++) {
            long next = rows.applyAsLong(small.get(i));
            all += next;
            if (all > mostRows) {
                break;
            }
            long nextWeight = Math.max(next, tinyRows);
            if (i + 1 >= leastSmall && nextWeight <= weight) {
                best = i + 1;
            }
            weight += nextWeight;
        }
        return small.subList(0, best);
    }
}
