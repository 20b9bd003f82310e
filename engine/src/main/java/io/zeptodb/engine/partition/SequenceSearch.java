package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.ColumnStatistics;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows of a segment by their sequence numbers and deletes them. Runs whose sequence numbers ascend are searched, the others read. Used by one
 * writer; closed when it has looked through the segments.
 */
final class SequenceSearch implements AutoCloseable {
    /** Fewer numbers than this are searched without a bitmap. */
    private static final int LEAST_DENSE = 64;

    private static final int WORD_SHIFT = 6;
    /** Where more than one in so many rows of a run may be wanted, all are read. */
    private static final int SEARCH_FACTOR = 4;

    private final long[] sequences;
    private final int count;
    /** A bit for each number from the first to the last, when there are not many between them. */
    private final long @Nullable [] dense;

    private final ColumnVector column = new ColumnVector(ColumnType.BIGINT);
    private final BitScratch bits;

    /** @param sequences ascending up to count */
    SequenceSearch(long[] sequences, int count, MemoryBudget budget) {
        this.sequences = sequences;
        this.count = count;
        this.dense = denseBits(sequences, count);
        this.bits = new BitScratch(budget);
    }

    private static long @Nullable [] denseBits(long[] sequences, int count) {
        if (count < LEAST_DENSE || (sequences[count - 1] - sequences[0]) / Long.SIZE > count) {
            return null;
        }
        long first = sequences[0];
        long[] bits = new long[(int) ((sequences[count - 1] - first) / Long.SIZE) + 1];
        for (int i = 0; i < count; i++) {
            int at = (int) ((sequences[i] - first) >>> WORD_SHIFT);
            bits[at] |= 1L << (sequences[i] - first);
        }
        return bits;
    }

    /** Whether a number that is between the first and the last one is among them. */
    private boolean has(long sequence) {
        if (dense == null) {
            return Arrays.binarySearch(sequences, 0, count, sequence) >= 0;
        }
        long at = sequence - sequences[0];
        return ((dense[(int) (at >>> WORD_SHIFT)] >>> at) & 1) != 0;
    }

    /** Whether a segment may have a row of one of the numbers. */
    boolean mayFindIn(SegmentSnapshot segment) {
        ColumnStatistics known = segment.statistics(SegmentSnapshot.SEQUENCE);
        int from = known.hasBounds() ? lowerBound(sequences, 0, count, known.minLong()) : 0;
        return from < count && (!known.hasBounds() || sequences[from] <= known.maxLong());
    }

    /** Deletes the rows of a segment that have one of the numbers; rows that were not deleted before. */
    int deleteFrom(StoredSegment segment) {
        SegmentSnapshot rows = segment.rows();
        int from = 0;
        int to = count;
        ColumnStatistics known = rows.statistics(SegmentSnapshot.SEQUENCE);
        if (known.hasBounds()) {
            from = lowerBound(sequences, 0, count, known.minLong());
            to = upperBound(sequences, from, count, known.maxLong());
        }
        int deleted = 0;
        if (from < to) {
            rows.checkFile();
        }
        // a run that was made by a transaction that went no further has no row
        for (int run = 0; run < rows.runCount() && from < to; run++) {
            if (rows.runRows(run) > 0) {
                deleted += deleteFrom(segment, run, from, to);
            }
        }
        return deleted;
    }

    /** As {@link #deleteFrom(StoredSegment)} for the rows of one run. */
    int deleteFrom(StoredSegment segment, int run) {
        return deleteFrom(segment, run, 0, count);
    }

    private int deleteFrom(StoredSegment segment, int run, int from, int to) {
        SegmentSnapshot rows = segment.rows();
        int end = rows.runRows(run);
        rows.slice(SegmentSnapshot.SEQUENCE, run, 0, end, column, bits);
        return segment.ascends(run, bits)
                ? searchAscending(segment.deletions, run, end, from, to)
                : readAll(segment.deletions, run, end, from, to);
    }

    private int searchAscending(Deletions deletions, int run, int end, int from, int to) {
        int deleted = 0;
        int first = lowerBound(sequences, from, to, column.getLong(0));
        int last = upperBound(sequences, first, to, column.getLong(end - 1));
        if (last - first > end / SEARCH_FACTOR) {
            return first < last ? readAll(deletions, run, end, first, last) : 0;
        }
        int row = 0;
        for (int i = first; i < last; i++) {
            row = gallop(row, end, sequences[i]);
            if (row < end && column.getLong(row) == sequences[i] && deletions.delete(run, row)) {
                deleted++;
            }
        }
        return deleted;
    }

    /** First row of [from, end) with at least this number. */
    private int gallop(int from, int end, long sequence) {
        int low = from;
        int step = 1;
        while (low + step < end && column.getLong(low + step) < sequence) {
            low += step;
            step <<= 1;
        }
        int high = Math.min(end, low + step + 1);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (column.getLong(middle) < sequence) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int readAll(Deletions deletions, int run, int end, int from, int to) {
        long least = sequences[from];
        long most = sequences[to - 1];
        int deleted = 0;
        for (int row = 0; row < end; row++) {
            long sequence = column.getLong(row);
            if (sequence >= least && sequence <= most && has(sequence) && deletions.delete(run, row)) {
                deleted++;
            }
        }
        return deleted;
    }

    private static int lowerBound(long[] values, int from, int to, long value) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (values[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int upperBound(long[] values, int from, int to, long value) {
        return value == Long.MAX_VALUE ? to : lowerBound(values, from, to, value + 1);
    }

    /** Runs of a segment whose sequence numbers ascend. */
    static BitSet ascendingRuns(SegmentSnapshot rows, BitScratch bits) {
        BitSet found = new BitSet(rows.runCount());
        ColumnVector column = new ColumnVector(ColumnType.BIGINT);
        for (int run = 0; run < rows.runCount(); run++) {
            int count = rows.runRows(run);
            rows.slice(SegmentSnapshot.SEQUENCE, run, 0, count, column, bits);
            boolean ascends = true;
            for (int row = 1; row < count; row++) {
                ascends &= column.getLong(row - 1) < column.getLong(row);
            }
            found.set(run, ascends);
        }
        return found;
    }

    @Override
    public void close() {
        bits.close();
    }
}
