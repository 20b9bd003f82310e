package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnVector;
import java.util.Arrays;

/**
 * Splits the rows of a batch over the partitions of a table: most batches lie in one; of the others each partition gets its positions in the order of
 * ingest. Kept and used again by its one writer.
 */
final class TimeSplit {
    private PartitionStore[] partitions = new PartitionStore[4];
    private int[] counts = new int[4];
    private int count;
    private int[] partOf = {};
    private int[] ownPositions = {};
    private int[] positions = {};

    /** Partitions of the last batch. */
    int count() {
        return count;
    }

    PartitionStore partition(int part) {
        return partitions[part];
    }

    int rows(int part) {
        return counts[part];
    }

    /** Positions of all rows, those of partition 0 first. */
    int[] positions() {
        return positions;
    }

    /**
     * Splits a batch.
     *
     * @param identity 0, 1, 2, … for the rows at least
     */
    void split(TableStore table, ColumnVector times, int rows, int[] identity) {
        count = 0;
        if (!times.hasNulls() && isOneSlice(table, times, rows)) {
            counts[0] = rows;
            positions = identity;
            return;
        }
        positions = ownPositions;
        splitRows(table, times, rows);
    }

    /** Finds out with one pass that does little; the partition of the first row is noted. */
    private boolean isOneSlice(TableStore table, ColumnVector times, int rows) {
        long least = times.getLong(0);
        long most = least;
        if (!times.isConstant()) {
            for (int i = 0; i < rows; i++) {
                long time = times.getLong(i);
                least = Math.min(least, time);
                most = Math.max(most, time);
            }
        }
        PartitionStore partition = table.partitionOf(times.getLong(0));
        partOf(partition);
        // a slice that is cut off where a long ends has its last nanosecond too: the other way decides there
        return least >= partition.sliceStart && most < partition.sliceEnd;
    }

    private void splitRows(TableStore table, ColumnVector times, int rows) {
        count = 0;
        if (partOf.length < rows) {
            partOf = new int[rows];
            ownPositions = new int[rows];
            positions = ownPositions;
        }
        int part = -1;
        int nullPart = -1;
        long start = 0;
        long end = 0;
        for (int i = 0; i < rows; i++) {
            if (times.isNull(i)) {
                nullPart = nullPart < 0 ? partOf(table.partitionOfNull()) : nullPart;
                partOf[i] = nullPart;
                counts[nullPart]++;
                continue;
            }
            long time = times.getLong(i);
            if (part < 0 || time < start || time >= end) {
                PartitionStore partition = table.partitionOf(time);
                part = partOf(partition);
                start = partition.sliceStart;
                // a slice that is cut off where a long ends has its last nanosecond too
                end = partition.sliceEnd;
            }
            partOf[i] = part;
            counts[part]++;
        }
        place(rows);
    }

    private int partOf(PartitionStore partition) {
        for (int i = count - 1; i >= 0; i--) {
            if (partitions[i] == partition) {
                return i;
            }
        }
        if (count == partitions.length) {
            partitions = Arrays.copyOf(partitions, count * 2);
            counts = Arrays.copyOf(counts, count * 2);
        }
        partitions[count] = partition;
        counts[count] = 0;
        return count++;
    }

    private void place(int rows) {
        int[] next = new int[count];
        for (int part = 1; part < count; part++) {
            next[part] = next[part - 1] + counts[part - 1];
        }
        for (int i = 0; i < rows; i++) {
            ownPositions[next[partOf[i]]++] = i;
        }
    }

    /** Lets go of the partitions. */
    void clear() {
        Arrays.fill(partitions, 0, count, null);
        count = 0;
    }
}
