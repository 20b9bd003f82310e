package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
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
    private final ExpressionEvaluator leftTime;
    private final long tolerance;
    private final RowStore rows;
    private final TimedRows timedRows;
    private final MatchedRows output;
    private final SelectionVector timed = new SelectionVector(Batch.ROWS);
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
        leftKeys = new JoinKeys(plan.leftKeys(), keyTypes, new boolean[keyTypes.size()], context);
        leftTime = new ExpressionEvaluator(plan.leftTime(), context);
        timedRows = new TimedRows(context, plan.rightKeys(), keyTypes, plan.rightTime(), plan.rightSequence(), TIME);
        int leftCount = plan.left().columns().size();
        rows = new RowStore(
                plan.right().types(),
                context.budget(),
                used == null
                        ? null
                        : used.get(leftCount, leftCount + plan.right().columns().size()));
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
        ColumnVector[] keys = leftKeys.probing(batch, timedRows.keys());
        ColumnVector time = leftTime.evaluate(batch);
        SelectionVector selection = TimedRows.present(time, leftKeys.matchable(batch, keys), rowCount, timed);
        timedRows.table().find(keys, selection, rowCount, groups);
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
        Batch batch;
        while ((batch = right.next()) != null) {
            context.checkCancelled();
            timedRows.add(batch);
            rows.append(batch);
        }
        return timedRows.index();
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
        leftTime.close();
        if (index != null) {
            index.close();
            index = null;
        }
        timedRows.close();
        rows.close();
        output.close();
    }
}
