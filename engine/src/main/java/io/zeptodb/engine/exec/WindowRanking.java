package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.WindowCall;

/** ROW_NUMBER, RANK, DENSE_RANK, PERCENT_RANK, CUME_DIST and NTILE: loops over partitions and peer groups. Stateless. */
final class WindowRanking {
    private WindowRanking() {}

    /**
     * Writes the result of every row.
     *
     * @param buckets NTILE's argument over all rows; the first row of a partition decides
     * @param result reserved for all rows
     */
    static void compute(WindowCall.Kind kind, WindowRows rows, ColumnVector[] buckets, WritableColumn result) {
        int[] starts = rows.partitionStarts();
        for (int p = 0; p < rows.partitionCount(); p++) {
            int first = starts[p];
            int behind = starts[p + 1];
            switch (kind) {
                case ROW_NUMBER -> {
                    for (int i = first; i < behind; i++) {
                        result.setLong(i, 1L + i - first);
                    }
                }
                case NTILE -> ntile(first, behind, buckets[0], result);
                default -> rank(kind, rows, first, behind, result);
            }
        }
    }

    private static void rank(WindowCall.Kind kind, WindowRows rows, int first, int behind, WritableColumn result) {
        int[] groups = rows.peerGroups();
        int[] peers = rows.peerStarts();
        int firstGroup = groups[first];
        double size = behind - first;
        for (int i = first; i < behind; i++) {
            int group = groups[i];
            switch (kind) {
                case RANK -> result.setLong(i, 1L + peers[group] - first);
                case DENSE_RANK -> result.setLong(i, 1L + group - firstGroup);
                case PERCENT_RANK -> result.setDouble(i, size == 1 ? 0 : (peers[group] - first) / (size - 1));
                case CUME_DIST -> result.setDouble(i, (peers[group + 1] - first) / size);
                default -> throw new IllegalArgumentException("not a ranking function: " + kind);
            }
        }
    }

    private static void ntile(int first, int behind, ColumnVector buckets, WritableColumn result) {
        if (buckets.isNull(first)) {
            for (int i = first; i < behind; i++) {
                result.setNull(i);
            }
            return;
        }
        long wanted = buckets.getAsLong(first);
        if (wanted <= 0) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT, "the argument of NTILE must be greater than 0, is " + wanted);
        }
        long rows = (long) behind - first;
        for (int i = first; i < behind; i++) {
            result.setLong(i, bucket((long) i - first, rows, wanted));
        }
    }

    /** The bucket, from 1, of the row at a place, from 0, when so many rows are dealt to buckets; the first buckets have one row more. */
    static long bucket(long place, long rows, long buckets) {
        long least = rows / buckets;
        long larger = rows % buckets;
        long inLarger = larger * (least + 1);
        return place < inLarger ? place / (least + 1) + 1 : larger + (place - inLarger) / least + 1;
    }
}
