package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.catalog.Manifest;
import io.zeptodb.engine.catalog.Manifest.PartitionContents;
import io.zeptodb.engine.catalog.Manifest.SegmentContents;
import io.zeptodb.engine.catalog.Manifest.TableContents;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A table as its writer sees it: partitions by time slice, the one of NULL timestamps, the next sequence number. Guarded by the writer's gate. */
final class TableStore {
    private static final long[] NONE = {};

    private final CommitLog log;
    /** As the open transaction sees it. */
    private TableLayout layout;
    /** What a transaction that alters the table goes back to. */
    private @Nullable TableLayout unaltered;

    /** What a transaction that truncates the table goes back to. */
    private record Truncated(
            TreeMap<Long, PartitionStore> slices, @Nullable PartitionStore nullTimes) {
        void close() {
            slices.values().forEach(PartitionStore::close);
            if (nullTimes != null) {
                nullTimes.close();
            }
        }
    }

    private TreeMap<Long, PartitionStore> slices = new TreeMap<>();
    private final TimeSlice slice;
    private final MemoryBudget budget;
    private final List<PartitionStore> created = new ArrayList<>();
    private final List<PartitionStore> touched = new ArrayList<>();
    /** Those that the rows appended last went to. */
    private final List<PartitionStore> receivers = new ArrayList<>();

    private @Nullable PartitionStore nullTimes;
    private @Nullable Truncated truncated;
    /** Partitions that the open transaction has dropped. */
    private final List<PartitionStore> droppedSlices = new ArrayList<>();

    private TableView view;
    private long rowCount;
    private @Nullable WorkspaceBase beneath;
    private long committedRowCount;
    private long nextSequence;
    private long committedSequence;
    private boolean sealDue;
    /** Start of the last slice that the last commit left. */
    private long newestSlice = Long.MIN_VALUE;

    TableStore(TableMetadata metadata, MemoryBudget budget, CommitLog log) {
        this.log = log;
        this.budget = budget;
        this.layout = new TableLayout(metadata, budget);
        this.slice = metadata.schema().partitioning().slice();
        this.view = new TableView(layout, 0, Parts.EMPTY, 0);
    }

    /** Rows of a workspace over a table: from this sequence number on. */
    TableStore(TableLayout layout, MemoryBudget budget, CommitLog log, long firstSequence) {
        this.log = log;
        this.budget = budget;
        this.layout = layout;
        this.slice = layout.metadata.schema().partitioning().slice();
        this.nextSequence = firstSequence;
        this.committedSequence = firstSequence;
        this.view = new TableView(layout, 0, Parts.EMPTY, 0);
    }

    TableView view() {
        return view;
    }

    TableLayout layout() {
        return layout;
    }

    TableMetadata metadata() {
        return layout.metadata;
    }

    /** Number of the log file that is needed, with all behind it, for what the present transaction writes. */
    long logFile() {
        return log.readableFrom();
    }

    long nextSequence() {
        return nextSequence;
    }

    /** Whether the open transaction has changed it. */
    private boolean isChanged() {
        return !touched.isEmpty() || truncated != null || unaltered != null;
    }

    /**
     * Takes other columns; the rows stay as they are. The first change of a transaction.
     *
     * @throws EngineException FEATURE_NOT_SUPPORTED when it is not the first
     */
    void alter(TableMetadata to) {
        if (isChanged()) {
            throw new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "cannot alter table '" + layout.metadata.name()
                            + "' behind other changes of it in one transaction: commit them first");
        }
        TableLayout before = layout;
        layout = before.altered(to);
        unaltered = before;
        for (PartitionStore partition : owners()) {
            partition.freeze(); // new rows have the new columns
            partition.reshape(layout);
            touch(partition);
        }
    }

    /** Whether the last commit left a hot segment that should be sealed. */
    boolean isSealDue() {
        return sealDue;
    }

    @Nullable
    SymbolTable dictionary(int ordinal) {
        return layout.dictionaries[ordinal];
    }

    /** In a workspace: what is beneath it, where rows that are appended replace older ones too. */
    void layOver(@Nullable WorkspaceBase base) {
        beneath = base;
    }

    /**
     * Appends rows; columns as {@link HotSegment#append} takes them. Sequence numbers go on from the table's rows so far.
     *
     * @return the sequence numbers, ascending, of the rows that they replace, those among themselves too
     */
    long[] append(ColumnVector[] columns, int rows, AppendScratch scratch, TimeSplit split) {
        int appended = appendFrom(columns, rows, nextSequence, false, scratch, split);
        long[] replaced = NONE;
        if (appended > 0 && Upserts.areWanted(layout.metadata.schema())) {
            replaced = replaceOlder();
        }
        receivers.clear();
        return replaced;
    }

    /**
     * Appends rows of the log with the sequence numbers that they had, but for those that are sealed, or gone, already.
     *
     * @return rows appended
     */
    int appendReplayed(ColumnVector[] columns, int rows, long firstSequence, AppendScratch scratch, TimeSplit split) {
        return appendFrom(columns, rows, firstSequence, true, scratch, split);
    }

    private int appendFrom(
            ColumnVector[] columns,
            int rows,
            long firstSequence,
            boolean replayed,
            AppendScratch scratch,
            TimeSplit split) {
        if (rows == 0) {
            return 0;
        }
        receivers.clear();
        int appended = 0;
        if (!layout.hasTime()) {
            PartitionStore all = partitionOf(0);
            appended = appendTo(all, columns, scratch.identity(rows), 0, rows, firstSequence, replayed, scratch);
            receivers.add(all);
        } else {
            ColumnVector times = columns[layout.timeOrdinal];
            split.split(this, times, rows, scratch.identity(rows));
            int from = 0;
            for (int part = 0; part < split.count(); part++) {
                int count = split.rows(part);
                PartitionStore partition = split.partition(part);
                ColumnVector[] own = withoutForeignNulls(columns, partition);
                appended += appendTo(partition, own, split.positions(), from, count, firstSequence, replayed, scratch);
                from += count;
                receivers.add(partition);
            }
            split.clear();
        }
        rowCount += appended;
        nextSequence = Math.max(nextSequence, firstSequence + rows);
        return appended;
    }

    /** Deletes the rows that those appended last replace. */
    private long[] replaceOlder() {
        try (Upserts upserts = new Upserts(layout)) {
            upserts.replace(receivers, this);
            rowCount -= upserts.replacedCount();
            if (upserts.replacedCount() > 0) {
                log.deleted(layout.metadata.id(), upserts.replaced(), upserts.replacedCount());
            }
            if (beneath != null) {
                upserts.replaceBeneath(receivers, beneath);
            }
            int count = upserts.replacedCount();
            return count == 0 ? NONE : Arrays.copyOf(upserts.replaced(), count);
        }
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

    private int appendTo(
            PartitionStore partition,
            ColumnVector[] columns,
            int[] positions,
            int from,
            int count,
            long firstSequence,
            boolean replayed,
            AppendScratch scratch) {
        int skipped = 0;
        if (replayed) {
            while (skipped < count && firstSequence + positions[from + skipped] < partition.sealedThrough()) {
                skipped++;
            }
        }
        touch(partition);
        if (skipped < count) {
            partition
                    .hotForWriting()
                    .append(columns, positions, from + skipped, count - skipped, firstSequence, scratch);
        }
        return count - skipped;
    }

    /** Notes that the open transaction changes a partition. */
    void touch(PartitionStore partition) {
        if (!partition.touched) {
            partition.touched = true;
            touched.add(partition);
        }
    }

    /** Adds the starts of the slices that the open transaction changes. */
    void addTouchedSlices(Set<Long> starts) {
        touched.forEach(partition -> starts.add(partition.sliceStart));
    }

    /**
     * Deletes rows by their sequence numbers.
     *
     * @param sequences ascending up to count
     * @return rows that were there
     */
    int delete(long[] sequences, int count) {
        return delete(sequences, count, false);
    }

    /** As {@link #delete(long[], int)}, among the rows that the log has brought back. */
    int deleteReplayed(long[] sequences, int count) {
        return delete(sequences, count, true);
    }

    private int delete(long[] sequences, int count, boolean ofLog) {
        int deleted = 0;
        try (SequenceSearch search = new SequenceSearch(sequences, count, budget)) {
            for (PartitionStore partition : owners()) {
                for (StoredSegment segment : ofLog ? partition.notRestored() : partition.segments()) {
                    if (search.mayFindIn(segment.rows())) {
                        touch(partition); // first: memory may end half-way
                        deleted += search.deleteFrom(segment);
                    }
                }
            }
        }
        rowCount -= deleted;
        return deleted;
    }

    /** Deletes all rows that the log has brought back, row by row: for the few that it has of a table that was truncated before they were sealed. */
    void truncateReplayed() {
        for (PartitionStore partition : owners()) {
            for (StoredSegment segment : partition.notRestored()) {
                touch(partition);
                rowCount -= segment.deleteAll();
            }
        }
    }

    /** Takes the partition of a slice away; does nothing when there is none. */
    void dropSlice(long start) {
        PartitionStore partition = slices.get(start);
        if (partition == null) {
            return;
        }
        if (partition.touched) {
            throw new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "cannot drop a slice of table '" + layout.metadata.name() + "' behind other changes of it");
        }
        slices.remove(start);
        droppedSlices.add(partition);
        rowCount -= partition.liveRows();
    }

    /** Deletes the rows of a slice that the log has brought back. */
    void dropReplayedSlice(long start) {
        PartitionStore partition = slices.get(start);
        if (partition != null) {
            for (StoredSegment segment : partition.notRestored()) {
                touch(partition);
                rowCount -= segment.deleteAll();
            }
        }
    }

    /** Takes all rows away, those of the open transaction too. Sequence numbers go on. */
    void truncate() {
        undoPartitions();
        if (truncated == null) {
            truncated = new Truncated(slices, nullTimes);
        }
        slices = new TreeMap<>();
        nullTimes = null;
        rowCount = 0;
    }

    PartitionStore partitionOf(long time) {
        long start = TimeSlices.start(slice, time);
        PartitionStore known = slices.get(start);
        if (known == null) {
            known = new PartitionStore(this, start, TimeSlices.end(slice, time), false, firstCapacity(start));
            slices.put(start, known);
            created.add(known);
        }
        return known;
    }

    private PartitionStore partitionOfSlice(long start, long end) {
        PartitionStore known = new PartitionStore(this, start, end, false, SlabSpace.LEAST_CAPACITY);
        slices.put(start, known);
        created.add(known);
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
            known = new PartitionStore(this, Long.MAX_VALUE, Long.MAX_VALUE, true, SlabSpace.LEAST_CAPACITY);
            nullTimes = known;
            created.add(known);
        }
        return known;
    }

    /** Makes the view of what was changed; what it replaces goes to {@code retired}. */
    TableView publish(RetiredRanges retired, SealPolicy policy) {
        Parts.Editor parts = (truncated == null ? view.partitions() : Parts.EMPTY).edit();
        for (PartitionStore dropped : droppedSlices) {
            parts.remove(dropped.sliceStart);
        }
        for (PartitionStore partition : touched) {
            PartitionSnapshot published = partition.publish(retired);
            if (published.segments().isEmpty()) {
                remove(partition);
                parts.remove(partition.sliceStart);
            } else {
                parts.put(published);
            }
        }
        view = new TableView(layout, rowCount, parts.finish(), nextSequence);
        if (truncated != null) {
            retired.add(truncated::close);
            truncated = null;
        }
        for (PartitionStore dropped : droppedSlices) {
            retired.add(dropped::close);
        }
        droppedSlices.clear();
        unaltered = null;
        committedRowCount = rowCount;
        committedSequence = nextSequence;
        sealDue = hasDue(policy);
        created.clear();
        touched.clear();
        return view;
    }

    private void remove(PartitionStore partition) {
        if (partition == nullTimes) {
            nullTimes = null;
        } else {
            slices.remove(partition.sliceStart);
        }
    }

    PartitionStore[] owners() {
        List<PartitionStore> all = new ArrayList<>(slices.values());
        if (nullTimes != null) {
            all.add(nullTimes);
        }
        return all.toArray(PartitionStore[]::new);
    }

    /** Takes back what the open transaction did to partitions that are there now. */
    private void undoPartitions() {
        touched.forEach(PartitionStore::rollback);
        created.forEach(this::remove);
        created.clear();
        touched.clear();
    }

    void rollback() {
        undoPartitions();
        for (PartitionStore dropped : droppedSlices) {
            slices.put(dropped.sliceStart, dropped);
        }
        droppedSlices.clear();
        if (truncated != null) {
            slices = truncated.slices;
            nullTimes = truncated.nullTimes;
            truncated = null;
        }
        TableLayout before = unaltered;
        if (before != null) {
            layout.closeAllBut(before);
            layout = before;
            unaltered = null;
            for (PartitionStore partition : owners()) {
                partition.reshape(before);
            }
        }
        rowCount = committedRowCount;
        nextSequence = committedSequence;
    }

    /** Puts in what a manifest has named. */
    void restore(TableContents contents, SegmentOpener opener) {
        for (PartitionContents partition : contents.partitions()) {
            SegmentMetadata.Slice of = partition.slice();
            PartitionStore store = of.nullTimes() ? partitionOfNull() : partitionOfSlice(of.start(), of.end());
            for (SegmentContents segment : partition.segments()) {
                SegmentMetadata file = segment.metadata();
                SegmentColumns columns = opener.open(layout.metadata, budget, file);
                StoredSegment stored = new StoredSegment(SealedSegment.of(layout.having(file), file, columns));
                stored.reshape(layout);
                store.restore(stored, partition.sealedThrough());
                Manifest.DeletedRowsFile deleted = segment.deleted();
                if (deleted != null) {
                    opener.readDeleted(file, deleted, stored.deletions::delete);
                }
                rowCount += stored.liveRows();
            }
            touch(store);
        }
        nextSequence = contents.nextSequence();
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

    /** Whether a partition is due that the last commit changed, or that was the newest one until this commit. */
    private boolean hasDue(SealPolicy policy) {
        long before = newestSlice;
        newestSlice = slices.isEmpty() ? Long.MIN_VALUE : slices.lastKey();
        PartitionStore passed = newestSlice > before ? slices.get(before) : null;
        if (passed != null && isDue(passed, policy)) {
            return true;
        }
        for (PartitionStore partition : touched) {
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
            for (StoredSegment frozen : partition.frozen()) {
                SegmentSnapshot source = frozen.published();
                if (source != null) {
                    tasks.add(new SealTask(this, partition, frozen, source));
                }
            }
        }
    }

    /** Makes tasks of sealed segments that should be written anew as one. */
    void beginCompaction(CompactionPolicy policy, List<CompactionTask> tasks) {
        for (PartitionStore partition : owners()) {
            List<StoredSegment> segments = partition.toCompact(policy);
            if (!segments.isEmpty()) {
                List<SegmentSnapshot> sources = new ArrayList<>();
                for (StoredSegment segment : segments) {
                    sources.add(Objects.requireNonNull(segment.published()));
                }
                tasks.add(new CompactionTask(this, partition, segments, sources));
            }
        }
    }

    /**
     * Swaps a sealed segment in; rows that were deleted since it was begun are deleted in it too.
     *
     * @return false when one that it was made of has gone meanwhile: with its table, by TRUNCATE, or because all its rows were deleted
     */
    boolean install(SegmentTask task, SealedSegment made) {
        PartitionStore partition = task.partition;
        boolean there = partition == nullTimes || partition == slices.get(partition.sliceStart);
        if (!there || !task.areSegmentsThere()) {
            return false;
        }
        StoredSegment next = new StoredSegment(made);
        next.reshape(layout); // the table may have been altered since
        try {
            CarriedDeletions.carry(task, next, budget);
        } catch (RuntimeException | Error e) {
            next.deletions.close();
            throw e;
        }
        task.swapIn(next);
        touch(partition);
        return true;
    }

    /** Frees all segments and dictionaries; only when no snapshot of the table can be read any more. Views that were handed out keep theirs. */
    void close() {
        new Truncated(slices, nullTimes).close();
        slices.clear();
        nullTimes = null;
        if (truncated != null) {
            truncated.close();
            truncated = null;
        }
        layout.closeDictionaries();
    }

    /** Whether nobody holds memory of the table any more. */
    boolean isFree() {
        return budget.allocator().getAllocatedMemory() == 0;
    }

    /** Ends the table's allocator. @throws EngineException INTERNAL_ERROR when memory is still held */
    void closeBudget() {
        budget.close();
    }
}
