package io.zeptodb.engine.partition;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A segment of a partition as its writer sees it, hot or sealed, with the rows of it that are deleted. Guarded by the writer's gate. */
final class StoredSegment implements AutoCloseable {
    final @Nullable HotSegment hot;
    final Deletions deletions;
    private final @Nullable SealedSegment sealed;
    private final SegmentSnapshot rows;
    private @Nullable SegmentSnapshot published;
    /** What {@link #published} shows, with the deleted rows. */
    private @Nullable SegmentSnapshot publishedRows;
    /** Of a sealed segment, once it was asked for: runs whose sequence numbers ascend. */
    private @Nullable BitSet ascending;

    StoredSegment(HotSegment hot) {
        this.hot = hot;
        this.sealed = null;
        this.rows = new HotRows(hot);
        this.deletions = new Deletions(hot.layout.budget);
    }

    StoredSegment(SealedSegment sealed) {
        this.hot = null;
        this.sealed = sealed;
        this.rows = sealed;
        this.deletions = new Deletions(sealed.layout.budget);
    }

    /** All rows, also those of the open transaction and the deleted ones. */
    SegmentSnapshot rows() {
        return rows;
    }

    /** Rows that are not deleted, as the open transaction sees it. */
    long liveRows() {
        return rows.rowCount() - deletions.now().count();
    }

    /** The snapshot of the last commit; null while there is none. */
    @Nullable
    SegmentSnapshot published() {
        return published;
    }

    /** Makes the snapshot of what was changed; the ranges that were left go to {@code retired}. */
    SegmentSnapshot publish(RetiredRanges retired) {
        SegmentSnapshot all = hot == null ? rows : hot.publish(retired);
        DeletedRows before = deletions.committed();
        DeletedRows deleted = deletions.commit();
        SegmentSnapshot known = published;
        if (known != null && before == deleted && all == publishedRows) {
            return known;
        }
        SegmentSnapshot next = deleted.isEmpty() ? all : new ThinnedSegment(all, deleted);
        published = next;
        publishedRows = all;
        return next;
    }

    /** Goes back to the last commit. */
    void rollback() {
        deletions.rollback();
        if (hot != null) {
            hot.rollback();
        }
    }

    /** Whether the sequence numbers of a run ascend: always in the order of ingest, mostly when a run was put in the order of time. */
    boolean ascends(int run, BitScratch bits) {
        if (hot != null) {
            return true;
        }
        BitSet known = ascending;
        if (known == null) {
            known = SequenceSearch.ascendingRuns(rows, bits);
            ascending = known;
        }
        return known.get(run);
    }

    /** Frees all; only when no snapshot of it can be read any more. */
    @Override
    public void close() {
        deletions.close();
        if (hot != null) {
            hot.close();
        }
        if (sealed != null) {
            sealed.close();
        }
    }
}
