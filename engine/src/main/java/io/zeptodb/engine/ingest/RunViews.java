package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnView;
import io.zeptodb.engine.batch.ColumnLease;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.partition.BitScratch;
import io.zeptodb.engine.partition.DeletedRows;
import io.zeptodb.engine.partition.PartitionSnapshot;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.TableSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Column views of the runs of one key. */
final class RunViews {
    private RunViews() {}

    /** Called under a lease, which may end when this returns: the views hold what they show. */
    static List<ColumnView> of(TableSnapshot table, KeyLookup lookup, int ordinal, MemoryBudget budget) {
        ColumnDefinition column = table.metadata().schema().columns().get(ordinal);
        List<ColumnView> views = new ArrayList<>(2);
        // bitmaps that are shifted are held by the view that shows them; the scratch lets go of each
        try {
            for (PartitionSnapshot partition : table.partitions()) {
                for (SegmentSnapshot segment : partition.segments()) {
                    int run = lookup.runIn(segment);
                    if (run >= 0) {
                        segment.checkFile();
                        addViews(column, segment, run, ordinal, budget, views);
                    }
                }
            }
            return views;
        } catch (RuntimeException | Error e) {
            views.forEach(ColumnView::close);
            throw e;
        }
    }

    /** One view for each stretch of rows that are not deleted. */
    private static void addViews(
            ColumnDefinition column,
            SegmentSnapshot segment,
            int run,
            int ordinal,
            MemoryBudget budget,
            List<ColumnView> views) {
        int rows = segment.runRows(run);
        DeletedRows deleted = segment.deletedRows();
        int from = deleted.nextLive(run, 0, rows);
        while (from < rows) {
            int end = deleted.nextDeleted(run, from, rows);
            try (BitScratch bits = new BitScratch(budget)) {
                ColumnVector vector = new ColumnVector(column.type());
                segment.slice(ordinal, run, from, end - from, vector, bits);
                views.add(new ColumnLease(vector, end - from, column.name(), budget.allocator()));
            }
            from = deleted.nextLive(run, end, rows);
        }
    }
}
