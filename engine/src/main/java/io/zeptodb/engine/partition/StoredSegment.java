package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.ColumnAttribute;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.partition.index.SegmentIndexes;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** A segment of a partition as its writer sees it, hot or sealed, with the rows of it that are deleted. Guarded by the writer's gate. */
final class StoredSegment implements AutoCloseable {
    final @Nullable HotSegment hot;
    final Deletions deletions;
    private final @Nullable SealedSegment sealed;
    private final SegmentSnapshot made;
    /** {@link #made} as the table is now. */
    private SegmentSnapshot rows;

    /** Hot: number of the log file that is needed, with all behind it, to read its rows back. */
    final long logFile;
    /** Hot and frozen: the sequence number behind all of its rows. */
    long throughSequence;
    /** Whether the manifest that the database was opened with names it, with the rows of it that were deleted by then. */
    boolean isRestored;

    private ReshapedSegment.@Nullable Shape shape;
    private @Nullable SegmentSnapshot lastShaped;
    private @Nullable SegmentSnapshot lastUnshaped;
    private @Nullable SegmentSnapshot published;
    /** What {@link #published} shows, with the deleted rows. */
    private @Nullable SegmentSnapshot publishedRows;
    /** Of a hot segment of a table with dedup keys, once it was asked for. */
    private @Nullable RowIndex index;
    /** Of a sealed segment, once it was asked for: runs whose sequence numbers ascend. */
    private @Nullable BitSet ascending;

    /** @param logFile {@link CommitLog#readableFrom} now */
    StoredSegment(HotSegment hot, long logFile) {
        this.hot = hot;
        this.sealed = null;
        this.logFile = logFile;
        this.made = new HotRows(hot);
        this.rows = made;
        this.deletions = new Deletions(hot.layout.budget);
    }

    StoredSegment(SealedSegment sealed) {
        this.hot = null;
        this.sealed = sealed;
        this.logFile = PartitionSnapshot.NO_LOG_FILE;
        this.made = sealed;
        this.rows = sealed;
        this.deletions = new Deletions(sealed.layout.budget);
    }

    /** A segment of a snapshot, of which a workspace deletes rows. */
    StoredSegment(SegmentSnapshot snapshot, MemoryBudget budget) {
        this.hot = null;
        this.sealed = null;
        this.logFile = PartitionSnapshot.NO_LOG_FILE;
        this.made = snapshot instanceof ThinnedSegment thinned ? thinned.whole() : snapshot;
        this.rows = made;
        this.deletions = new Deletions(budget, snapshot.deletedRows());
    }

    /** All rows, also those of the open transaction and the deleted ones. */
    SegmentSnapshot rows() {
        return rows;
    }

    /** Reads it as the table is now. */
    void reshape(TableLayout now) {
        TableLayout own = hot != null ? hot.layout : sealedLayout();
        shape = ReshapedSegment.Shape.of(own, now);
        lastUnshaped = null;
        rows = shape == null ? made : new ReshapedSegment(made, shape);
        SegmentIndexes indexes = hot != null ? hot.indexes : sealed != null ? sealed.indexes : null;
        if (indexes != null) {
            indexes.keep(attributes(own, now));
        }
    }

    /** What the table now says of the columns that the segment has. */
    private static ColumnAttribute[] attributes(TableLayout own, TableLayout now) {
        ColumnAttribute[] attributes = new ColumnAttribute[own.sequenceColumn];
        for (int i = 0; i < attributes.length; i++) {
            int ordinal = now.metadata.ordinalOfId(own.metadata.columnId(i));
            attributes[i] = ordinal == TableSchema.NONE
                    ? ColumnAttribute.NONE
                    : now.metadata.schema().columns().get(ordinal).attribute();
        }
        return attributes;
    }

    private TableLayout sealedLayout() {
        if (sealed == null) {
            throw new IllegalStateException("a segment that is neither hot nor sealed");
        }
        return sealed.layout;
    }

    private SegmentSnapshot shaped(SegmentSnapshot snapshot) {
        if (shape == null) {
            return snapshot;
        }
        SegmentSnapshot known = lastShaped;
        if (known == null || lastUnshaped != snapshot) {
            known = new ReshapedSegment(snapshot, shape);
            lastShaped = known;
            lastUnshaped = snapshot;
        }
        return known;
    }

    /** Whether its runs are known without opening a file. */
    boolean knowsRuns() {
        return sealed == null || sealed.knowsRuns();
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
        SegmentSnapshot all = hot == null ? rows : shaped(hot.publish(retired));
        if (index != null) {
            index.commit();
        }
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

    /** Deletes all rows; those that were there. */
    long deleteAll() {
        long before = liveRows();
        for (int run = 0; run < rows.runCount(); run++) {
            for (int row = 0; row < rows.runRows(run); row++) {
                deletions.delete(run, row);
            }
        }
        return before;
    }

    /** The hot segment. */
    HotSegment requireHot() {
        if (hot == null) {
            throw new IllegalStateException("a sealed segment takes no rows");
        }
        return hot;
    }

    /** The index of a hot segment's rows by their dedup keys: as far as its user has filled it. */
    RowIndex index() {
        RowIndex known = index;
        if (known == null) {
            known = new RowIndex(requireHot().layout.budget);
            index = known;
        }
        return known;
    }

    /** Goes back to the last commit. */
    void rollback() {
        deletions.rollback();
        if (index != null && index.isChanged()) {
            // it may know rows that are gone, and lack some that are back
            index.close();
            index = null;
        }
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
        if (index != null) {
            index.close();
        }
        if (hot != null) {
            hot.close();
        }
        if (sealed != null) {
            sealed.close();
        }
    }
}
