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
    private static final String NAME = "a window join";

    private final PhysicalPlan.WindowJoin plan;
    private final ExecutionContext context;
    private final Operator left;
    private final Operator right;
    private final TimedRows timedRows;
    private final TimedProbe probe;
    private final WindowAggregates aggregates;
    private final ColumnVector[] columns;
    private final Batch output;
    private @Nullable WindowSearch search;
    private int[] firsts = new int[Batch.ROWS];
    private int[] ends = new int[Batch.ROWS];
    private boolean ended;

    WindowJoinOperator(PhysicalPlan.WindowJoin plan, ExecutionContext context, Operator left, Operator right) {
        this.plan = plan;
        this.context = context;
        this.left = left;
        this.right = right;
        PhysicalPlan.WindowJoin.Window window = plan.window();
        List<ColumnType> keyTypes = JoinKeys.commonTypes(plan.leftKeys(), plan.rightKeys());
        timedRows =
                new TimedRows(context, plan.rightKeys(), keyTypes, window.rightTime(), window.rightSequence(), NAME);
        probe = new TimedProbe(context, plan.leftKeys(), List.of(window.start(), window.end()), timedRows);
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
        AsofIndex index = timedRows.read(right, aggregates::add);
        aggregates.arrange(index);
        return new WindowSearch(context.budget(), index, plan.window());
    }

    private Batch join(Batch batch, WindowSearch windows) {
        int rowCount = batch.rowCount();
        if (firsts.length < rowCount) {
            firsts = new int[rowCount];
            ends = new int[rowCount];
        }
        Arrays.fill(firsts, 0, rowCount, 0);
        Arrays.fill(ends, 0, rowCount, 0);
        SelectionVector selection = probe.read(batch);
        windows.find(selection, rowCount, probe.times(0), probe.times(1), probe.groups(), firsts, ends);
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

    @Override
    public void close() {
        ended = true;
        left.close();
        right.close();
        probe.close();
        if (search != null) {
            search.close();
            search = null;
        }
        timedRows.close();
        aggregates.close();
    }
}
