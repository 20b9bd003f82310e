package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
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
    private static final String NAME = "an as-of join";

    private final PhysicalPlan.AsofJoin plan;
    private final ExecutionContext context;
    private final Operator left;
    private final Operator right;
    private final long tolerance;
    private final RowStore rows;
    private final TimedRows timedRows;
    private final TimedProbe probe;
    private final MatchedRows output;
    private @Nullable AsofIndex index;
    private int[] found = new int[Batch.ROWS];
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
        timedRows = new TimedRows(context, plan.rightKeys(), keyTypes, plan.rightTime(), plan.rightSequence(), NAME);
        probe = new TimedProbe(context, plan.leftKeys(), List.of(plan.leftTime()), timedRows);
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
                index = timedRows.read(right, rows::append);
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
        if (found.length < rowCount) {
            found = new int[rowCount];
        }
        Arrays.fill(found, 0, rowCount, -1);
        SelectionVector selection = probe.read(batch);
        built.match(plan.operator(), tolerance, selection, rowCount, probe.times(0), probe.groups(), found);
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

    @Override
    public void close() {
        ended = true;
        left.close();
        right.close();
        probe.close();
        timedRows.close();
        rows.close();
        output.close();
    }
}
