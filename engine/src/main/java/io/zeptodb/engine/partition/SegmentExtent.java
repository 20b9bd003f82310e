package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which rows a segment had at one commit, so that those which it has got since can be told. It holds counts of rows and no memory of the segment, and
 * may be kept for any time. Immutable and thread-safe.
 */
public final class SegmentExtent {
    private static final int FIRST_RUNS = 16;
    private static final int[] NO_RUNS = {};

    private final Object segment;
    /** Of a hot segment by page and run, shared with its snapshots; null for a sealed one, which gets no rows. */
    private final int @Nullable [][] pages;

    private final DeletedRows deleted;

    private SegmentExtent(Object segment, int @Nullable [][] pages, DeletedRows deleted) {
        this.segment = segment;
        this.pages = pages;
        this.deleted = deleted;
    }

    public static SegmentExtent of(SegmentSnapshot snapshot) {
        SegmentSnapshot bare = bare(snapshot);
        int[][] pages = bare instanceof HotSnapshot hot ? rows(hot) : null;
        return new SegmentExtent(segmentOf(bare), pages, snapshot.deletedRows());
    }

    private static int[][] rows(HotSnapshot hot) {
        int[][] rows = new int[hot.pages().length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = hot.pages()[i].rows;
        }
        return rows;
    }

    /** The same object for all snapshots of one segment, and for no other segment: to be compared by {@code ==}. */
    public static Object identity(SegmentSnapshot snapshot) {
        return segmentOf(bare(snapshot));
    }

    private static SegmentSnapshot bare(SegmentSnapshot snapshot) {
        SegmentSnapshot bare = snapshot;
        while (bare instanceof WrappedSegment wrapped) {
            bare = wrapped.segment;
        }
        return bare;
    }

    private static Object segmentOf(SegmentSnapshot bare) {
        return bare instanceof HotSnapshot hot ? hot.identity() : bare;
    }

    /** Whether a table is as a commit left it, without the changes of a transaction that is not committed. */
    public static boolean isCommitted(TableSnapshot table) {
        return table instanceof TableView;
    }

    /**
     * The rows that a snapshot of the segment has and this extent has not.
     *
     * @return null when the snapshot does not have all rows of this extent: it is older, or other rows are deleted in it
     */
    public @Nullable SegmentSnapshot since(SegmentSnapshot now) {
        return now.deletedRows() == deleted ? appended(now) : null;
    }

    /**
     * The rows behind those of this extent, deleted ones among them.
     *
     * @return null when a run has fewer rows than here: the snapshot is older
     */
    public @Nullable SegmentSnapshot appended(SegmentSnapshot now) {
        SegmentSnapshot bare = bare(now);
        if (segmentOf(bare) != segment) {
            throw new IllegalArgumentException("a snapshot of another segment");
        }
        int[][] before = pages;
        Growth growth = new Growth();
        if (before != null && !growth.find(before, rows((HotSnapshot) bare))) {
            return null;
        }
        SegmentSnapshot whole = now instanceof ThinnedSegment thinned ? thinned.whole() : now;
        return new AppendedRows(
                whole, Arrays.copyOf(growth.runs, growth.count), Arrays.copyOf(growth.first, growth.count));
    }

    /** Times, the first and the last of some rows. */
    public record Span(long first, long last) {}

    /**
     * The times of the rows that are deleted in a snapshot of the segment and are not here, those among them that have come since.
     *
     * @param timeOrdinal of the designated timestamp
     * @return null when none is, or when a row without a time is
     */
    public @Nullable Span deletedSince(SegmentSnapshot now, int timeOrdinal, MemoryBudget budget) {
        DeletedRows gone = now.deletedRows();
        ColumnVector times = new ColumnVector(ColumnType.TIMESTAMP_NS);
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        try (BitScratch bits = new BitScratch(budget)) {
            for (int run = gone.nextRun(0); run >= 0; run = gone.nextRun(run + 1)) {
                if (gone.count(run) == deleted.count(run)) {
                    continue;
                }
                budget.poll();
                int rows = now.runRows(run);
                now.slice(timeOrdinal, run, 0, rows, times, bits);
                for (int row = gone.nextDeleted(run, 0, rows); row < rows; row = gone.nextDeleted(run, row + 1, rows)) {
                    if (!deleted.contains(run, row)) {
                        if (times.isNull(row)) {
                            return null;
                        }
                        first = Math.min(first, times.getLong(row));
                        last = Math.max(last, times.getLong(row));
                    }
                }
            }
        }
        return first > last ? null : new Span(first, last);
    }

    /** The runs that have got rows, with the first of these. */
    private static final class Growth {
        private int[] runs = new int[FIRST_RUNS];
        private int[] first = new int[FIRST_RUNS];
        private int count;

        /** False when a run has fewer rows than before. A page that no commit has touched since is the same array. */
        boolean find(int[][] before, int[][] now) {
            boolean grown = before.length <= now.length;
            for (int page = 0; page < now.length && grown; page++) {
                int[] old = page < before.length ? before[page] : NO_RUNS;
                grown = old == now[page] || find(page << RunPage.SHIFT, old, now[page]);
            }
            return grown;
        }

        private boolean find(int firstRun, int[] before, int[] now) {
            if (before.length > now.length) {
                return false;
            }
            for (int i = 0; i < now.length; i++) {
                int had = i < before.length ? before[i] : 0;
                if (now[i] < had) {
                    return false;
                } else if (now[i] > had) {
                    add(firstRun + i, had);
                }
            }
            return true;
        }

        private void add(int run, int row) {
            if (count == runs.length) {
                runs = Arrays.copyOf(runs, count * 2);
                first = Arrays.copyOf(first, count * 2);
            }
            runs[count] = run;
            first[count++] = row;
        }
    }
}
