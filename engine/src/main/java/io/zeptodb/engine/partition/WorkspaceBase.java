package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.MemoryBudget;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of a snapshot that a workspace lies over, and which rows of them are deleted there. A partition costs something once a row of it
 * may have to be deleted. One thread.
 */
final class WorkspaceBase implements AutoCloseable {
    private final Parts parts;
    private final MemoryBudget budget;
    private final Map<Long, Thinned> thinned = new HashMap<>();
    /** Slices that the present statement may have deleted rows of. */
    private final Set<Long> touched = new TreeSet<>();

    private long rowCount;

    private static final class Thinned {
        private final PartitionSnapshot partition;
        private final List<StoredSegment> segments = new ArrayList<>();
        /** As the last statement left it; null when no row is left. */
        private @Nullable PartitionSnapshot left;

        Thinned(PartitionSnapshot partition, MemoryBudget budget) {
            this.partition = partition;
            this.left = partition;
            for (SegmentSnapshot segment : partition.segments()) {
                segments.add(new StoredSegment(segment, budget));
            }
        }

        long leftRows() {
            return left == null ? 0 : rowsOf(left);
        }

        void publish(RetiredRanges retired) {
            List<SegmentSnapshot> all = new ArrayList<>();
            for (StoredSegment segment : segments) {
                SegmentSnapshot published = segment.publish(retired);
                if (published.rowCount() > 0) {
                    all.add(published);
                }
            }
            left = all.isEmpty() ? null : with(partition, all);
        }
    }

    WorkspaceBase(Parts parts, long rowCount, MemoryBudget budget) {
        this.parts = parts;
        this.rowCount = rowCount;
        this.budget = budget;
    }

    private static long rowsOf(PartitionSnapshot partition) {
        long rows = 0;
        for (SegmentSnapshot segment : partition.segments()) {
            rows += segment.rowCount();
        }
        return rows;
    }

    /** The partition with other segments. */
    static PartitionSnapshot with(PartitionSnapshot partition, List<SegmentSnapshot> segments) {
        return new PartitionSnapshot(partition.sliceStart(), partition.sliceEnd(), List.copyOf(segments));
    }

    /** As the snapshot has them. */
    Parts parts() {
        return parts;
    }

    /** Rows that the last statement left. */
    long rowCount() {
        return rowCount;
    }

    /** The partition of a slice as the last statement left it; null when no row of it is there. */
    @Nullable
    PartitionSnapshot left(long sliceStart) {
        Thinned known = thinned.get(sliceStart);
        return known == null ? parts.find(sliceStart) : known.left;
    }

    /** A segment, to delete rows of it. */
    StoredSegment change(PartitionSnapshot partition, int segment) {
        long slice = partition.sliceStart();
        touched.add(slice);
        return thinned.computeIfAbsent(slice, start -> new Thinned(partition, budget))
                .segments
                .get(segment);
    }

    /** Deletes rows by their sequence numbers; those that were there. */
    int delete(SequenceSearch search) {
        int deleted = 0;
        for (PartitionSnapshot partition : parts) {
            List<SegmentSnapshot> segments = partition.segments();
            for (int i = 0; i < segments.size(); i++) {
                if (search.mayFindIn(segments.get(i))) {
                    deleted += search.deleteFrom(change(partition, i));
                }
            }
        }
        return deleted;
    }

    /** Keeps what the present statement has deleted; the slices of it. */
    Set<Long> publish(RetiredRanges retired) {
        Set<Long> slices = new TreeSet<>(touched);
        for (long slice : slices) {
            Thinned partition = thinned.get(slice);
            if (partition != null) {
                rowCount -= partition.leftRows();
                partition.publish(retired);
                rowCount += partition.leftRows();
            }
        }
        touched.clear();
        return slices;
    }

    void rollback() {
        for (long slice : touched) {
            Thinned partition = thinned.get(slice);
            if (partition != null) {
                partition.segments.forEach(StoredSegment::rollback);
            }
        }
        touched.clear();
    }

    @Override
    public void close() {
        thinned.values().forEach(partition -> partition.segments.forEach(StoredSegment::close));
        thinned.clear();
    }
}
