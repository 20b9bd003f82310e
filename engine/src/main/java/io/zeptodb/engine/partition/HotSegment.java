package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnBounds;
import io.zeptodb.engine.batch.ColumnBuffer;
import io.zeptodb.engine.batch.ColumnScatter;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.ViewHeap;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.partition.index.SegmentIndexes;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The growing segment of a partition, as its writer sees it. Rows go behind the published ones of their run; a run that is full moves to a range
 * of twice the size, and the range it leaves is retired at the commit. Readers see {@link HotSnapshot}s. Everything here is guarded by the
 * writer's gate of the database.
 */
final class HotSegment {
    private static final int MOST_RUN_ROWS = 1 << 30;
    /** Groups that are this long on average are copied one by one; shorter ones row by row, all in one loop for each column. */
    private static final int LEAST_GROUP_ROWS = 16;

    /** What its snapshots are known by; it holds nothing, so that who keeps it keeps no memory. */
    final Object identity = new Object();

    final TableLayout layout;
    final SlabSpace space;
    final RunTable runs;
    /** By column; null where there is no text. */
    final @Nullable ViewHeap[] heaps;

    /** Of the rows that were committed; readers make them. */
    final SegmentIndexes indexes;

    private final int firstCapacity;
    private final ColumnBounds[] bounds;
    private final ColumnBounds[] committedBounds;
    private final long[] committedHeaps;
    private long rowCount;
    private long committedRowCount;
    private boolean open;
    private @Nullable HotSnapshot published;

    // by group, for the batch that is being appended
    private int[] groupRun = {};
    private int[] groupNext = {};
    private int[] groupSlab = {};
    private int[] groupFrom = {};
    private int groups;

    /** @param firstCapacity rows of room that a new run gets: a power of two */
    HotSegment(TableLayout layout, int firstCapacity) {
        this.layout = layout;
        this.runs = new RunTable(layout.budget);
        this.firstCapacity = firstCapacity;
        this.space = new SlabSpace(layout);
        this.heaps = new ViewHeap[layout.types.length];
        this.indexes = new SegmentIndexes(layout.types, true, layout.budget);
        this.bounds = SegmentStatistics.newBounds(layout);
        this.committedBounds = SegmentStatistics.newBounds(layout);
        this.committedHeaps = new long[layout.types.length];
        for (int i = 0; i < heaps.length; i++) {
            heaps[i] = layout.types[i].kind().isView() ? new ViewHeap(layout.budget) : null;
        }
    }

    long rowCount() {
        return rowCount;
    }

    /** Rows of the last commit. */
    long committedRowCount() {
        return committedRowCount;
    }

    /** The greatest sequence number of its rows, of deleted ones too. */
    long lastSequence() {
        return bounds[layout.sequenceColumn].maxLong();
    }

    ColumnBounds bounds(int column) {
        return bounds[column];
    }

    /**
     * Appends positions [from, from + count), ascending, of a batch.
     *
     * @param columns by ordinal, each of the column's type, symbols in codes of this table
     * @param firstSequence sequence number of position 0
     */
    void append(
            ColumnVector[] columns, int[] positions, int from, int count, long firstSequence, AppendScratch scratch) {
        begin();
        for (int i = 0; i < columns.length; i++) {
            bounds[i].add(columns[i], positions, from, count);
        }
        bounds[layout.sequenceColumn].addAscending(
                firstSequence + positions[from], firstSequence + positions[from + count - 1], count);
        if (layout.hasKey()) {
            appendByKey(columns, positions, from, count, firstSequence, scratch);
        } else {
            appendToRun(columns, positions, from, count, firstSequence, scratch);
        }
        rowCount += count;
    }

    private void begin() {
        if (open) {
            return;
        }
        open = true;
        committedRowCount = rowCount;
        for (int i = 0; i < bounds.length; i++) {
            committedBounds[i].set(bounds[i]);
            ViewHeap heap = heaps[i];
            committedHeaps[i] = heap == null ? 0 : heap.position();
        }
    }

    private void appendToRun(
            ColumnVector[] columns, int[] positions, int from, int count, long firstSequence, AppendScratch scratch) {
        int run = runs.count() == 0 ? runs.runOf(0) : 0;
        int row = makeRoom(run, count);
        reserveGroups(1);
        groups = 1;
        groupRun[0] = run;
        groupFrom[0] = runs.rows[run];
        int slab = runs.slab[run];
        noteTimes(columns, run, positions, from, count);
        if (positions[from + count - 1] - positions[from] == count - 1) {
            copyRange(columns, positions[from], count, slab, row, firstSequence);
        } else {
            ColumnScatter scatter = scratch.scatter;
            scatter.begin(count);
            for (int i = 0; i < count; i++) {
                scatter.add(positions[from + i], slab, row + i);
            }
            scatterColumns(columns, scatter, firstSequence);
        }
        runs.rows[run] += count;
    }

    private void appendByKey(
            ColumnVector[] columns, int[] positions, int from, int count, long firstSequence, AppendScratch scratch) {
        KeyGroups byKey = scratch.groups;
        byKey.group(columns[layout.keyOrdinal], positions, from, count);
        int n = byKey.groups();
        reserveGroups(n);
        groups = n;
        for (int g = 0; g < n; g++) {
            int run = byKey.isNull(g) ? runs.runOfNull() : runs.runOf(byKey.key(g));
            groupRun[g] = run;
            groupNext[g] = makeRoom(run, byKey.rows(g));
            groupSlab[g] = runs.slab[run];
            groupFrom[g] = runs.rows[run];
        }
        boolean contiguous = positions[from + count - 1] - positions[from] == count - 1;
        boolean longGroups = n == 1 || count / n >= LEAST_GROUP_ROWS;
        if (longGroups && contiguous && byKey.areNeighbours()) {
            // groups were numbered in the order of their rows
            int at = from;
            for (int g = 0; g < n; g++) {
                int rows = byKey.rows(g);
                noteTimes(columns, groupRun[g], positions, at, rows);
                copyRange(columns, positions[at], rows, groupSlab[g], groupNext[g], firstSequence);
                at += rows;
            }
        } else if (longGroups) {
            gatherByGroup(columns, byKey, byKey.ordered(positions, from, count), firstSequence);
        } else {
            noteTimesByGroup(columns, positions, from, count, byKey.groupOf());
            scatterByGroup(positions, from, count, byKey.groupOf(), scratch.scatter);
            scatterColumns(columns, scratch.scatter, firstSequence);
        }
        for (int g = 0; g < n; g++) {
            runs.rows[groupRun[g]] += byKey.rows(g);
        }
    }

    /** Runs that got rows by the last {@link #append}. */
    int appendedRuns() {
        return groups;
    }

    int appendedRun(int i) {
        return groupRun[i];
    }

    /** The first row that the run got. */
    int appendedFrom(int i) {
        return groupFrom[i];
    }

    /** @param ordered the positions of group 0, then those of group 1, and so on */
    private void gatherByGroup(ColumnVector[] columns, KeyGroups groups, int[] ordered, long firstSequence) {
        int n = groups.groups();
        for (int g = 0, at = 0; g < n; at += groups.rows(g), g++) {
            noteTimes(columns, groupRun[g], ordered, at, groups.rows(g));
        }
        // column by column: what is read at random stays in the cache
        for (int i = 0; i < columns.length; i++) {
            @Nullable ColumnBuffer[] targets = space.buffers(i);
            for (int g = 0, at = 0; g < n; at += groups.rows(g), g++) {
                SlabSpace.present(targets, groupSlab[g])
                        .gather(columns[i], ordered, at, groups.rows(g), groupNext[g], heaps[i]);
            }
        }
        @Nullable ColumnBuffer[] numbers = space.buffers(layout.sequenceColumn);
        for (int g = 0, at = 0; g < n; at += groups.rows(g), g++) {
            SlabSpace.present(numbers, groupSlab[g])
                    .fillNumbers(firstSequence, ordered, at, groups.rows(g), groupNext[g]);
        }
    }

    private void reserveGroups(int n) {
        if (groupRun.length < n) {
            int size = Math.max(n, groupRun.length * 2);
            groupRun = new int[size];
            groupNext = new int[size];
            groupSlab = new int[size];
            groupFrom = new int[size];
        }
    }

    private void scatterByGroup(int[] positions, int from, int count, int[] groupOf, ColumnScatter scatter) {
        scatter.begin(count);
        for (int i = 0; i < count; i++) {
            int group = groupOf[i];
            scatter.add(positions[from + i], groupSlab[group], groupNext[group]++);
        }
    }

    private void scatterColumns(ColumnVector[] columns, ColumnScatter scatter, long firstSequence) {
        for (int i = 0; i < columns.length; i++) {
            scatter.apply(columns[i], space.buffers(i), heaps[i]);
        }
        scatter.applyNumbers(firstSequence, space.buffers(layout.sequenceColumn));
    }

    private void copyRange(ColumnVector[] columns, int position, int count, int slab, int row, long firstSequence) {
        ColumnBuffer[] targets = space.slab(slab).columns;
        for (int i = 0; i < columns.length; i++) {
            targets[i].copy(columns[i], position, count, row, heaps[i]);
        }
        targets[layout.sequenceColumn].fillAscending(firstSequence + position, row, count);
    }

    private void noteTimes(ColumnVector[] columns, int run, int[] positions, int from, int count) {
        if (!layout.hasTime()) {
            return;
        }
        ColumnVector times = columns[layout.timeOrdinal];
        if (times.hasNulls()) {
            // the partition of NULL timestamps
            runs.clearOrdered(run);
            return;
        }
        long last = runs.lastTime[run];
        boolean late = false;
        for (int i = from; i < from + count; i++) {
            long time = times.getLong(positions[i]);
            late |= time < last;
            last = Math.max(last, time);
        }
        runs.lastTime[run] = last;
        if (late) {
            runs.clearOrdered(run);
        }
    }

    private void noteTimesByGroup(ColumnVector[] columns, int[] positions, int from, int count, int[] groupOf) {
        if (!layout.hasTime()) {
            return;
        }
        ColumnVector times = columns[layout.timeOrdinal];
        boolean nulls = times.hasNulls();
        long[] lastTime = runs.lastTime;
        for (int i = 0; i < count; i++) {
            int run = groupRun[groupOf[i]];
            long time = nulls ? Long.MIN_VALUE : times.getLong(positions[from + i]);
            if (nulls || time < lastTime[run]) {
                runs.clearOrdered(run);
            } else {
                lastTime[run] = time;
            }
        }
    }

    /** Makes a run fit for this many more rows; the row where they go. */
    private int makeRoom(int run, int more) {
        runs.touch(run);
        int rows = runs.rows[run];
        long wanted = (long) rows + more;
        if (wanted > runs.capacity[run]) {
            if (wanted > MOST_RUN_ROWS) {
                throw new EngineException(
                        ErrorCode.FEATURE_NOT_SUPPORTED,
                        "cannot append to '" + layout.metadata.name() + "': one key would have " + wanted
                                + " rows in a hot segment, " + MOST_RUN_ROWS
                                + " are the most; commit in smaller parts");
            }
            move(run, Math.max(firstCapacity, roundedUp((int) wanted)));
        }
        return runs.offset[run] + rows;
    }

    private static int roundedUp(int rows) {
        return Integer.highestOneBit(rows - 1 | 1) << 1;
    }

    private void move(int run, int capacity) {
        long range = space.allocate(capacity);
        int slab = SlabSpace.slabOf(range);
        int offset = SlabSpace.offsetOf(range);
        int rows = runs.rows[run];
        if (rows > 0) {
            ColumnBuffer[] from = space.slab(runs.slab[run]).columns;
            ColumnBuffer[] to = space.slab(slab).columns;
            for (int i = 0; i < to.length; i++) {
                to[i].copy(from[i], runs.offset[run], rows, offset);
            }
        }
        if (runs.rangeIsPrivate(run)) {
            space.free(runs.slab[run], runs.offset[run], runs.capacity[run]);
        }
        runs.slab[run] = slab;
        runs.offset[run] = offset;
        runs.capacity[run] = capacity;
    }

    /** Makes the snapshot of what was appended; the ranges that were left go to {@code retired}. */
    HotSnapshot publish(RetiredRanges retired) {
        HotSnapshot before = published;
        if (!open && before != null) {
            return before;
        }
        for (int i = 0; i < runs.touchedCount(); i++) {
            if (runs.leftRange(i)) {
                retired.add(space, runs.leftRangeOf(i), runs.leftCapacityOf(i));
            }
        }
        RunPage[] pages = newPages(before == null ? new RunPage[0] : before.pages());
        ColumnStatistics[] statistics = SegmentStatistics.of(bounds);
        HotSnapshot snapshot = new HotSnapshot(this, pages, statistics);
        runs.commit();
        committedRowCount = rowCount;
        open = false;
        published = snapshot;
        return snapshot;
    }

    private RunPage[] newPages(RunPage[] old) {
        int count = (runs.count() + RunPage.MASK) >>> RunPage.SHIFT;
        RunPage[] pages = Arrays.copyOf(old, count);
        boolean[] renewed = new boolean[count];
        for (int i = 0; i < runs.touchedCount(); i++) {
            int page = runs.touchedRun(i) >>> RunPage.SHIFT;
            if (!renewed[page]) {
                renewed[page] = true;
                pages[page] = newPage(page, page < old.length ? old[page] : null);
            }
        }
        return pages;
    }

    private RunPage newPage(int page, @Nullable RunPage old) {
        int start = page << RunPage.SHIFT;
        int end = Math.min(start + RunPage.RUNS, runs.count());
        boolean allOrdered = true;
        for (int run = start; run < end; run++) {
            allOrdered &= runs.ordered[run];
        }
        int[] rows = Arrays.copyOfRange(runs.rows, start, end);
        AtomicReferenceArray<int[]> orders = allOrdered ? null : new AtomicReferenceArray<>(end - start);
        if (orders != null && old != null && old.orders != null) {
            for (int i = 0; i < old.rows.length; i++) {
                if (old.rows[i] == rows[i]) {
                    orders.setPlain(i, old.orders.get(i));
                }
            }
        }
        return new RunPage(
                Arrays.copyOfRange(runs.slab, start, end),
                Arrays.copyOfRange(runs.offset, start, end),
                rows,
                Arrays.copyOfRange(runs.ordered, start, end),
                orders);
    }

    /** Goes back to the last commit. */
    void rollback() {
        if (!open) {
            return;
        }
        for (int i = 0; i < runs.touchedCount(); i++) {
            if (runs.hasNewRange(i)) {
                int run = runs.touchedRun(i);
                space.free(runs.slab[run], runs.offset[run], runs.capacity[run]);
            }
        }
        runs.rollback();
        rowCount = committedRowCount;
        for (int i = 0; i < bounds.length; i++) {
            bounds[i].set(committedBounds[i]);
            ViewHeap heap = heaps[i];
            if (heap != null) {
                heap.rewind(committedHeaps[i]);
            }
        }
        open = false;
    }

    /** Frees all; only when no snapshot of it can be read any more. */
    void close() {
        indexes.close();
        space.close();
        runs.close();
        for (ViewHeap heap : heaps) {
            if (heap != null) {
                heap.close();
            }
        }
    }
}
