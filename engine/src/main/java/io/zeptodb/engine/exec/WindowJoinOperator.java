package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Window join. What the aggregates read of the right side is kept in memory by key and time, so that the window of a left row is a range of it; left batches
 * pass in their order.
 */
final class WindowJoinOperator implements Operator {
    private static final String TIME = "the time of a window join";

    private final PhysicalPlan.WindowJoin plan;
    private final ExecutionContext context;
    private final Operator left;
    private final Operator right;
    private final JoinKeys leftKeys;
    private final ExpressionEvaluator start;
    private final ExpressionEvaluator end;
    private final TimedRows timedRows;
    private final WindowAggregates aggregates;
    private final ColumnVector[] columns;
    private final Batch output;
    private final SelectionVector withStart = new SelectionVector(Batch.ROWS);
    private final SelectionVector withEnd = new SelectionVector(Batch.ROWS);
    private @Nullable AsofIndex index;
    private @Nullable WindowSearch search;
    private int[] groups = new int[Batch.ROWS];
    private int[] firsts = new int[Batch.ROWS];
    private int[] ends = new int[Batch.ROWS];
    private long[] startLongs = new long[Batch.ROWS];
    private long[] endLongs = new long[Batch.ROWS];
    private boolean ended;

    WindowJoinOperator(PhysicalPlan.WindowJoin plan, ExecutionContext context, Operator left, Operator right) {
        this.plan = plan;
        this.context = context;
        this.left = left;
        this.right = right;
        PhysicalPlan.WindowJoin.Window window = plan.window();
        List<ColumnType> keyTypes = JoinKeys.commonTypes(plan.leftKeys(), plan.rightKeys());
        leftKeys = new JoinKeys(plan.leftKeys(), keyTypes, new boolean[keyTypes.size()], context);
        start = new ExpressionEvaluator(window.start(), context);
        end = new ExpressionEvaluator(window.end(), context);
        timedRows =
                new TimedRows(context, plan.rightKeys(), keyTypes, window.rightTime(), window.rightSequence(), TIME);
        aggregates = new WindowAggregates(context, plan.aggregates());
        columns = new ColumnVector[plan.columns().size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new ColumnVector(plan.columns().get(i).type());
        }
        output = new Batch(columns);
    }

    /** @param used the columns that are read of the output; null for all. The other left ones mean nothing */
    static Operator open(PhysicalPlan.WindowJoin plan, ExecutionContext context, @Nullable BitSet used) {
        List<Expression> leftOwn = new ArrayList<>(plan.leftKeys());
        leftOwn.add(plan.window().start());
        leftOwn.add(plan.window().end());
        List<Expression> rightOwn = new ArrayList<>(plan.rightKeys());
        rightOwn.add(plan.window().rightTime());
        BitSet rightUsed = ColumnUse.of(rightOwn, plan.aggregates());
        if (plan.window().rightSequence() >= 0) {
            rightUsed.set(plan.window().rightSequence());
        }
        return Inputs.two(
                plan.left(),
                ColumnUse.ofSide(used, 0, plan.left().columns().size(), leftOwn, null),
                plan.right(),
                rightUsed,
                context,
                (left, right) -> new WindowJoinOperator(plan, context, left, right));
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
            if (search == null) {
                search = build();
            }
            if (batch.selectedCount() > 0) {
                return join(batch, search);
            }
        }
        return null;
    }

    private WindowSearch build() {
        Batch batch;
        while ((batch = right.next()) != null) {
            context.checkCancelled();
            timedRows.add(batch);
            aggregates.add(batch);
        }
        AsofIndex made = timedRows.index();
        index = made;
        aggregates.arrange(made);
        return new WindowSearch(context.budget(), made, plan.window());
    }

    private Batch join(Batch batch, WindowSearch windows) {
        int rowCount = batch.rowCount();
        makeRoom(rowCount);
        Arrays.fill(firsts, 0, rowCount, 0);
        Arrays.fill(ends, 0, rowCount, 0);
        ColumnVector[] keys = leftKeys.probing(batch, timedRows.keys());
        ColumnVector startOfRow = start.evaluate(batch);
        ColumnVector endOfRow = end.evaluate(batch);
        SelectionVector keyed = leftKeys.matchable(batch, keys);
        SelectionVector begun = TimedRows.present(startOfRow, keyed, rowCount, withStart);
        SelectionVector selection = TimedRows.present(endOfRow, begun, rowCount, withEnd);
        timedRows.table().find(keys, selection, rowCount, groups);
        OrderedLongs.encode(startOfRow, selection, rowCount, startLongs, TIME);
        OrderedLongs.encode(endOfRow, selection, rowCount, endLongs, TIME);
        windows.find(selection, rowCount, startLongs, endLongs, groups, firsts, ends);
        WritableColumn[] results = aggregates.compute(batch, firsts, ends);
        int leftCount = columns.length - results.length;
        for (int i = 0; i < leftCount; i++) {
            columns[i].pointLike(batch.column(i));
        }
        for (int i = 0; i < results.length; i++) {
            columns[leftCount + i].pointLike(results[i].vector());
        }
        return output.set(rowCount, batch.selection());
    }

    private void makeRoom(int rowCount) {
        if (groups.length < rowCount) {
            groups = new int[rowCount];
            firsts = new int[rowCount];
            ends = new int[rowCount];
            startLongs = new long[rowCount];
            endLongs = new long[rowCount];
        }
    }

    @Override
    public void close() {
        ended = true;
        left.close();
        right.close();
        leftKeys.close();
        start.close();
        end.close();
        if (search != null) {
            search.close();
            search = null;
        }
        if (index != null) {
            index.close();
            index = null;
        }
        timedRows.close();
        aggregates.close();
    }
}
