package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A table as its writer sees it: partitions by time slice, the one of NULL timestamps, the next sequence number. Guarded by the writer's gate. */
final class TableStore {
    final TableLayout layout;

    private final TreeMap<Long, PartitionStore> slices = new TreeMap<>();
    private final TimeSlice slice;
    private final List<PartitionStore> created = new ArrayList<>();
    private final List<PartitionStore> touched = new ArrayList<>();
    private @Nullable PartitionStore nullTimes;
    private TableView view;
    private long rowCount;
    private long committedRowCount;
    private long nextSequence;
    private long committedSequence;
    private boolean sealDue;

    TableStore(TableMetadata metadata, MemoryBudget budget) {
        this.layout = new TableLayout(metadata, budget);
        this.slice = metadata.schema().partitioning().slice();
        this.view = new TableView(layout, 0, new PartitionSnapshot[0]);
    }

    TableView view() {
        return view;
    }

    /** Whether the last commit left a hot segment that should be sealed. */
    boolean isSealDue() {
        return sealDue;
    }

    @Nullable
    SymbolTable dictionary(int ordinal) {
        return layout.dictionaries[ordinal];
    }

    /** Appends rows; columns as {@link HotSegment#append} takes them. Sequence numbers go on from the table's rows so far. */
    void append(ColumnVector[] columns, int rows, AppendScratch scratch, TimeSplit split) {
        if (rows == 0) {
            return;
        }
        if (!layout.hasTime()) {
            appendTo(partitionOf(0), columns, scratch.identity(rows), 0, rows, scratch);
        } else {
            ColumnVector times = columns[layout.timeOrdinal];
            split.split(this, times, rows, scratch.identity(rows));
            int from = 0;
            for (int part = 0; part < split.count(); part++) {
                int count = split.rows(part);
                ColumnVector[] own = withoutForeignNulls(columns, split.partition(part));
                appendTo(split.partition(part), own, split.positions(), from, count, scratch);
                from += count;
            }
            split.clear();
        }
        rowCount += rows;
        nextSequence += rows;
    }

    /** A time column that has NULLs, or could have them, has none outside the partition of NULL timestamps. */
    private ColumnVector[] withoutForeignNulls(ColumnVector[] columns, PartitionStore partition) {
        ColumnVector times = columns[layout.timeOrdinal];
        if (!times.hasNulls() || partition.nullTimes) {
            return columns;
        }
        ColumnVector[] own = columns.clone();
        own[layout.timeOrdinal] =
                new ColumnVector(times.type()).pointLike(times).point(times.dataBuffer(), times.data(), null, 0);
        return own;
    }

    private void appendTo(
            PartitionStore partition,
            ColumnVector[] columns,
            int[] positions,
            int from,
            int count,
            AppendScratch scratch) {
        if (!partition.touched) {
            partition.touched = true;
            touched.add(partition);
        }
        partition.hotForWriting().append(columns, positions, from, count, nextSequence, scratch);
    }

    PartitionStore partitionOf(long time) {
        long start = TimeSlices.start(slice, time);
        PartitionStore known = slices.get(start);
        if (known == null) {
            known = new PartitionStore(layout, start, TimeSlices.end(slice, time), false, firstCapacity(start));
            slices.put(start, known);
            created.add(known);
        }
        return known;
    }

    /** Keys behave in a slice much as they did in the one before. */
    private int firstCapacity(long sliceStart) {
        Map.Entry<Long, PartitionStore> before = slices.lowerEntry(sliceStart);
        return before == null ? SlabSpace.LEAST_CAPACITY : before.getValue().usualCapacity();
    }

    PartitionStore partitionOfNull() {
        PartitionStore known = nullTimes;
        if (known == null) {
            known = new PartitionStore(layout, Long.MAX_VALUE, Long.MAX_VALUE, true, SlabSpace.LEAST_CAPACITY);
            nullTimes = known;
            created.add(known);
        }
        return known;
    }

    /** Makes the view of what was appended; what it replaces goes to {@code retired}. */
    TableView publish(RetiredRanges retired, SealPolicy policy) {
        PartitionSnapshot[] parts;
        if (created.isEmpty()) {
            parts = view.parts().clone();
            for (int i = 0; i < parts.length; i++) {
                PartitionStore owner = view.owner(i);
                if (owner.touched) {
                    parts[i] = owner.publish(retired);
                }
            }
            view = new TableView(layout, rowCount, parts, view.owners());
        } else {
            PartitionStore[] owners = owners();
            parts = new PartitionSnapshot[owners.length];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = owners[i].publish(retired);
            }
            view = new TableView(layout, rowCount, parts, owners);
        }
        committedRowCount = rowCount;
        committedSequence = nextSequence;
        sealDue = hasDue(policy, created.isEmpty() ? touched : Arrays.asList(view.owners()));
        created.clear();
        touched.clear();
        return view;
    }

    private PartitionStore[] owners() {
        List<PartitionStore> all = new ArrayList<>(slices.values());
        if (nullTimes != null) {
            all.add(nullTimes);
        }
        return all.toArray(PartitionStore[]::new);
    }

    void rollback() {
        touched.forEach(PartitionStore::rollback);
        for (PartitionStore partition : created) {
            if (partition == nullTimes) {
                nullTimes = null;
            } else {
                slices.remove(partition.sliceStart);
            }
        }
        created.clear();
        touched.clear();
        rowCount = committedRowCount;
        nextSequence = committedSequence;
    }

    /** Whether a partition's hot segment should be sealed: it is large, or rows have come for a later slice and it is not tiny. */
    private boolean isDue(PartitionStore partition, SealPolicy policy) {
        HotSegment hot = partition.hot();
        if (hot == null) {
            return false;
        }
        boolean passed = !partition.nullTimes && !slices.isEmpty() && partition.sliceStart < slices.lastKey();
        return hot.committedRowCount() >= (passed ? policy.passedSliceRows() : policy.sealRows());
    }

    private boolean hasDue(SealPolicy policy, Iterable<PartitionStore> candidates) {
        for (PartitionStore partition : candidates) {
            if (isDue(partition, policy)) {
                return true;
            }
        }
        return false;
    }

    /** Freezes hot segments and makes a task of each segment that is frozen. */
    void beginSeal(boolean all, SealPolicy policy, List<SealTask> tasks) {
        for (PartitionStore partition : owners()) {
            if (all || isDue(partition, policy)) {
                partition.freeze();
            }
            for (HotSegment frozen : partition.frozen()) {
                HotSnapshot source = frozen.published();
                if (source != null) {
                    tasks.add(new SealTask(this, partition, frozen, source));
                }
            }
        }
    }

    /** Swaps a sealed segment in; false when the table was emptied meanwhile. */
    boolean install(SealTask task, SealedSegment made) {
        if (!task.partition.replace(task.hot, made)) {
            return false;
        }
        task.partition.touched = true;
        return true;
    }

    /** Frees all segments and dictionaries; only when no snapshot of the table can be read any more. Views that were handed out keep theirs. */
    void close() {
        for (Map.Entry<Long, PartitionStore> entry : slices.entrySet()) {
            entry.getValue().close();
        }
        slices.clear();
        if (nullTimes != null) {
            nullTimes.close();
            nullTimes = null;
        }
        layout.closeDictionaries();
    }

    /** Whether nobody holds memory of the table any more. */
    boolean isFree() {
        return layout.budget.allocator().getAllocatedMemory() == 0;
    }

    /** Ends the table's allocator. @throws EngineException INTERNAL_ERROR when memory is still held */
    void closeBudget() {
        layout.budget.close();
    }
}
