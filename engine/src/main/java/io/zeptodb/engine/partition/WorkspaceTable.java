package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A table in a {@link Workspace}: the rows of a snapshot that are not deleted here, and rows of its own. */
final class WorkspaceTable {
    private static final SealPolicy NEVER = new SealPolicy(Integer.MAX_VALUE, Integer.MAX_VALUE);

    private final MemoryBudget budget;
    private final TableLayout layout;
    private final TableStore own;
    private final WorkspaceBase base;
    /** As the last statement left them. */
    private Parts shown;

    private boolean baseIsGone;
    private boolean baseWasGone;

    private WorkspaceTable(TableLayout layout, MemoryBudget budget, Parts parts, long rowCount) {
        this.layout = layout;
        this.budget = budget;
        this.shown = parts;
        this.base = new WorkspaceBase(parts, rowCount, budget);
        this.own = new TableStore(layout, budget, CommitLog.NONE, Workspace.FIRST_OWN_SEQUENCE);
        own.layOver(base);
    }

    static WorkspaceTable created(TableMetadata table, MemoryBudget budget) {
        return new WorkspaceTable(new TableLayout(table, budget), budget, Parts.EMPTY, 0);
    }

    static WorkspaceTable over(TableView table, MemoryBudget budget) {
        return new WorkspaceTable(table.layout().sharing(budget), budget, table.partitions(), table.rowCount());
    }

    long id() {
        return layout.metadata.id();
    }

    @Nullable
    SymbolTable dictionary(int ordinal) {
        return layout.dictionaries[ordinal];
    }

    long[] append(ColumnVector[] columns, int rows, AppendScratch scratch, TimeSplit split) {
        return own.append(columns, rows, scratch, split);
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
            return deleted + base.delete(search);
        }
    }

    void truncate() {
        own.truncate();
        baseIsGone = true;
        own.layOver(null);
    }

    TableSnapshot publish(RetiredRanges retired) {
        Set<Long> slices = base.publish(retired);
        own.addTouchedSlices(slices);
        TableView ours = own.publish(retired, NEVER);
        baseWasGone = baseIsGone;
        if (baseIsGone) {
            shown = ours.partitions();
            return new View(layout, ours.rowCount(), shown);
        }
        Parts.Editor next = shown.edit();
        for (long slice : slices) {
            PartitionSnapshot both = merged(base.left(slice), ours.partitions().find(slice));
            if (both == null) {
                next.remove(slice);
            } else {
                next.put(both);
            }
        }
        shown = next.finish();
        return new View(layout, base.rowCount() + ours.rowCount(), shown);
    }

    /** The own rows come behind those of the snapshot. */
    private static @Nullable PartitionSnapshot merged(
            @Nullable PartitionSnapshot older, @Nullable PartitionSnapshot ours) {
        if (older == null || ours == null) {
            return older == null ? ours : older;
        }
        List<SegmentSnapshot> both = new ArrayList<>(older.segments());
        both.addAll(ours.segments());
        return WorkspaceBase.with(older, both);
    }

    void rollback() {
        own.rollback();
        base.rollback();
        baseIsGone = baseWasGone;
        own.layOver(baseIsGone ? null : base);
    }

    void close() {
        base.close();
        own.close();
        budget.close();
    }

    private record View(TableLayout layout, long rowCount, Parts partitions) implements TableSnapshot {
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
