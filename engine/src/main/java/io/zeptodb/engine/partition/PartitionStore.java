package io.zeptodb.engine.partition;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One time slice of a table, writer side: what is settled, and the hot segment that takes rows. */
final class PartitionStore {
    final long sliceStart;
    final long sliceEnd;
    /** Rows with a NULL timestamp. */
    final boolean nullTimes;

    private final TableLayout layout;
    private final List<SealedSegment> sealed = new ArrayList<>();
    /** Hot segments that take no more rows, oldest first: sealing them failed or is under way. */
    private final List<HotSegment> frozen = new ArrayList<>();

    private @Nullable HotSegment hot;
    private boolean hotIsNew;
    boolean touched;

    private final int firstCapacity;

    /** @param firstCapacity rows of room that a new run gets: a power of two */
    PartitionStore(TableLayout layout, long sliceStart, long sliceEnd, boolean nullTimes, int firstCapacity) {
        this.layout = layout;
        this.firstCapacity = firstCapacity;
        this.sliceStart = sliceStart;
        this.sliceEnd = sliceEnd;
        this.nullTimes = nullTimes;
    }

    @Nullable
    HotSegment hot() {
        return hot;
    }

    List<HotSegment> frozen() {
        return frozen;
    }

    HotSegment hotForWriting() {
        HotSegment open = hot;
        if (open == null) {
            open = new HotSegment(layout, firstCapacity);
            hot = open;
            hotIsNew = true;
        }
        return open;
    }

    /** The room that most runs of this partition needed: what new runs of the next one may well begin with. */
    int usualCapacity() {
        HotSegment latest = hot != null || frozen.isEmpty() ? hot : frozen.get(frozen.size() - 1);
        if (latest != null) {
            RunTable runs = latest.runs;
            return UsualCapacity.of(runs.count(), run -> runs.rows[run]);
        }
        if (!sealed.isEmpty()) {
            SealedSegment last = sealed.get(sealed.size() - 1);
            return UsualCapacity.of(last.runCount(), last::runRows);
        }
        return SlabSpace.LEAST_CAPACITY;
    }

    /** Makes what was appended part of the next snapshot. */
    PartitionSnapshot publish(RetiredRanges retired) {
        List<SegmentSnapshot> segments = new ArrayList<>(sealed);
        for (HotSegment segment : frozen) {
            segments.add(segment.publish(retired));
        }
        if (hot != null) {
            segments.add(hot.publish(retired));
        }
        hotIsNew = false;
        touched = false;
        return new PartitionSnapshot(sliceStart, sliceEnd, List.copyOf(segments));
    }

    void rollback() {
        touched = false;
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

    /** The hot segment takes no more rows; the next ones go to a fresh one. */
    void freeze() {
        if (hot != null) {
            frozen.add(hot);
            hot = null;
        }
    }

    /** Puts a sealed segment in the place of the frozen one that it was made of. */
    boolean replace(HotSegment source, SealedSegment made) {
        if (!frozen.remove(source)) {
            return false;
        }
        sealed.add(made);
        return true;
    }

    void close() {
        if (hot != null) {
            hot.close();
            hot = null;
        }
        frozen.forEach(HotSegment::close);
        frozen.clear();
        sealed.forEach(SealedSegment::close);
        sealed.clear();
    }
}
