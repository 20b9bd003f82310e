package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import java.util.Arrays;

/** Rows that were deleted while a sealed segment was made of theirs: deletes them in the sealed one. */
final class CarriedDeletions {
    private CarriedDeletions() {}

    static void carry(SegmentTask task, StoredSegment made, MemoryBudget budget) {
        for (int i = 0; i < task.segments.size(); i++) {
            carry(task.sources().get(i), task.segments.get(i).deletions.committed(), made, budget);
        }
    }

    private static void carry(SegmentSnapshot source, DeletedRows deleted, StoredSegment made, MemoryBudget budget) {
        DeletedRows dropped = source.deletedRows();
        if (deleted.count() == dropped.count()) {
            return;
        }
        for (int run = 0; run < source.runCount(); run++) {
            int since = deleted.count(run) - dropped.count(run);
            if (since > 0) {
                long[] sequences = sequences(source, run, dropped, deleted, since, budget);
                try (SequenceSearch search = new SequenceSearch(sequences, since, budget)) {
                    search.deleteFrom(made, sameRun(source, run, made.rows()));
                }
            }
        }
    }

    private static int sameRun(SegmentSnapshot source, int run, SegmentSnapshot made) {
        if (source.runKeyIsNull(run)) {
            return made.findNullRun();
        }
        int found = made.findRun(source.runKey(run));
        return found < 0 ? 0 : found; // without a key there is one run
    }

    private static long[] sequences(
            SegmentSnapshot source, int run, DeletedRows dropped, DeletedRows deleted, int count, MemoryBudget budget) {
        long[] found = new long[count];
        int rows = source.runRows(run);
        ColumnVector column = new ColumnVector(ColumnType.BIGINT);
        try (BitScratch bits = new BitScratch(budget)) {
            source.slice(SegmentSnapshot.SEQUENCE, run, 0, rows, column, bits);
        }
        int at = 0;
        for (int row = deleted.nextDeleted(run, 0, rows); row < rows; row = deleted.nextDeleted(run, row + 1, rows)) {
            if (!dropped.contains(run, row)) {
                found[at++] = column.getLong(row);
            }
        }
        Arrays.sort(found);
        return found;
    }
}
