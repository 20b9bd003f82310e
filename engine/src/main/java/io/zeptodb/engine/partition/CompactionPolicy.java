package io.zeptodb.engine.partition;

import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Which sealed segments of a partition are written anew as one: neighbours in the order of ingest, so that rows of equal time keep that order, and of
 * about the same size, so that a merge writes at least twice the rows of its largest source. A row is therefore written anew once for each
 * doubling of its segment, not whenever a few rows come. What is left unmerged among small segments is of very different sizes: usually a dozen, and
 * never much more than a hundred between two that are not small.
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
     * Those to be merged; none when that would write too much for what it gains. Of several choices the one of most segments, then of fewest rows.
     *
     * @param segments of a partition, in the order of ingest
     * @param rows of one of them, deleted ones included; {@link Long#MAX_VALUE} when it cannot be merged
     */
    <T> List<T> toMerge(List<T> segments, ToLongFunction<T> rows) {
        int bestFrom = 0;
        int bestTo = 0;
        long bestRows = 0;
        for (int from = 0; from < segments.size(); from++) {
            long all = 0;
            long weight = 0;
            long largest = 0;
            for (int to = from; to < segments.size(); to++) {
                long next = rows.applyAsLong(segments.get(to));
                if (next >= smallRows || all + next > mostRows) {
                    break;
                }
                all += next;
                weight += Math.max(next, tinyRows);
                largest = Math.max(largest, Math.max(next, tinyRows));
                int count = to + 1 - from;
                int best = bestTo - bestFrom;
                boolean isBetter = count > best || (count == best && all < bestRows);
                if (count >= leastSmall && largest <= weight - largest && isBetter) {
                    bestFrom = from;
                    bestTo = to + 1;
                    bestRows = all;
                }
            }
        }
        return segments.subList(bestFrom, bestTo);
    }
}
