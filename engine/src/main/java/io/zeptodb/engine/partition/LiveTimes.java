package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;

/**
 * Least and greatest designated timestamp of the rows of a segment that are not deleted: from its statistics when there are no others, else
 * from the first and last rows of ordered runs and all rows of the others. For segments that have a time range.
 */
public record LiveTimes(long min, long max) {
    /** @param timeOrdinal the designated timestamp */
    public static LiveTimes of(SegmentSnapshot segment, int timeOrdinal, MemoryBudget budget) {
        if (segment.deletedRows().isEmpty()) {
            return new LiveTimes(segment.minTime(), segment.maxTime());
        }
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        ColumnVector times = new ColumnVector(ColumnType.TIMESTAMP_NS);
        DeletedRows deleted = segment.deletedRows();
        segment.checkFile();
        try (BitScratch bits = new BitScratch(budget)) {
            for (int run = 0; run < segment.runCount(); run++) {
                int rows = segment.runRows(run);
                int first = deleted.nextLive(run, 0, rows);
                if (first == rows) {
                    continue;
                }
                segment.slice(timeOrdinal, run, 0, rows, times, bits);
                if (segment.runOrdered(run)) {
                    min = Math.min(min, times.getLong(first));
                    max = Math.max(max, times.getLong(lastLive(deleted, run, rows)));
                } else {
                    for (int row = first; row < rows; row = deleted.nextLive(run, row + 1, rows)) {
                        long time = times.getLong(row);
                        min = Math.min(min, time);
                        max = Math.max(max, time);
                    }
                }
            }
        }
        return new LiveTimes(min, max);
    }

    private static int lastLive(DeletedRows deleted, int run, int rows) {
        int row = rows - 1;
        while (deleted.contains(run, row)) {
            row--;
        }
        return row;
    }
}
