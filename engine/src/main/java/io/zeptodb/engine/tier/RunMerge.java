package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.BitScratch;
import io.zeptodb.engine.partition.SegmentSnapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Merges the runs that several segments have of one key into the stretches of {@link MergedRows}. One thread. */
final class RunMerge implements AutoCloseable {
    /** A run that is being consumed, in its order. */
    private static final class Cursor implements AutoCloseable {
        final ColumnVector times = new ColumnVector(ColumnType.TIMESTAMP_NS);
        final ColumnVector sequences = new ColumnVector(ColumnType.BIGINT);
        final BitScratch timeBits;
        final BitScratch sequenceBits;
        int @Nullable [] order;
        boolean timed;
        int part;
        int rows;
        int next;

        Cursor(MemoryBudget budget) {
            timeBits = new BitScratch(budget);
            sequenceBits = new BitScratch(budget);
        }

        int row(int index) {
            return order == null ? index : order[index];
        }

        /** Whether the row at an index of this run comes before one of another. */
        boolean precedes(int index, Cursor other, int otherIndex) {
            int row = row(index);
            int otherRow = other.row(otherIndex);
            if (timed) {
                boolean isNull = times.isNull(row);
                if (isNull != other.times.isNull(otherRow)) {
                    return !isNull;
                }
                if (!isNull) {
                    int byTime = Long.compare(times.getLong(row), other.times.getLong(otherRow));
                    if (byTime != 0) {
                        return byTime < 0;
                    }
                }
            }
            return sequences.getLong(row) < other.sequences.getLong(otherRow);
        }

        @Override
        public void close() {
            timeBits.close();
            sequenceBits.close();
        }
    }

    private final MergedRows target;
    private final MemoryBudget budget;
    private final int timeOrdinal;
    private final List<Cursor> cursors = new ArrayList<>();

    RunMerge(TableMetadata table, MemoryBudget budget, MergedRows target) {
        this.budget = budget;
        this.target = target;
        this.timeOrdinal = table.schema().timestampOrdinal();
    }

    /** Adds the stretches of the last group, whose parts are known. */
    void merge(int group, int parts) {
        int first = target.firstPart(group);
        if (parts == 1) {
            int rows = liveRows(target.source(first), target.run(first));
            if (rows > 0) {
                target.addStretch(0, rows);
            }
            return;
        }
        List<Cursor> open = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            if (cursors.size() == part) {
                cursors.add(new Cursor(budget));
            }
            Cursor cursor = cursors.get(part);
            start(cursor, part, target.source(first + part), target.run(first + part));
            if (cursor.rows > 0) {
                open.add(cursor);
            }
        }
        mergeOpen(open);
    }

    private static int liveRows(SegmentSnapshot source, int run) {
        int[] order = source.runOrder(run);
        return order == null ? source.runRows(run) : order.length;
    }

    private void start(Cursor cursor, int part, SegmentSnapshot source, int run) {
        int rows = source.runRows(run);
        cursor.order = source.runOrder(run);
        cursor.part = part;
        cursor.next = 0;
        cursor.rows = cursor.order == null ? rows : cursor.order.length;
        cursor.timed = timeOrdinal != TableSchema.NONE;
        if (cursor.timed) {
            source.slice(timeOrdinal, run, 0, rows, cursor.times, cursor.timeBits);
        }
        source.slice(SegmentSnapshot.SEQUENCE, run, 0, rows, cursor.sequences, cursor.sequenceBits);
    }

    private void mergeOpen(List<Cursor> open) {
        while (open.size() > 1) {
            int best = 0;
            for (int i = 1; i < open.size(); i++) {
                Cursor cursor = open.get(i);
                best = cursor.precedes(cursor.next, open.get(best), open.get(best).next) ? i : best;
            }
            Cursor least = open.get(best);
            Cursor bound = null;
            for (Cursor cursor : open) {
                if (cursor != least && (bound == null || cursor.precedes(cursor.next, bound, bound.next))) {
                    bound = cursor;
                }
            }
            int end = bound == null ? least.rows : firstNotBefore(least, bound);
            target.addStretch(least.part, end - least.next);
            least.next = end;
            if (end == least.rows) {
                open.remove(best);
            }
        }
        for (Cursor last : open) {
            target.addStretch(last.part, last.rows - last.next);
        }
    }

    /** The first row of a run, behind its next one, that does not come before the next one of another: looked for in steps that double. */
    private static int firstNotBefore(Cursor cursor, Cursor bound) {
        int known = cursor.next;
        int step = 1;
        int beyond = known + step;
        while (beyond < cursor.rows && cursor.precedes(beyond, bound, bound.next)) {
            known = beyond;
            step <<= 1;
            beyond = step > cursor.rows - known ? cursor.rows : known + step;
        }
        beyond = Math.min(beyond, cursor.rows);
        while (beyond - known > 1) {
            int middle = (known + beyond) >>> 1;
            if (cursor.precedes(middle, bound, bound.next)) {
                known = middle;
            } else {
                beyond = middle;
            }
        }
        return beyond;
    }

    @Override
    public void close() {
        cursors.forEach(Cursor::close);
    }
}
