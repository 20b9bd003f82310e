package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.plan.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The left side of a join by keys and time, batch by batch: which key of the right side each row has, and its times. Owned by one operator; one thread.
 */
final class TimedProbe implements AutoCloseable {
    private final TimedRows right;
    private final JoinKeys keys;
    private final ExpressionEvaluator[] times;
    private final ColumnVector[] evaluated;
    private final SelectionVector[] timed;
    private final long[][] longs;
    private int[] groups = new int[Batch.ROWS];

    /**
     * @param keys of the left side, as the right side's types
     * @param times of the left side; a row without one of them matches nothing
     * @param right what the keys are looked up in; stays the caller's
     */
    TimedProbe(ExecutionContext context, List<Expression> keys, List<Expression> times, TimedRows right) {
        this.right = right;
        this.keys = right.newProbingKeys(keys);
        this.times = ExpressionEvaluator.all(times, context);
        evaluated = new ColumnVector[times.size()];
        timed = new SelectionVector[times.size()];
        longs = new long[times.size()][];
        for (int i = 0; i < longs.length; i++) {
            timed[i] = new SelectionVector(Batch.ROWS);
            longs[i] = new long[Batch.ROWS];
        }
    }

    /**
     * Reads a batch of the left side, after the whole right one.
     *
     * @return the positions with keys and times, or null for all; valid, as all that was read, until the next call
     */
    @Nullable
    SelectionVector read(Batch batch) {
        int rowCount = batch.rowCount();
        makeRoom(rowCount);
        ColumnVector[] values = keys.probing(batch, right.keys());
        SelectionVector selection = keys.matchable(batch, values);
        for (int i = 0; i < times.length; i++) {
            evaluated[i] = times[i].evaluate(batch);
            selection = TimedRows.present(evaluated[i], selection, rowCount, timed[i]);
        }
        right.table().find(values, selection, rowCount, groups);
        for (int i = 0; i < times.length; i++) {
            OrderedLongs.encode(evaluated[i], selection, rowCount, longs[i], right.what());
        }
        return selection;
    }

    private void makeRoom(int rowCount) {
        if (groups.length < rowCount) {
            groups = new int[rowCount];
            for (int i = 0; i < longs.length; i++) {
                longs[i] = new long[rowCount];
            }
        }
    }

    /** The key of each position that {@link #read} gave, -1 for one that the right side has not. */
    int[] groups() {
        return groups;
    }

    /** Time i of each position that {@link #read} gave, as {@link OrderedLongs}. */
    long[] times(int i) {
        return longs[i];
    }

    @Override
    public void close() {
        keys.close();
        ExpressionEvaluator.closeAll(times);
    }
}
