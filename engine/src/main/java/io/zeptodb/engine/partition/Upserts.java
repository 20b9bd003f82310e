package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ColumnVector;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DEDUP UPSERT KEYS: after rows were appended to hot segments, deletes the older rows that have the same values in the dedup keys; of rows appended
 * together the last one stays. How older rows are found depends on the keys:
 *
 * <ul>
 *   <li>With the designated timestamp among them only rows of the same time slice, and segments whose time range has the new rows' times, are
 *       looked at; in a run that is in time order the row is searched by time. New rows that came in time order have at most to be compared
 *       with their neighbours.
 *   <li>With the partition key among them, only the run of that key is looked at.
 *   <li>Otherwise, and in runs that are not in time order, a hot segment gets an index by hash, made when it is first needed and kept; a
 *       sealed segment is read once for each batch of new rows.
 * </ul>
 *
 * One thread: the writer that holds the gate.
 */
final class Upserts implements AutoCloseable {
    /** Rows of one time that a new row is compared with one by one, before an index is made of them. */
    private static final int MOST_TIES = 16;
    /** Where so many times more rows than new ones are in the new rows' time range, each new row is searched; else the range is read. */
    private static final int SEARCH_FACTOR = 16;

    final TableLayout layout;
    private final boolean byTime;
    /** One run of a segment has all rows that can be equal to a row. */
    private final boolean byRun;

    private final UpsertKeys mine;
    private final UpsertKeys theirs;
    private final ColumnVector times;
    private final ColumnVector theirTimes;
    private final ColumnVector sequences = new ColumnVector(ColumnType.BIGINT);
    private final BitScratch bits;
    private final BitScratch theirBits;
    private final UpsertBounds bounds;

    private long[] replaced = {};
    private int replacedCount;
    /** Of the rows appended to one segment, made when it is needed. */
    private @Nullable RowIndex newRows;

    private long minTime;
    private long maxTime;

    Upserts(TableLayout layout) {
        this.layout = layout;
        List<Integer> keys = layout.metadata.schema().dedupKeys();
        this.byTime = layout.hasTime() && keys.contains(layout.timeOrdinal);
        this.byRun = !layout.hasKey() || keys.contains(layout.keyOrdinal);
        this.mine = new UpsertKeys(layout, layout.budget);
        this.theirs = new UpsertKeys(layout, layout.budget);
        this.times = new ColumnVector(ColumnType.TIMESTAMP_NS);
        this.theirTimes = new ColumnVector(ColumnType.TIMESTAMP_NS);
        this.bits = new BitScratch(layout.budget);
        this.theirBits = new BitScratch(layout.budget);
        this.bounds = new UpsertBounds(layout, bits);
    }

    static boolean areWanted(TableSchema schema) {
        return !schema.dedupKeys().isEmpty();
    }

    /** Rows that were deleted since {@link #replace} began. */
    int replacedCount() {
        return replacedCount;
    }

    /** Their sequence numbers, ascending up to {@link #replacedCount}. */
    long[] replaced() {
        return replaced;
    }

    /**
     * Deletes what the rows replace that were just appended.
     *
     * @param appended the partitions that got rows, in their hot segments
     * @param table for its partitions, and to note which are touched
     */
    void replace(List<PartitionStore> appended, TableStore table) {
        replacedCount = 0;
        mine.forget();
        theirs.forget();
        PartitionStore[] all = byTime ? new PartitionStore[0] : table.owners();
        try {
            // all of them first: then no two rows of one segment are equal
            for (PartitionStore partition : appended) {
                replaceWithin(partition.openSegment());
            }
            for (PartitionStore partition : appended) {
                StoredSegment own = partition.openSegment();
                if (byTime) {
                    replaceIn(partition, own, table);
                } else {
                    bounds.find(own);
                    for (PartitionStore each : all) {
                        replaceIn(each, own, table);
                    }
                }
                closeNewRows();
            }
        } finally {
            closeNewRows();
        }
        Arrays.sort(replaced, 0, replacedCount);
    }

    /**
     * Behind {@link #replace}: deletes what the rows that were just appended in a workspace replace in its snapshot, and adds it to {@link #replaced}.
     *
     * @param appended as for {@link #replace}
     */
    void replaceBeneath(List<PartitionStore> appended, WorkspaceBase beneath) {
        mine.forget();
        theirs.forget();
        try {
            for (PartitionStore partition : appended) {
                StoredSegment own = partition.openSegment();
                if (byTime) {
                    if (!partition.nullTimes) {
                        findTimes(own);
                    }
                    PartitionSnapshot same = beneath.parts().find(partition.sliceStart);
                    if (same != null) {
                        replaceBeneath(beneath, same, own);
                    }
                } else {
                    bounds.find(own);
                    for (PartitionSnapshot each : beneath.parts()) {
                        replaceBeneath(beneath, each, own);
                    }
                }
                closeNewRows();
            }
        } finally {
            closeNewRows();
        }
        Arrays.sort(replaced, 0, replacedCount);
    }

    private void replaceBeneath(WorkspaceBase beneath, PartitionSnapshot partition, StoredSegment own) {
        List<SegmentSnapshot> segments = partition.segments();
        for (int i = 0; i < segments.size(); i++) {
            SegmentSnapshot rows = segments.get(i);
            if (byTime ? partition.nullTimes() || hasTimes(rows) : bounds.mayBeIn(rows)) {
                replaceIn(beneath.change(partition, i), own);
            }
        }
    }

    private void closeNewRows() {
        if (newRows != null) {
            newRows.close();
            newRows = null;
        }
    }

    private void delete(StoredSegment segment, int run, int row) {
        if (segment.deletions.delete(run, row)) {
            if (replacedCount == replaced.length) {
                replaced = Arrays.copyOf(replaced, Math.max(16, replacedCount * 2));
            }
            replaced[replacedCount++] = sequence(segment, run, row);
        }
    }

    private long sequence(StoredSegment segment, int run, int row) {
        segment.rows().slice(SegmentSnapshot.SEQUENCE, run, row, 1, sequences, bits);
        return sequences.getLong(0);
    }

    private static boolean isDeleted(StoredSegment segment, int run, int row) {
        return segment.deletions.now().contains(run, row);
    }

    // --- among the rows of the segment that the new ones were appended to

    private void replaceWithin(StoredSegment own) {
        HotSegment hot = own.requireHot();
        boolean indexed = false;
        for (int i = 0; i < hot.appendedRuns(); i++) {
            int run = hot.appendedRun(i);
            int from = hot.appendedFrom(i);
            boolean done = byTime && byRun && own.rows().runOrdered(run) && compareNeighbours(own, run, from);
            if (done) {
                continue;
            }
            if (!indexed && !byRun) {
                indexOlder(own, hot);
                indexed = true;
            }
            RowIndex index = own.index();
            extend(own, index, run, from);
            int rows = own.rows().runRows(run);
            enter(own, index, run, from, rows);
            index.setIndexed(run, rows);
        }
    }

    /** In a run in time order rows that are equal are neighbours; false when there are too many of one time. */
    private boolean compareNeighbours(StoredSegment own, int run, int from) {
        int rows = own.rows().runRows(run);
        own.rows().slice(layout.timeOrdinal, run, 0, rows, times, bits);
        for (int row = Math.max(from, 1); row < rows; row++) {
            if (times.getLong(row) == times.getLong(row - 1) && !compareBackwards(own, run, row)) {
                return false;
            }
        }
        return true;
    }

    private boolean compareBackwards(StoredSegment own, int run, int row) {
        UpsertKeys keys = mine.at(own.rows(), run);
        long time = times.getLong(row);
        for (int other = row - 1; other >= 0 && times.getLong(other) == time; other--) {
            if (row - other > MOST_TIES) {
                return false;
            }
            if (keys.equal(row, keys, other) && !isDeleted(own, run, other)) {
                delete(own, run, other);
                return true;
            }
        }
        return true;
    }

    /** Puts all rows of all runs into the index that were there before the new ones. */
    private void indexOlder(StoredSegment own, HotSegment hot) {
        RowIndex index = own.index();
        int[] ends = new int[own.rows().runCount()];
        Arrays.setAll(ends, own.rows()::runRows);
        for (int i = 0; i < hot.appendedRuns(); i++) {
            ends[hot.appendedRun(i)] = hot.appendedFrom(i);
        }
        for (int run = 0; run < ends.length; run++) {
            extend(own, index, run, ends[run]);
        }
    }

    /** Puts the rows of a run into the index up to one. */
    private void extend(StoredSegment segment, RowIndex index, int run, int end) {
        int from = index.indexed(run);
        if (from >= end) {
            return;
        }
        DeletedRows deleted = segment.deletions.now();
        UpsertKeys keys = mine.at(segment.rows(), run);
        while (from < end) {
            int count = Math.min(end - from, UpsertKeys.HASHED_ROWS);
            int[] hashes = keys.hash(from, count);
            for (int i = 0; i < count; i++) {
                if (!deleted.contains(run, from + i)) {
                    index.add(hashes[i], run, from + i);
                }
            }
            from += count;
        }
        index.setIndexed(run, end);
    }

    /** Puts new rows into the index of their own segment: each takes the place of the one that it replaces. */
    private void enter(StoredSegment own, RowIndex index, int run, int start, int end) {
        for (int from = start; from < end; from += UpsertKeys.HASHED_ROWS) {
            int count = Math.min(end - from, UpsertKeys.HASHED_ROWS);
            int[] hashes = mine.at(own.rows(), run).hash(from, count);
            for (int i = 0; i < count; i++) {
                int slot = findEqual(own, run, from + i, hashes[i], index, own);
                if (slot < 0) {
                    index.add(hashes[i], run, from + i);
                } else if (isOlder(own, index.run(slot), index.row(slot), own, run, from + i)) {
                    delete(own, index.run(slot), index.row(slot));
                    index.set(slot, run, from + i);
                } else {
                    delete(own, run, from + i);
                }
            }
        }
    }

    /** The slot of the row of a segment, not deleted, that is equal to a row of another; -1 when there is none. */
    private int findEqual(
            StoredSegment segment, int run, int row, int hash, RowIndex index, StoredSegment indexedSegment) {
        for (int slot = index.first(hash); slot >= 0; slot = index.next(slot, hash)) {
            int otherRun = index.run(slot);
            int otherRow = index.row(slot);
            if (isDeleted(indexedSegment, otherRun, otherRow)) {
                index.remove(slot);
            } else if (mine.at(segment.rows(), run).equal(row, theirs.at(indexedSegment.rows(), otherRun), otherRow)) {
                return slot;
            }
        }
        return -1;
    }

    private boolean isOlder(StoredSegment segment, int run, int row, StoredSegment than, int thanRun, int thanRow) {
        return sequence(segment, run, row) < sequence(than, thanRun, thanRow);
    }

    // --- among the rows of other segments

    private void replaceIn(PartitionStore partition, StoredSegment own, TableStore table) {
        if (byTime && !partition.nullTimes) {
            findTimes(own);
        }
        for (StoredSegment segment : partition.segments()) {
            boolean mayHave = byTime ? partition.nullTimes || hasTimes(segment.rows()) : bounds.mayBeIn(segment.rows());
            if (segment != own && mayHave) {
                table.touch(partition); // first: memory may end half-way
                replaceIn(segment, own);
            }
        }
    }

    private void findTimes(StoredSegment own) {
        minTime = Long.MAX_VALUE;
        maxTime = Long.MIN_VALUE;
        HotSegment hot = own.requireHot();
        for (int i = 0; i < hot.appendedRuns(); i++) {
            int run = hot.appendedRun(i);
            int rows = own.rows().runRows(run);
            own.rows().slice(layout.timeOrdinal, run, 0, rows, times, bits);
            for (int row = hot.appendedFrom(i); row < rows; row++) {
                minTime = Math.min(minTime, times.getLong(row));
                maxTime = Math.max(maxTime, times.getLong(row));
            }
        }
    }

    private boolean hasTimes(SegmentSnapshot rows) {
        return rows.hasTimeRange() && rows.minTime() <= maxTime && rows.maxTime() >= minTime;
    }

    private void replaceIn(StoredSegment segment, StoredSegment own) {
        HotSegment hot = own.requireHot();
        segment.rows().checkFile();
        if (!byRun) {
            replaceInAnyRun(segment, own);
            return;
        }
        for (int i = 0; i < hot.appendedRuns(); i++) {
            int run = hot.appendedRun(i);
            int same = sameRun(own.rows(), run, segment.rows());
            if (same >= 0 && segment.rows().runRows(same) > 0) {
                replaceInRun(segment, same, own, run, hot.appendedFrom(i));
            }
        }
    }

    private void replaceInAnyRun(StoredSegment segment, StoredSegment own) {
        int runs = segment.rows().runCount();
        if (segment.hot == null) {
            for (int run = 0; run < runs; run++) {
                readRun(segment, run, own);
            }
            return;
        }
        RowIndex index = segment.index();
        for (int run = 0; run < runs; run++) {
            extend(segment, index, run, segment.rows().runRows(run));
        }
        HotSegment hot = own.requireHot();
        for (int i = 0; i < hot.appendedRuns(); i++) {
            int run = hot.appendedRun(i);
            lookUp(segment, index, own, run, hot.appendedFrom(i), own.rows().runRows(run));
        }
    }

    private int sameRun(SegmentSnapshot own, int run, SegmentSnapshot segment) {
        if (!layout.hasKey()) {
            return segment.runCount() - 1;
        }
        return own.runKeyIsNull(run) ? segment.findNullRun() : segment.findRun(own.runKey(run));
    }

    private void replaceInRun(StoredSegment segment, int theirRun, StoredSegment own, int run, int from) {
        SegmentSnapshot rows = segment.rows();
        int end = rows.runRows(theirRun);
        int count = own.rows().runRows(run) - from;
        if (byTime && rows.runOrdered(theirRun)) {
            rows.slice(layout.timeOrdinal, theirRun, 0, end, theirTimes, theirBits);
            int first = firstAtLeast(0, end, minTime);
            int last = lastAtMost(first, end);
            if ((long) count * SEARCH_FACTOR < last - first) {
                searchTimes(segment, theirRun, first, last, own, run, from);
            } else {
                readRows(segment, theirRun, first, last, own);
            }
        } else if (segment.hot != null) {
            RowIndex index = segment.index();
            extend(segment, index, theirRun, end);
            lookUp(segment, index, own, run, from, from + count);
        } else {
            readRows(segment, theirRun, 0, end, own);
        }
    }

    /** The row behind the last one of [from, end) that is not behind the new rows' times. */
    private int lastAtMost(int from, int end) {
        return maxTime == Long.MAX_VALUE ? end : firstAtLeast(from, end, maxTime + 1);
    }

    private int firstAtLeast(int from, int end, long time) {
        int low = from;
        int high = end;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (theirTimes.getLong(middle) < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void searchTimes(
            StoredSegment segment, int theirRun, int first, int last, StoredSegment own, int run, int from) {
        int rows = own.rows().runRows(run);
        own.rows().slice(layout.timeOrdinal, run, 0, rows, times, bits);
        mine.at(own.rows(), run);
        theirs.at(segment.rows(), theirRun);
        for (int row = from; row < rows; row++) {
            long time = times.getLong(row);
            int other = firstAtLeast(first, last, time);
            while (other < last && theirTimes.getLong(other) == time) {
                if (mine.equal(row, theirs, other) && !isDeleted(segment, theirRun, other)) {
                    delete(segment, theirRun, other);
                    break;
                }
                other++;
            }
        }
    }

    /** Looks new rows up in the index of another hot segment. */
    private void lookUp(StoredSegment segment, RowIndex index, StoredSegment own, int run, int start, int end) {
        for (int from = start; from < end; from += UpsertKeys.HASHED_ROWS) {
            int count = Math.min(end - from, UpsertKeys.HASHED_ROWS);
            int[] hashes = mine.at(own.rows(), run).hash(from, count);
            for (int i = 0; i < count; i++) {
                int row = from + i;
                if (!isDeleted(own, run, row)) {
                    int slot = findEqual(own, run, row, hashes[i], index, segment);
                    if (slot >= 0) {
                        keepNewer(segment, index.run(slot), index.row(slot), own, run, row);
                    }
                }
            }
        }
    }

    private void keepNewer(StoredSegment segment, int theirRun, int theirRow, StoredSegment own, int run, int row) {
        // rows of one batch may lie in several slices of time, and be in either order
        if (isOlder(segment, theirRun, theirRow, own, run, row)) {
            delete(segment, theirRun, theirRow);
        } else {
            delete(own, run, row);
        }
    }

    /** A run that may have any of the new rows' keys. */
    private void readRun(StoredSegment segment, int theirRun, StoredSegment own) {
        SegmentSnapshot rows = segment.rows();
        int end = rows.runRows(theirRun);
        if (end > 0 && byTime && rows.runOrdered(theirRun)) {
            rows.slice(layout.timeOrdinal, theirRun, 0, end, theirTimes, theirBits);
            int first = firstAtLeast(0, end, minTime);
            readRows(segment, theirRun, first, lastAtMost(first, end), own);
        } else {
            readRows(segment, theirRun, 0, end, own);
        }
    }

    /** Reads rows [start, end) of a run of another segment and looks each up among the new rows. */
    private void readRows(StoredSegment segment, int theirRun, int start, int end, StoredSegment own) {
        RowIndex index = newRows == null ? indexNewRows(own) : newRows;
        for (int from = start; from < end; from += UpsertKeys.HASHED_ROWS) {
            int count = Math.min(end - from, UpsertKeys.HASHED_ROWS);
            int[] hashes = theirs.at(segment.rows(), theirRun).hash(from, count);
            for (int i = 0; i < count; i++) {
                int row = from + i;
                for (int slot = index.first(hashes[i]); slot >= 0; slot = index.next(slot, hashes[i])) {
                    int run = index.run(slot);
                    if (theirs.equal(row, mine.at(own.rows(), run), index.row(slot))
                            && !isDeleted(segment, theirRun, row)) {
                        keepNewer(segment, theirRun, row, own, run, index.row(slot));
                        break;
                    }
                }
            }
        }
    }

    private RowIndex indexNewRows(StoredSegment own) {
        RowIndex index = new RowIndex(layout.budget);
        newRows = index;
        HotSegment hot = own.requireHot();
        for (int i = 0; i < hot.appendedRuns(); i++) {
            int run = hot.appendedRun(i);
            index.setIndexed(run, hot.appendedFrom(i));
            extend(own, index, run, own.rows().runRows(run));
        }
        return index;
    }

    @Override
    public void close() {
        closeNewRows();
        mine.close();
        theirs.close();
        bits.close();
        theirBits.close();
    }
}
