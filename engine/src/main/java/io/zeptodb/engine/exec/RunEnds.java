package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.partition.BitScratch;
import io.zeptodb.engine.partition.DeletedRows;
import io.zeptodb.engine.partition.SegmentSnapshot;

/**
 * The runs of a segment, dealt out from their ends: in each round the next rows before those of the round before, of the runs in which
 * nothing was found yet. Owned by one operator, one thread.
 */
final class RunEnds implements AutoCloseable {
    /** Ranges and rows that are read at a time. */
    private static final int MOST_RANGES = 1 << 13;

    private final ScanRanges source;
    private final ColumnVector times = new ColumnVector(ColumnType.TIMESTAMP_NS);
    private final BitScratch bits;
    private final RangeList ranges = new RangeList();
    /** Of each range the number of its run in the lists. */
    private final AccountedInts owners;
    /** Runs that are left, the rows [from, end) of each that were not dealt out, and numbers of their keys; -1 when one was found. */
    private final AccountedInts runs;

    private final AccountedInts froms;
    private final AccountedInts lasts;
    private final AccountedInts keys;
    private final AccountedInts found;
    private int segment;
    private int cursor;

    RunEnds(ScanRanges source, MemoryBudget budget) {
        this.source = source;
        this.bits = new BitScratch(budget);
        this.owners = new AccountedInts(budget);
        this.runs = new AccountedInts(budget);
        this.froms = new AccountedInts(budget);
        this.lasts = new AccountedInts(budget);
        this.keys = new AccountedInts(budget);
        this.found = new AccountedInts(budget);
    }

    /** Goes to a segment: to its runs of which no later row is known. */
    void begin(int number, LatestTimes latest) {
        segment = number;
        clear();
        SegmentSnapshot from = source.segment(number);
        from.checkFile();
        long end = from.hasTimeRange() ? from.maxTime() : Long.MIN_VALUE;
        long[] wanted = source.keys();
        int count = wanted == null ? from.runCount() : wanted.length;
        for (int i = 0; i < count; i++) {
            int run = wanted == null ? i : from.findRun(wanted[i]);
            if (run >= 0) {
                int key = latest.numberOf(from, run);
                if (!latest.isAfter(key, end)) {
                    add(from, run, key);
                }
            }
        }
    }

    private void clear() {
        cursor = 0;
        for (AccountedInts each : new AccountedInts[] {runs, froms, lasts, keys, found}) {
            each.setSize(0);
        }
    }

    private void add(SegmentSnapshot from, int run, int key) {
        int first = 0;
        int end = from.runRows(run);
        if (!source.withinTime(segment) && from.runOrdered(run)) {
            from.slice(source.plan().table().schema().timestampOrdinal(), run, 0, end, times, bits);
            first = Morsels.firstAtLeast(times.data(), 0, end, source.lowTime());
            end = source.highTime() == Long.MAX_VALUE
                    ? end
                    : Morsels.firstAtLeast(times.data(), first, end, source.highTime() + 1);
        }
        if (first < end) {
            runs.add(run);
            froms.add(first);
            lasts.add(end);
            keys.add(key);
            found.add(0);
        }
    }

    boolean hasNext() {
        return runs.size() > 0;
    }

    /** The next ranges of this round, of this many rows each; empty at its end. Valid until the next call. */
    RangeList take(int rows) {
        ranges.clear();
        owners.setSize(0);
        SegmentSnapshot from = source.segment(segment);
        DeletedRows deleted = from.deletedRows();
        while (cursor < runs.size() && ranges.size() < MOST_RANGES && ranges.rowCount() < Morsels.ROWS) {
            int run = runs.get(cursor);
            int end = lasts.get(cursor);
            int first = froms.get(cursor);
            if (from.runOrdered(run)) {
                first = Math.max(first, end - rows);
                int live = deleted.countLive(run, first, end);
                if (live == end - first) {
                    ranges.add(segment, run, first, live, false, false);
                } else if (live > 0) {
                    ranges.addWithHoles(segment, run, first, end - first, live);
                }
            } else {
                addStretches(deleted, run, first, end);
            }
            lasts.values()[cursor] = first;
            while (owners.size() < ranges.size()) {
                owners.add(cursor);
            }
            cursor++;
        }
        return ranges;
    }

    /** Rows in no order: all of them. */
    private void addStretches(DeletedRows deleted, int run, int first, int end) {
        boolean filter = !source.withinTime(segment);
        int at = deleted.nextLive(run, first, end);
        while (at < end) {
            int behind = deleted.nextDeleted(run, at, end);
            ranges.add(segment, run, at, behind - at, filter, false);
            at = deleted.nextLive(run, behind, end);
        }
    }

    /** A row of a range counts: its run is done with. Gives the number of its key. */
    int found(int range) {
        int owner = owners.get(range);
        found.values()[owner] = 1;
        return keys.get(owner);
    }

    /** Begins the next round, with the runs that have rows left and where nothing was found. */
    void nextRound() {
        int kept = 0;
        for (int i = 0; i < runs.size(); i++) {
            if (found.get(i) == 0 && lasts.get(i) > froms.get(i)) {
                runs.values()[kept] = runs.get(i);
                froms.values()[kept] = froms.get(i);
                lasts.values()[kept] = lasts.get(i);
                keys.values()[kept] = keys.get(i);
                found.values()[kept] = 0;
                kept++;
            }
        }
        cursor = 0;
        for (AccountedInts each : new AccountedInts[] {runs, froms, lasts, keys, found}) {
            each.setSize(kept);
        }
    }

    @Override
    public void close() {
        bits.close();
        for (AccountedInts each : new AccountedInts[] {owners, runs, froms, lasts, keys, found}) {
            each.close();
        }
    }
}
