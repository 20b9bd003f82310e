package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan.JoinType;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What all joins do once the candidates are known: each row of a left batch has the right rows of one group, or none, as candidates; a
 * condition decides between them; the type of the join says what comes out. Pairs are made at most {@link Batch#ROWS} at a time, so a
 * left row with a million candidates costs no memory. Owned by one operator; one thread.
 *
 * <p>Where no condition is left and no left row has more than one candidate, the left columns pass as they are; SEMI, ANTI and MARK always
 * pass them.
 */
final class JoinProbe implements AutoCloseable {
    private final ExecutionContext context;
    private final JoinType type;
    private final @Nullable ExpressionEvaluator condition;
    private final @Nullable PairColumns conditionColumns;
    private final PairColumns pairs;
    private final MatchedRows single;
    private final SelectionVector passing = new SelectionVector(Batch.ROWS);
    private final int[] leftRows = new int[Batch.ROWS];
    private final int[] rightRows = new int[Batch.ROWS];
    private final ColumnVector[] noLeft;
    private final @Nullable WritableColumn mark;
    private final ColumnVector[] marked;
    private final Batch passed;

    private ColumnVector[] right = {};
    private RowsByGroup candidates;
    /** One for each right row, for joins that keep unmatched right rows. */
    private boolean[] rightMatched = {};

    private int rightRowCount;
    private int tail;

    private @Nullable Batch left;
    private int[] groups = {};
    private boolean[] leftMatched = new boolean[Batch.ROWS];
    private int cursor;
    private int offset;
    private int unmatchedCursor;
    private long accounted;

    /**
     * @param residual over left then right columns, or null
     * @param used the columns, left then right, that are read of the output; null for all. The others mean nothing
     */
    JoinProbe(
            ExecutionContext context,
            JoinType type,
            List<ColumnType> leftTypes,
            List<ColumnType> rightTypes,
            @Nullable Expression residual,
            @Nullable BitSet used) {
        this.context = context;
        this.type = type;
        this.candidates = RowsByGroup.one(context.budget(), 0);
        condition = residual == null ? null : new ExpressionEvaluator(residual, context);
        conditionColumns = residual == null
                ? null
                : new PairColumns(context.budget(), leftTypes, rightTypes, ColumnUse.of(residual));
        pairs = isRightOnly(type)
                ? new PairColumns(context.budget(), List.of(), rightTypes, rightPart(used, leftTypes, rightTypes))
                : new PairColumns(context.budget(), leftTypes, rightTypes, used);
        single = new MatchedRows(context.budget(), leftTypes, rightTypes, used);
        noLeft = leftTypes.stream().map(ColumnVector::new).toArray(ColumnVector[]::new);
        mark = type == JoinType.MARK ? new WritableColumn(context.budget(), ColumnType.BOOLEAN) : null;
        marked = new ColumnVector[leftTypes.size() + (mark == null ? 0 : 1)];
        for (int i = 0; i < marked.length; i++) {
            marked[i] = new ColumnVector(i < leftTypes.size() ? leftTypes.get(i) : ColumnType.BOOLEAN);
        }
        passed = new Batch(marked);
    }

    /** Whether only the left columns come out. */
    static boolean isLeftOnly(JoinType type) {
        return type == JoinType.SEMI || type == JoinType.ANTI || type == JoinType.MARK;
    }

    /** Whether only the right columns come out, behind the last left row. */
    static boolean isRightOnly(JoinType type) {
        return type == JoinType.RIGHT_SEMI || type == JoinType.RIGHT_ANTI;
    }

    private static @Nullable BitSet rightPart(
            @Nullable BitSet used, List<ColumnType> leftTypes, List<ColumnType> rightTypes) {
        return used == null ? null : used.get(leftTypes.size(), leftTypes.size() + rightTypes.size());
    }

    /** Whether right rows without a match come out, with NULLs where there are left columns. */
    static boolean keepsRight(JoinType type) {
        return type == JoinType.RIGHT || type == JoinType.FULL || type == JoinType.RIGHT_ANTI;
    }

    /** Whether it is noted which right rows have a match. */
    private static boolean marksRight(JoinType type) {
        return keepsRight(type) || type == JoinType.RIGHT_SEMI;
    }

    /** Whether left rows without a match come out, with NULLs. */
    static boolean keepsLeft(JoinType type) {
        return type == JoinType.LEFT || type == JoinType.FULL;
    }

    /**
     * Sets the right side, which the caller owns; to be called again when its columns have moved.
     *
     * @param rowCount all right rows, candidates or not
     */
    void setRight(ColumnVector[] columns, RowsByGroup byGroup, int rowCount) {
        right = columns;
        candidates = byGroup;
        rightRowCount = rowCount;
        if (marksRight(type) && rightMatched.length < rowCount) {
            context.budget().reserveHeap(rowCount);
            accounted += rowCount;
            rightMatched = new boolean[rowCount];
        }
    }

    /** @param groupOfPosition for each position that counts the group of its candidates, or -1; not changed while the batch is probed */
    void begin(Batch batch, int[] groupOfPosition) {
        left = batch;
        groups = groupOfPosition;
        cursor = 0;
        offset = 0;
        unmatchedCursor = 0;
        if (leftMatched.length < batch.rowCount()) {
            leftMatched = new boolean[batch.rowCount()];
        }
        Arrays.fill(leftMatched, 0, batch.rowCount(), false);
        for (int i = 0; i < noLeft.length; i++) {
            if (batch.column(i).dictionary() != null) {
                noLeft[i].withDictionary(batch.column(i).dictionary());
            }
        }
    }

    /** The next output of the left batch begun last; null when there is no more. */
    @Nullable
    Batch next() {
        Batch batch = left;
        if (batch == null) {
            return null;
        }
        if (condition == null && isLeftOnly(type)) {
            left = null;
            markCandidates(batch);
            return passLeft(batch);
        }
        if (condition == null && isRightOnly(type)) {
            left = null;
            markRight(batch);
            return null;
        }
        if (condition == null && candidates.mostRows() <= 1) {
            left = null;
            return outputSingle(batch);
        }
        Batch output = nextPairs(batch);
        if (output == null) {
            output = isLeftOnly(type) ? passLeft(batch) : unmatchedLeft(batch);
            if (output == null || isLeftOnly(type)) {
                left = null;
            }
        }
        return output;
    }

    private void markCandidates(Batch batch) {
        int count = batch.selectedCount();
        int[] starts = candidates.starts();
        for (int i = 0; i < count; i++) {
            int position = batch.position(i);
            int group = groups[position];
            leftMatched[position] = group >= 0 && starts[group] < starts[group + 1];
        }
    }

    /** Every right row of a group that a left row has; all of a group match together. */
    private void markRight(Batch batch) {
        int count = batch.selectedCount();
        int[] starts = candidates.starts();
        for (int i = 0; i < count; i++) {
            int group = groups[batch.position(i)];
            int from = group < 0 ? 0 : starts[group];
            int end = group < 0 ? 0 : starts[group + 1];
            if (from < end && !rightMatched[candidates.row(from)]) {
                for (int place = from; place < end; place++) {
                    rightMatched[candidates.row(place)] = true;
                }
            }
        }
    }

    private @Nullable Batch outputSingle(Batch batch) {
        int[] starts = candidates.starts();
        int count = batch.selectedCount();
        int[] found = batch.rowCount() <= rightRows.length ? rightRows : new int[batch.rowCount()];
        Arrays.fill(found, 0, batch.rowCount(), -1);
        for (int i = 0; i < count; i++) {
            int position = batch.position(i);
            int group = groups[position];
            if (group >= 0 && starts[group] < starts[group + 1]) {
                found[position] = candidates.row(starts[group]);
            }
        }
        if (keepsRight(type)) {
            for (int i = 0; i < count; i++) {
                int row = found[batch.position(i)];
                if (row >= 0) {
                    rightMatched[row] = true;
                }
            }
        }
        return single.output(batch, found, right, keepsLeft(type));
    }

    private @Nullable Batch nextPairs(Batch batch) {
        while (true) {
            context.checkCancelled();
            int count = fillPairs(batch);
            if (count == 0) {
                return null;
            }
            if (condition != null && conditionColumns != null) {
                count = dropFailing(
                        condition, conditionColumns.gather(batch.columns(), leftRows, right, rightRows, count));
            }
            if (marksRight(type)) {
                for (int i = 0; i < count; i++) {
                    if (rightRows[i] >= 0) {
                        rightMatched[rightRows[i]] = true;
                    }
                }
            }
            if (count > 0 && !isLeftOnly(type) && !isRightOnly(type)) {
                return pairs.gather(batch.columns(), leftRows, right, rightRows, count);
            }
        }
    }

    /** Fills the pairs from where the last call ended; 0 when the batch is through. */
    private int fillPairs(Batch batch) {
        boolean unmatchedInPlace = condition == null && keepsLeft(type);
        boolean firstIsEnough = isLeftOnly(type);
        int[] starts = candidates.starts();
        int selected = batch.selectedCount();
        int count = 0;
        while (cursor < selected && count < Batch.ROWS) {
            int position = batch.position(cursor);
            int group = groups[position];
            int from = group < 0 ? 0 : starts[group] + offset;
            int end = group < 0 ? 0 : starts[group + 1];
            if (from >= end || (firstIsEnough && leftMatched[position])) {
                if (unmatchedInPlace && offset == 0) {
                    leftRows[count] = position;
                    rightRows[count++] = -1;
                }
                cursor++;
                offset = 0;
                continue;
            }
            int take = Math.min(end - from, Batch.ROWS - count);
            copyCandidates(position, from, take, count);
            count += take;
            offset += take;
        }
        return count;
    }

    private void copyCandidates(int position, int from, int take, int to) {
        int[] rows = candidates.rows();
        Arrays.fill(leftRows, to, to + take, position);
        if (rows != null) {
            System.arraycopy(rows, from, rightRows, to, take);
            return;
        }
        for (int i = 0; i < take; i++) {
            rightRows[to + i] = from + i;
        }
    }

    private int dropFailing(ExpressionEvaluator test, Batch candidatePairs) {
        int count = test.select(candidatePairs, null, passing);
        int[] positions = passing.positions();
        for (int i = 0; i < count; i++) {
            int pair = positions[i];
            leftRows[i] = leftRows[pair];
            rightRows[i] = rightRows[pair];
            leftMatched[leftRows[i]] = true;
        }
        return count;
    }

    /** Left rows for which no candidate passed, with NULLs; null when there is none left. */
    private @Nullable Batch unmatchedLeft(Batch batch) {
        if (condition == null || !keepsLeft(type)) {
            return null;
        }
        int selected = batch.selectedCount();
        int count = 0;
        while (unmatchedCursor < selected && count < Batch.ROWS) {
            int position = batch.position(unmatchedCursor++);
            leftRows[count] = position;
            rightRows[count] = -1;
            count += leftMatched[position] ? 0 : 1;
        }
        return count == 0 ? null : pairs.gather(batch.columns(), leftRows, right, rightRows, count);
    }

    /** The left columns, narrowed or marked. */
    private @Nullable Batch passLeft(Batch batch) {
        SelectionVector selection = batch.selection();
        if (mark == null) {
            selection = narrow(batch, type == JoinType.SEMI);
            if (selection.count() == 0) {
                return null;
            }
        }
        for (int i = 0; i < noLeft.length; i++) {
            marked[i].pointLike(batch.column(i));
        }
        if (mark != null) {
            mark.clear();
            mark.reserve(batch.rowCount());
            for (int i = 0; i < batch.rowCount(); i++) {
                mark.setBoolean(i, leftMatched[i]);
            }
            mark.setRowCount(batch.rowCount());
            marked[noLeft.length].pointLike(mark.vector());
        }
        return passed.set(batch.rowCount(), selection);
    }

    private SelectionVector narrow(Batch batch, boolean wanted) {
        int selected = batch.selectedCount();
        passing.reserve(selected);
        int[] to = passing.positions();
        int kept = 0;
        for (int i = 0; i < selected; i++) {
            int position = batch.position(i);
            to[kept] = position;
            kept += leftMatched[position] == wanted ? 1 : 0;
        }
        passing.setCount(kept);
        return passing;
    }

    /** After the last left batch: the next right rows that matched nothing, with NULLs on the left, or that matched; null at the end. */
    @Nullable
    Batch nextRight() {
        if (!marksRight(type)) {
            return null;
        }
        boolean wanted = type == JoinType.RIGHT_SEMI;
        int count = 0;
        while (tail < rightRowCount && count < Batch.ROWS) {
            leftRows[count] = -1;
            rightRows[count] = tail;
            count += rightMatched[tail] == wanted ? 1 : 0;
            tail++;
        }
        return count == 0 ? null : pairs.gather(noLeft, leftRows, right, rightRows, count);
    }

    @Override
    public void close() {
        if (condition != null) {
            condition.close();
        }
        if (conditionColumns != null) {
            conditionColumns.close();
        }
        pairs.close();
        single.close();
        if (mark != null) {
            mark.close();
        }
        candidates = RowsByGroup.one(context.budget(), 0);
        context.budget().reserveHeap(-accounted);
        accounted = 0;
    }
}
