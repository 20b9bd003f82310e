package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A table in a {@link Workspace}: the rows of a snapshot that are not deleted here, and rows of its own. */
final class WorkspaceTable {
    private static final SealPolicy NEVER = new SealPolicy(Integer.MAX_VALUE, Integer.MAX_VALUE);

    private final MemoryBudget budget;
    private final TableLayout layout;
    private final TableStore own;
    /** The partitions of the snapshot, as they are thinned here. */
    private final List<BasePartition> base = new ArrayList<>();

    private boolean baseIsGone;
    private boolean baseWasGone;

    private record BasePartition(PartitionSnapshot partition, List<StoredSegment> segments) {}

    private WorkspaceTable(TableLayout layout, MemoryBudget budget, List<PartitionSnapshot> partitions) {
        this.layout = layout;
        this.budget = budget;
        this.own = new TableStore(layout, budget, CommitLog.NONE, Workspace.FIRST_OWN_SEQUENCE);
        for (PartitionSnapshot partition : partitions) {
            List<StoredSegment> segments = new ArrayList<>();
            for (SegmentSnapshot segment : partition.segments()) {
                segments.add(new StoredSegment(segment, budget));
            }
            base.add(new BasePartition(partition, segments));
        }
        layOverBase();
    }

    private void layOverBase() {
        List<Upserts.Beneath> beneath = new ArrayList<>();
        if (!baseIsGone) {
            for (BasePartition partition : base) {
                boolean nullTimes = layout.hasTime() && partition.partition.nullTimes();
                partition.segments.forEach(segment -> beneath.add(new Upserts.Beneath(segment, nullTimes)));
            }
        }
        own.layOver(beneath);
    }

    static WorkspaceTable created(TableMetadata table, MemoryBudget budget) {
        return new WorkspaceTable(new TableLayout(table, budget), budget, List.of());
    }

    static WorkspaceTable over(TableView table, MemoryBudget budget) {
        return new WorkspaceTable(table.layout().sharing(budget), budget, table.partitions());
    }

    @Nullable
    SymbolTable dictionary(int ordinal) {
        return layout.dictionaries[ordinal];
    }

    void append(ColumnVector[] columns, int rows, AppendScratch scratch, TimeSplit split) {
        own.append(columns, rows, scratch, split);
    }

    long nextSequence() {
        return own.nextSequence();
    }

    int delete(long[] sequences, int count) {
        int deleted = own.delete(sequences, count);
        if (baseIsGone) {
            return deleted;
        }
        try (SequenceSearch search = new SequenceSearch(sequences, count, budget)) {
            for (BasePartition partition : base) {
                for (StoredSegment segment : partition.segments) {
                    if (search.mayFindIn(segment)) {
                        deleted += search.deleteFrom(segment);
                    }
                }
            }
        }
        return deleted;
    }

    void truncate() {
        own.truncate();
        baseIsGone = true;
        layOverBase();
    }

    TableSnapshot publish(RetiredRanges retired) {
        TableView ours = own.publish(retired, NEVER);
        baseWasGone = baseIsGone;
        long rows = ours.rowCount();
        List<PartitionSnapshot> all = new ArrayList<>();
        if (!baseIsGone) {
            for (BasePartition partition : base) {
                List<SegmentSnapshot> left = new ArrayList<>();
                for (StoredSegment segment : partition.segments) {
                    SegmentSnapshot published = segment.publish(retired);
                    if (published.rowCount() > 0) {
                        left.add(published);
                        rows += published.rowCount();
                    }
                }
                if (!left.isEmpty()) {
                    all.add(with(partition.partition, left));
                }
            }
        }
        merge(all, ours.partitions());
        return new View(layout, rows, List.copyOf(all));
    }

    private static PartitionSnapshot with(PartitionSnapshot partition, List<SegmentSnapshot> segments) {
        return new PartitionSnapshot(partition.sliceStart(), partition.sliceEnd(), List.copyOf(segments));
    }

    /** The own rows come behind those of the snapshot in each slice. */
    private static void merge(List<PartitionSnapshot> all, List<PartitionSnapshot> ours) {
        for (PartitionSnapshot partition : ours) {
            int at = 0;
            while (at < all.size() && all.get(at).sliceStart() != partition.sliceStart()) {
                at++;
            }
            if (at == all.size()) {
                all.add(partition);
            } else {
                List<SegmentSnapshot> both = new ArrayList<>(all.get(at).segments());
                both.addAll(partition.segments());
                all.set(at, with(partition, both));
            }
        }
        all.sort(Comparator.comparingLong(PartitionSnapshot::sliceStart));
    }

    void rollback() {
        own.rollback();
        base.forEach(partition -> partition.segments.forEach(StoredSegment::rollback));
        baseIsGone = baseWasGone;
        layOverBase();
    }

    void close() {
        base.forEach(partition -> partition.segments.forEach(StoredSegment::close));
        own.close();
        budget.close();
    }

    private record View(TableLayout layout, long rowCount, List<PartitionSnapshot> partitions)
            implements TableSnapshot {
        @Override
        public TableMetadata metadata() {
            return layout.metadata;
        }

        @Override
        public @Nullable SymbolDictionary dictionary(int ordinal) {
            return layout.dictionaries[ordinal];
        }
    }
}
