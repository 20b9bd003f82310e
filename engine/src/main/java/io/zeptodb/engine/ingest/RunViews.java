package io.zeptodb.engine.ingest;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnView;
import io.zeptodb.engine.batch.ColumnLease;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.partition.BitScratch;
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
                        views.add(view(column, segment, run, ordinal, budget));
                    }
                }
            }
            return views;
        } catch (RuntimeException | Error e) {
            views.forEach(ColumnView::close);
            throw e;
        }
    }

    private static ColumnView view(
            ColumnDefinition column, SegmentSnapshot segment, int run, int ordinal, MemoryBudget budget) {
        int rows = segment.runRows(run);
        try (BitScratch bits = new BitScratch(budget)) {
            ColumnVector vector = new ColumnVector(column.type());
            segment.slice(ordinal, run, 0, rows, vector, bits);
            return new ColumnLease(vector, rows, column.name(), budget.allocator());
        }
    }
}
