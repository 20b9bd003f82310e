package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * As-of join. The right side is kept in memory by key and time ({@link AsofIndex}); left batches pass in their order, each row looks up
 * its one right row. Ordered right rows are not sorted, and rows that are ordered on both sides meet as in a merge.
 */
final class AsofJoinOperator implements Operator {
    private static final String TIME = "the time of an as-of join";

    private final PhysicalPlan.AsofJoin plan;
    private final ExecutionContext context;
    private final Operator left;
    private final Operator right;
    private final JoinKeys leftKeys;
    private final JoinKeys rightKeys;
    private final ExpressionEvaluator leftTime;
    private final ExpressionEvaluator rightTime;
    private final long tolerance;
    private final RowStore rows;
    private final GroupTable table;
    private final MatchedRows output;
    private final SelectionVector timed = new SelectionVector(Batch.ROWS);
    private @Nullable RowsByGroup byKey;
    private @Nullable WritableColumn times;
    private @Nullable WritableColumn sequences;
    private @Nullable AsofIndex index;
    private int[] groups = new int[Batch.ROWS];
    private int[] found = new int[Batch.ROWS];
    private long[] longs = new long[Batch.ROWS];
    private boolean ended;

    AsofJoinOperator(PhysicalPlan.AsofJoin plan, ExecutionContext context, Operator left, Operator right) {
        this(plan, context, left, right, null);
    }

    /** @param used the columns that are read of the output; null for all. The others mean nothing */
    AsofJoinOperator(
            PhysicalPlan.AsofJoin plan,
            ExecutionContext context,
            Operator left,
            Operator right,
            @Nullable BitSet used) {
        this.plan = plan;
        this.context = context;
        this.left = left;
        this.right = right;
        tolerance = tolerance(plan.tolerance(), context);
        List<ColumnType> keyTypes = JoinKeys.commonTypes(plan.leftKeys(), plan.rightKeys());
        boolean[] nullMatches = new boolean[keyTypes.size()];
        leftKeys = new JoinKeys(plan.leftKeys(), keyTypes, nullMatches, context);
        rightKeys = new JoinKeys(plan.rightKeys(), keyTypes, nullMatches, context);
        leftTime = new ExpressionEvaluator(plan.leftTime(), context);
        rightTime = new ExpressionEvaluator(plan.rightTime(), context);
        int leftCount = plan.left().columns().size();
        rows = new RowStore(
                plan.right().types(),
                context.budget(),
                used == null
                        ? null
                        : used.get(leftCount, leftCount + plan.right().columns().size()));
        table = new GroupTable(context.budget(), keyTypes);
        output = new MatchedRows(
                context.budget(), plan.left().types(), plan.right().types(), used);
    }

    @Override
    public @Nullable Batch next() {
        while (!ended) {
            context.checkCancelled();
            Batch batch = left.next();
            if (batch == null) {
                ended = true;
                return null;
            }
            if (index == null) {
                index = build();
            }
            if (rows.rowCount() == 0 && !plan.keepUnmatched()) {
                ended = true;
                return null;
            }
            match(batch, index);
            Batch joined = output.output(batch, found, rows.columns(), plan.keepUnmatched());
            if (joined != null) {
                return joined;
            }
        }
        return null;
    }

    private void match(Batch batch, AsofIndex built) {
        int rowCount = batch.rowCount();
        makeRoom(rowCount);
        Arrays.fill(found, 0, rowCount, -1);
        ColumnVector[] keys = leftKeys.probing(batch, rightKeys);
        ColumnVector time = leftTime.evaluate(batch);
        SelectionVector selection = withTime(time, leftKeys.matchable(batch, keys), rowCount);
        table.find(keys, selection, rowCount, groups);
        OrderedLongs.encode(time, selection, rowCount, longs, TIME);
        built.match(plan.operator(), tolerance, selection, rowCount, longs, groups, found);
    }

    /** In the unit of the times; {@link AsofIndex#ANY_DISTANCE} without one. */
    private static long tolerance(@Nullable Expression expression, ExecutionContext context) {
        if (expression == null) {
            return AsofIndex.ANY_DISTANCE;
        }
        Object value = Constants.evaluate(expression, context);
        if (value == null || ((Number) value).longValue() < 0) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the TOLERANCE of an ASOF JOIN must not be " + (value == null ? "NULL" : "negative, is " + value));
        }
        return ((Number) value).longValue();
    }

    private AsofIndex build() {
        WritableColumn ordered = new WritableColumn(context.budget(), ColumnType.BIGINT);
        times = ordered;
        if (plan.rightSequence() >= 0) {
            sequences = new WritableColumn(context.budget(), ColumnType.BIGINT);
        }
        try (AccountedInts groupOfRow = new AccountedInts(context.budget())) {
            Batch batch;
            while ((batch = right.next()) != null) {
                context.checkCancelled();
                addRight(batch, groupOfRow, ordered);
            }
            byKey = RowsByGroup.of(context.budget(), groupOfRow.values(), rows.rowCount(), table.groupCount());
        }
        AsofIndex made =
                AsofIndex.of(context.budget(), byKey, ordered.vector(), sequences == null ? null : sequences.vector());
        if (sequences != null) {
            // they have decided between equal times, nobody reads them again
            sequences.close();
        }
        return made;
    }

    private void addRight(Batch batch, AccountedInts groupOfRow, WritableColumn ordered) {
        int rowCount = batch.rowCount();
        makeRoom(rowCount);
        ColumnVector[] keys = rightKeys.built(batch);
        ColumnVector time = rightTime.evaluate(batch);
        SelectionVector all = batch.selection();
        SelectionVector selection = withTime(time, rightKeys.matchable(batch, keys), rowCount);
        int first = rows.rowCount();
        int count = batch.selectedCount();
        rows.append(batch);
        if (sequences != null) {
            appendSequences(sequences, batch);
        }
        ordered.reserve(first + count);
        groupOfRow.reserve(first + count);
        OrderedLongs.encode(time, selection, rowCount, longs, TIME);
        if (selection != all) {
            Arrays.fill(groups, 0, rowCount, -1);
        }
        table.assign(keys, selection, rowCount, groups);
        int[] to = groupOfRow.values();
        long address = ordered.data() + ((long) first << 3);
        for (int i = 0; i < count; i++) {
            int position = all == null ? i : all.positions()[i];
            to[first + i] = groups[position];
            Memory.putLong(address + ((long) i << 3), longs[position]);
        }
        groupOfRow.setSize(first + count);
        ordered.setRowCount(first + count);
    }

    private void appendSequences(WritableColumn to, Batch batch) {
        ColumnVector sequence = batch.column(plan.rightSequence());
        if (batch.selection() == null) {
            to.append(sequence, 0, batch.rowCount());
        } else {
            to.append(sequence, batch.selection().positions(), batch.selectedCount());
        }
    }

    /** Of the positions given those with a time. */
    private @Nullable SelectionVector withTime(ColumnVector time, @Nullable SelectionVector selection, int rowCount) {
        if (!time.hasNulls()) {
            return selection;
        }
        int count = selection == null ? rowCount : selection.count();
        timed.reserve(count);
        int[] to = timed.positions();
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int position = selection == null ? i : selection.positions()[i];
            to[kept] = position;
            kept += time.isNull(position) ? 0 : 1;
        }
        timed.setCount(kept);
        return timed;
    }

    private void makeRoom(int rowCount) {
        if (groups.length < rowCount) {
            groups = new int[rowCount];
            found = new int[rowCount];
            longs = new long[rowCount];
        }
    }

    @Override
    public void close() {
        ended = true;
        left.close();
        right.close();
        leftKeys.close();
        rightKeys.close();
        leftTime.close();
        rightTime.close();
        if (index != null) {
            index.close();
            index = null;
        }
        if (byKey != null) {
            byKey.close();
            byKey = null;
        }
        if (times != null) {
            times.close();
            times = null;
        }
        if (sequences != null) {
            sequences.close();
        }
        table.close();
        rows.close();
        output.close();
    }
}
