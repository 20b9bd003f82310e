package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.function.RowRanges;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Picks the value of one row of each group: FIRST and LAST by (time, sequence), ARG_MIN and ARG_MAX by another argument. Arguments: the value,
 * then the keys, none to two. A row with a NULL key never counts. Without keys, and among rows of equal keys, the order of arrival decides: the
 * latest row for LAST, the earliest otherwise.
 */
public final class PickAggregator extends FlatAggregator {
    /** Which row is picked. */
    public enum Choice {
        /** Least keys; the earliest among equal ones. */
        FIRST(false, false),
        /** Any row, in fact the first to come; without keys. */
        ANY(false, false),
        /** Greatest keys; the latest among equal ones. */
        LAST(true, true),
        /** Greatest first key, then least second key; the earliest among equal ones. */
        GREATEST(true, false);

        private final boolean descending;
        private final boolean latest;

        Choice(boolean descending, boolean latest) {
            this.descending = descending;
            this.latest = latest;
        }
    }

    private static final int BYTES_PER_GROUP = CellStore.BYTES + 2 * Long.BYTES;

    private final int keyCount;
    private final Choice choice;
    private final boolean skipNulls;
    /** What makes a greater key the better one: all ones when it is the lesser that is looked for. */
    private final long flip;

    /** The same for the second key. */
    private final long flipSecond;

    private final CellStore cells;
    private final PresentRows rows = new PresentRows();
    private long[] first = {};
    private long[] second = {};

    /**
     * @param value type of the value
     * @param keyCount keys behind the value, 0 to 2, of types that {@link OrderKey#isLong}
     * @param skipNulls rows whose value is NULL do not count
     */
    public PickAggregator(MemoryBudget budget, ColumnType value, int keyCount, Choice choice, boolean skipNulls) {
        super(budget, BYTES_PER_GROUP);
        this.keyCount = keyCount;
        this.choice = choice;
        this.skipNulls = skipNulls;
        this.flip = choice.descending ? 0 : -1;
        this.flipSecond = choice.latest ? 0 : -1;
        this.cells = new CellStore(value, this::account);
    }

    @Override
    public boolean dependsOnArrival() {
        return keyCount < 2 && choice != Choice.ANY;
    }

    @Override
    void grow(int groups) {
        cells.grow(groups);
        if (keyCount > 0) {
            first = Arrays.copyOf(first, groups);
        }
        if (keyCount > 1) {
            second = Arrays.copyOf(second, groups);
        }
    }

    private void collect(ColumnVector[] arguments, @Nullable SelectionVector selection, int rowCount) {
        rows.collect(keyVectors(arguments), keyVectors(arguments).length, selection, rowCount);
    }

    /** The vectors whose NULLs disqualify a row. */
    private ColumnVector[] keyVectors(ColumnVector[] arguments) {
        return skipNulls ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
    }

    @Override
    public void update(ColumnVector[] arguments, @Nullable SelectionVector selection, int rowCount, int[] groups) {
        collect(arguments, selection, rowCount);
        int[] positions = rows.positions();
        int count = rows.count();
        for (int i = 0; i < count; i++) {
            int row = positions == null ? i : positions[i];
            offer(groups[row], arguments, row);
        }
    }

    @Override
    public void updateGroup(int group, ColumnVector[] arguments, @Nullable SelectionVector selection, int rowCount) {
        collect(arguments, selection, rowCount);
        if (rows.count() > 0) {
            offer(group, arguments, bestOf(arguments, rows.positions(), 0, rows.count()));
        }
    }

    @Override
    public void updateRanges(ColumnVector[] arguments, RowRanges ranges) {
        boolean ends = keyCount == 0 || (ranges.ordered() && choice != Choice.GREATEST);
        if (ends && !(skipNulls && arguments[0].hasNulls())) {
            takeEnds(arguments, ranges);
            return;
        }
        collect(arguments, null, ranges.rowCount());
        if (rows.positions() != null) {
            super.updateRanges(arguments, ranges);
            return;
        }
        int from = 0;
        for (int i = 0; i < ranges.count() && rows.count() > 0; i++) {
            int end = ranges.ends()[i];
            offer(ranges.groups()[i], arguments, bestOf(arguments, null, from, end));
            from = end;
        }
    }

    private void takeEnds(ColumnVector[] arguments, RowRanges ranges) {
        int from = 0;
        for (int i = 0; i < ranges.count(); i++) {
            int end = ranges.ends()[i];
            offer(ranges.groups()[i], arguments, choice.latest ? end - 1 : from);
            from = end;
        }
    }

    /** The best of the rows at places [from, to) of the list, or of rows [from, to) when there is none. */
    private int bestOf(ColumnVector[] arguments, int @Nullable [] positions, int from, int to) {
        boolean latest = choice.latest;
        if (keyCount == 0) {
            int at = latest ? to - 1 : from;
            return positions == null ? at : positions[at];
        }
        int best = positions == null ? from : positions[from];
        long bestKey = OrderKey.at(arguments[1], best) ^ flip;
        for (int i = from + 1; i < to; i++) {
            int row = positions == null ? i : positions[i];
            long key = OrderKey.at(arguments[1], row) ^ flip;
            if (key > bestKey || (key == bestKey && secondBetter(arguments, row, best))) {
                best = row;
                bestKey = key;
            }
        }
        return best;
    }

    private boolean secondBetter(ColumnVector[] arguments, int row, int best) {
        if (keyCount < 2) {
            return choice.latest;
        }
        long key = OrderKey.at(arguments[2], row) ^ flipSecond;
        long bestKey = OrderKey.at(arguments[2], best) ^ flipSecond;
        return key > bestKey || (key == bestKey && choice.latest);
    }

    private void offer(int group, ColumnVector[] arguments, int row) {
        long key = keyCount > 0 ? OrderKey.at(arguments[1], row) ^ flip : 0;
        long next = keyCount > 1 ? OrderKey.at(arguments[2], row) ^ flipSecond : 0;
        if (wins(group, key, next)) {
            cells.set(group, arguments[0], row);
            keep(group, key, next);
        }
    }

    private boolean wins(int group, long key, long next) {
        if (!cells.isSet(group)) {
            return true;
        }
        if (keyCount > 0 && key != first[group]) {
            return key > first[group];
        }
        if (keyCount > 1 && next != second[group]) {
            return next > second[group];
        }
        return choice.latest;
    }

    private void keep(int group, long key, long next) {
        if (keyCount > 0) {
            first[group] = key;
        }
        if (keyCount > 1) {
            second[group] = next;
        }
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        PickAggregator from = (PickAggregator) other;
        for (int g = 0; g < groupCount; g++) {
            long key = keyCount > 0 ? from.first[g] : 0;
            long next = keyCount > 1 ? from.second[g] : 0;
            if (from.cells.isSet(g) && wins(groups[g], key, next)) {
                cells.set(groups[g], from.cells, g);
                keep(groups[g], key, next);
            }
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            cells.write(from + i, result, i);
        }
    }
}
