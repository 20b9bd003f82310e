package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.partition.BitScratch;
import io.zeptodb.engine.partition.DeletedRows;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.index.RowRanges;
import org.jspecify.annotations.Nullable;

/**
 * Deals out the ranges of a {@link ScanRanges} in portions of some ten thousand rows, each row exactly once, to one reader or to several
 * that share the work. Binary search by time happens here, when a portion is taken. Thread-safe; every reader may close it.
 */
final class Morsels implements AutoCloseable {
    /** Rows of a portion: large enough that taking one costs nothing, small enough that workers end together. */
    static final int ROWS = 1 << 17;

    /** Ranges of a portion: a portion of many short runs ends here. */
    private static final int MOST_RANGES = 1 << 13;

    /** A range that is cut is cut at a multiple of this, so that bitmaps need no shift. */
    private static final int CUT_ROWS = 64;

    /** Stretches of fewer rows between deleted ones are read together, as far as blocks of rows have so many deleted ones on average. */
    private static final int SHORT_ROWS = 64;

    private static final int BLOCK_ROWS = 1 << 10;

    private static final int CHECKED_AHEAD = 32;

    private final ScanRanges ranges;
    private final int rowsEach;
    private final boolean byRun;
    private final ColumnVector times = new ColumnVector(ColumnType.TIMESTAMP_NS);
    private final BitScratch bits;
    private int segment;
    /** Segments before this one, of which rows are dealt out, have been {@linkplain SegmentSnapshot#checkFile() checked}. */
    private int checked;
    /** Next run of the segment, or next key when the scan has keys. */
    private int cursor;
    /** Rows of the next run that were dealt out already. */
    private int dealt;

    private int taken;
    private boolean closed;

    Morsels(ScanRanges ranges, MemoryBudget budget) {
        this(ranges, ROWS, true, budget);
    }

    /**
     * @param byRun each range is of one run, for those who go by the key; if not, a range goes on over all runs that follow each other in memory,
     *     which is all there is to a sealed segment, however many keys it has
     */
    Morsels(ScanRanges ranges, int rowsEach, boolean byRun, MemoryBudget budget) {
        this.ranges = ranges;
        this.rowsEach = rowsEach;
        this.byRun = byRun;
        this.bits = new BitScratch(budget);
    }

    ScanRanges ranges() {
        return ranges;
    }

    /**
     * Replaces the content of a list by the next portion.
     *
     * @return the number of the portion, from 0 in the order of the scan; -1 at the end
     */
    synchronized int take(RangeList into) {
        into.clear();
        while (!closed && segment < ranges.segmentCount() && !isFull(into)) {
            if (!addNext(into)) {
                segment++;
                cursor = 0;
            }
        }
        return into.size() == 0 ? -1 : taken++;
    }

    /** Adds the next range of the segment; false when it has no more. */
    private boolean addNext(RangeList into) {
        SegmentSnapshot source = ranges.segment(segment);
        if (source.runsAreContiguous() && ranges.isWhole(segment)) {
            checkFile();
            boolean asOne = !byRun && source.deletedRows().isEmpty();
            return asOne ? addWhole(source, into) : addWholeRuns(source, into);
        }
        RowRanges indexed = ranges.indexed(segment);
        if (indexed != null) {
            return addIndexed(source, indexed, into);
        }
        int run;
        long @Nullable [] keys = ranges.keys();
        do {
            if (cursor >= (keys == null ? source.runCount() : keys.length)) {
                return false;
            }
            run = keys == null ? cursor : source.findRun(keys[cursor]);
            cursor++;
        } while (run < 0);
        checkFile();
        int from = 0;
        int end = source.runRows(run);
        boolean filter = false;
        if (!ranges.withinTime(segment)) {
            if (source.runOrdered(run)) {
                source.slice(timestampOrdinal(), run, 0, end, times, bits);
                int rows = end;
                from = firstAtLeast(times.data(), 0, rows, ranges.lowTime());
                end = ranges.highTime() == Long.MAX_VALUE
                        ? rows
                        : firstAtLeast(times.data(), from, rows, ranges.highTime() + 1);
            } else {
                filter = true;
            }
        }
        addStretches(source.deletedRows(), run, Math.max(from, dealt), end, filter, into);
        return true;
    }

    /** Adds the next range of those that an index has found; false when there is no more. */
    private boolean addIndexed(SegmentSnapshot source, RowRanges indexed, RangeList into) {
        if (cursor >= indexed.size()) {
            return false;
        }
        checkFile();
        int range = cursor++;
        int from = Math.max(indexed.from(range), dealt);
        boolean filter = !ranges.withinTime(segment);
        addStretches(source.deletedRows(), indexed.run(range), from, indexed.end(range), filter, into);
        return true;
    }

    /** Before the first rows of a segment are read. */
    private void checkFile() {
        if (segment < checked) {
            return;
        }
        // several in a row, as far as all are read: each waits for memory that nobody has touched of late, and so they
        // wait together
        int ahead = ranges.keys() == null ? CHECKED_AHEAD : 1;
        checked = Math.min(segment + ahead, ranges.segmentCount());
        for (int i = segment; i < checked; i++) {
            ranges.segment(i).checkFile();
        }
    }

    /** Adds rows [from, end) of a run, without those that are deleted; where the portion ends, the rest is dealt out next. */
    private void addStretches(DeletedRows deleted, int run, int from, int end, boolean filter, RangeList into) {
        dealt = 0;
        int at = deleted.nextLive(run, from, end);
        while (at < end) {
            int behind = addStretch(deleted, run, at, end, filter, false, into);
            at = deleted.nextLive(run, behind, end);
            if (at < end && isFull(into)) {
                dealt = at;
                cursor--;
                return;
            }
        }
    }

    /** Adds the rows from a live one on up to the next deleted one, or several short stretches as one range; the row behind the last. */
    private int addStretch(
            DeletedRows deleted, int run, int from, int end, boolean filter, boolean follows, RangeList into) {
        int stretch = deleted.nextDeleted(run, from, end);
        if (filter || stretch == end || stretch - from >= SHORT_ROWS) {
            int cut = cut(from, stretch, into);
            into.add(segment, run, from, cut - from, filter, follows);
            return cut;
        }
        long room = rowsEach - into.rowCount();
        int rows = 0;
        int behind = from;
        while (behind < end && rows < room) {
            int block = Math.min(end, (behind | BLOCK_ROWS - 1) + 1);
            int live = deleted.countLive(run, behind, block);
            if (rows > 0 && (block - behind - live) * SHORT_ROWS < block - behind) {
                break;
            }
            rows += live;
            behind = block;
        }
        if (rows == behind - from) {
            into.add(segment, run, from, rows, false, follows);
        } else {
            into.addWithHoles(segment, run, from, behind - from, rows);
        }
        return behind;
    }

    private boolean isFull(RangeList into) {
        return into.rowCount() >= rowsEach || into.size() >= MOST_RANGES;
    }

    /** Adds runs that follow each other in memory until the portion or the segment ends; false when the segment has ended. */
    private boolean addWholeRuns(SegmentSnapshot source, RangeList into) {
        int runs = source.runCount();
        DeletedRows deleted = source.deletedRows();
        boolean follows = false;
        while (cursor < runs && !isFull(into)) {
            int end = source.runRows(cursor);
            int from = deleted.nextLive(cursor, dealt, end);
            int cut = from;
            follows &= from == dealt;
            if (from < end) {
                cut = addStretch(deleted, cursor, from, end, false, follows, into);
                follows = !into.hasHoles(into.size() - 1);
            }
            if (cut < end) {
                dealt = cut;
            } else {
                dealt = 0;
                cursor++;
            }
        }
        return cursor < runs;
    }

    /** Adds the rows of the segment that are left, as if they were of its first run; false when none are. */
    private boolean addWhole(SegmentSnapshot source, RangeList into) {
        int rows = Math.toIntExact(source.rowCount());
        if (dealt == rows) {
            dealt = 0;
            return false;
        }
        int cut = cut(dealt, rows, into);
        into.add(segment, 0, dealt, cut - dealt, false, false);
        dealt = cut;
        return true;
    }

    /** Where a range has to end for the portion to have its size. */
    private int cut(int from, int end, RangeList into) {
        long room = rowsEach - into.rowCount();
        if (end - from <= room + CUT_ROWS) {
            return end;
        }
        return Math.min(end, (int) (from + room + CUT_ROWS - 1) / CUT_ROWS * CUT_ROWS);
    }

    private int timestampOrdinal() {
        return ranges.plan().table().schema().timestampOrdinal();
    }

    /** First position in [from, end) of ascending longs whose value is at least {@code value}, or end. */
    static int firstAtLeast(long address, int from, int end, long value) {
        int low = from;
        int high = end;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Memory.getLong(address + ((long) middle << 3)) < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    @Override
    public synchronized void close() {
        closed = true;
        bits.close();
    }
}
