package io.zeptodb.engine.partition;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One time slice of a table, writer side: what is settled, and the hot segment that takes rows. */
final class PartitionStore {
    final long sliceStart;
    final long sliceEnd;
    /** Rows with a NULL timestamp. */
    final boolean nullTimes;

    private final TableStore table;
    private final List<StoredSegment> sealed = new ArrayList<>();
    /** Hot segments that take no more rows, oldest first: sealing them failed or is under way. */
    private final List<StoredSegment> frozen = new ArrayList<>();

    private @Nullable StoredSegment hot;
    private boolean hotIsNew;
    boolean touched;

    private final int firstCapacity;
    private long sealedThrough;

    /** @param firstCapacity rows of room that a new run gets: a power of two */
    PartitionStore(TableStore table, long sliceStart, long sliceEnd, boolean nullTimes, int firstCapacity) {
        this.table = table;
        this.firstCapacity = firstCapacity;
        this.sliceStart = sliceStart;
        this.sliceEnd = sliceEnd;
        this.nullTimes = nullTimes;
    }

    @Nullable
    HotSegment hot() {
        return hot == null ? null : hot.hot;
    }

    /** The segment that takes rows, when it has some. */
    StoredSegment openSegment() {
        if (hot == null) {
            throw new IllegalStateException("no row was appended");
        }
        return hot;
    }

    List<StoredSegment> frozen() {
        return frozen;
    }

    /** All segments: sealed ones first, the hot one last. */
    List<StoredSegment> segments() {
        List<StoredSegment> all = new ArrayList<>(sealed);
        all.addAll(frozen);
        if (hot != null) {
            all.add(hot);
        }
        return all;
    }

    HotSegment hotForWriting() {
        HotSegment open = hot();
        if (open == null) {
            open = new HotSegment(table.layout(), firstCapacity);
            hot = new StoredSegment(open, table.logFile());
            hotIsNew = true;
        }
        return open;
    }

    /** The room that most runs of this partition needed: what new runs of the next one may well begin with. */
    int usualCapacity() {
        StoredSegment latest = hot != null || frozen.isEmpty() ? hot : frozen.get(frozen.size() - 1);
        if (latest == null && !sealed.isEmpty()) {
            latest = sealed.get(sealed.size() - 1);
        }
        return latest == null || !latest.knowsRuns()
                ? SlabSpace.LEAST_CAPACITY
                : UsualCapacity.of(latest.rows().runCount(), latest.rows()::runRows);
    }

    /** Makes what was changed part of the next snapshot; segments without a row that is not deleted are given up. */
    PartitionSnapshot publish(RetiredRanges retired) {
        List<SegmentSnapshot> segments = new ArrayList<>();
        publish(sealed, segments, retired);
        publish(frozen, segments, retired);
        StoredSegment open = hot;
        if (open != null && !publish(open, segments, retired)) {
            hot = null;
        }
        hotIsNew = false;
        touched = false;
        return new PartitionSnapshot(sliceStart, sliceEnd, List.copyOf(segments), sealedThrough, firstLogFile());
    }

    private long firstLogFile() {
        // segments are frozen in the order in which they were begun
        StoredSegment oldest = frozen.isEmpty() ? hot : frozen.get(0);
        return oldest == null ? PartitionSnapshot.NO_LOG_FILE : oldest.logFile;
    }

    private static void publish(List<StoredSegment> stored, List<SegmentSnapshot> segments, RetiredRanges retired) {
        for (Iterator<StoredSegment> each = stored.iterator(); each.hasNext(); ) {
            if (!publish(each.next(), segments, retired)) {
                each.remove();
            }
        }
    }

    private static boolean publish(StoredSegment segment, List<SegmentSnapshot> segments, RetiredRanges retired) {
        SegmentSnapshot published = segment.publish(retired);
        if (published.rowCount() == 0) {
            retired.add(segment::close);
            return false;
        }
        segments.add(published);
        return true;
    }

    void rollback() {
        touched = false;
        sealed.forEach(StoredSegment::rollback);
        frozen.forEach(StoredSegment::rollback);
        if (hot == null) {
            return;
        }
        if (hotIsNew) {
            hot.close();
            hot = null;
            hotIsNew = false;
        } else {
            hot.rollback();
        }
    }

    /** The hot segment takes no more rows; the next ones go to a fresh one. Between transactions. */
    void freeze() {
        if (hot != null) {
            // of the rows themselves: while the log is read back, the table's next number is beyond those that still
            // come
            hot.throughSequence = hot.requireHot().lastSequence() + 1;
            frozen.add(hot);
            hot = null;
        }
    }

    /** Reads all segments as the table is now. */
    void reshape(TableLayout now) {
        segments().forEach(segment -> segment.reshape(now));
    }

    /** Puts a sealed segment in that a manifest has named. */
    void restore(StoredSegment segment, long through) {
        segment.isRestored = true;
        sealed.add(segment);
        sealedThrough = through;
    }

    /** Rows of this slice with a smaller sequence number are in the sealed segments, or gone. */
    long sealedThrough() {
        return sealedThrough;
    }

    /** The sealed segments of files that should be written anew as one; none when there is nothing to gain. */
    List<StoredSegment> toCompact(CompactionPolicy policy) {
        for (StoredSegment segment : sealed) {
            SegmentSnapshot published = segment.published();
            if (published != null && published.file() != null) {
                long all = segment.rows().rowCount();
                if (all - published.rowCount() >= Math.max(1, all * policy.deletedShare())) {
                    return List.of(segment);
                }
            }
        }
        return List.copyOf(policy.toMerge(sealed, PartitionStore::rowsInFile));
    }

    private static long rowsInFile(StoredSegment segment) {
        SegmentSnapshot published = segment.published();
        return published == null || published.file() == null
                ? Long.MAX_VALUE
                : segment.rows().rowCount();
    }

    boolean hasSealed(List<StoredSegment> segments) {
        return sealed.containsAll(segments);
    }

    /** Puts one segment in the place of those that it was made of, which are neighbours. */
    void replaceSealed(List<StoredSegment> sources, StoredSegment made) {
        int at = sealed.indexOf(sources.get(0));
        sealed.set(at, made);
        sealed.removeAll(sources);
    }

    /** Rows that are not deleted. */
    long liveRows() {
        return segments().stream().mapToLong(StoredSegment::liveRows).sum();
    }

    /** The segments that came after the manifest: while the log is read back, those that have rows of it. */
    List<StoredSegment> notRestored() {
        List<StoredSegment> all = segments();
        all.removeIf(segment -> segment.isRestored);
        return all;
    }

    /** Whether it is the one to be sealed next: they are in the order of ingest, so that what is sealed is all below one sequence number. */
    boolean isFrozen(StoredSegment segment) {
        return !frozen.isEmpty() && frozen.get(0) == segment;
    }

    /** Puts a sealed segment in the place of the frozen one that it was made of. */
    void replace(StoredSegment source, StoredSegment made) {
        frozen.remove(source);
        sealed.add(made);
        sealedThrough = source.throughSequence;
    }

    void close() {
        segments().forEach(StoredSegment::close);
        sealed.clear();
        frozen.clear();
        hot = null;
    }
}
