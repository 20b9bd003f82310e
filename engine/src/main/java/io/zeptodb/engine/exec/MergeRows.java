package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.Statement;
import org.jspecify.annotations.Nullable;

/**
 * What a MERGE changes, read to the end before anything is changed, so that the statement never meets its own work: the rows that go, in the order of
 * their sequences, and the rows that come, those of UPDATE in that order and then those of INSERT in the order of the source. A statement whose rows pass
 * its budget fails with the figures. Owned by one statement, one thread.
 */
public final class MergeRows implements AutoCloseable {
    private static final int HEAP_BYTES = Long.BYTES + 2 * Integer.BYTES;

    private final ExecutionContext context;
    private final RowStore store;
    private final RowOutput output;
    private final Batch batch;
    private final SelectionVector kept = new SelectionVector(Batch.ROWS);
    private long[] sequences = {};
    private int changed;
    private int[] coming = {};
    private int comingCount;
    private int inserted;
    private long accounted;
    private int next;

    private MergeRows(PhysicalPlan plan, ExecutionContext context) {
        this.context = context;
        this.store = new RowStore(plan.types(), context.budget());
        this.output = new RowOutput(plan.types(), context.budget());
        this.batch = new Batch(new ColumnVector[plan.columns().size() - 2]);
    }

    /**
     * Runs the plan of the rows.
     *
     * @param plan the row as it becomes, an action of {@link Statement.Merge}, and the sequence of the row that it replaces, NULL for one that is new
     * @throws EngineException CARDINALITY_VIOLATION when one row is changed twice
     */
    public static MergeRows read(PhysicalPlan plan, ExecutionContext context) {
        MergeRows rows = new MergeRows(plan, context);
        try (Operator operator = Operators.open(plan, context)) {
            for (Batch batch = operator.next(); batch != null; batch = operator.next()) {
                context.checkCancelled();
                rows.keep(batch);
            }
            rows.order();
            return rows;
        } catch (RuntimeException | Error e) {
            rows.close();
            throw e;
        }
    }

    private void keep(Batch read) {
        ColumnVector action = read.column(batch.columnCount());
        int count = 0;
        kept.reserve(read.selectedCount());
        for (int i = 0; i < read.selectedCount(); i++) {
            int row = read.position(i);
            kept.positions()[count] = row;
            count += action.getAsLong(row & action.mask()) == Statement.Merge.NOTHING ? 0 : 1;
        }
        kept.setCount(count);
        if (count > 0) {
            store.append(new Batch(read.columns()).set(read.rowCount(), kept));
        }
    }

    private void order() {
        int count = store.rowCount();
        MemoryBudget budget = context.budget();
        long bytes = (long) count * HEAP_BYTES;
        budget.reserveHeap(bytes);
        accounted = bytes;
        sequences = new long[count];
        int[] rows = new int[count];
        ColumnVector action = store.column(batch.columnCount());
        ColumnVector sequence = store.column(batch.columnCount() + 1);
        for (int i = 0; i < count; i++) {
            sequences[changed] = sequence.getLong(i);
            rows[changed] = i;
            changed += action.getAsLong(i) == Statement.Merge.INSERT ? 0 : 1;
        }
        try (KeyedRowSort sort = new KeyedRowSort(budget)) {
            sort.sort(sequences, rows, 0, changed);
        }
        coming = new int[count];
        for (int i = 0; i < changed; i++) {
            if (i > 0 && sequences[i] == sequences[i - 1]) {
                throw new EngineException(
                        ErrorCode.CARDINALITY_VIOLATION,
                        "MERGE changes one row twice: it meets more than one row of the source; choose one in a subquery");
            }
            coming[comingCount] = rows[i];
            comingCount += action.getAsLong(rows[i]) == Statement.Merge.UPDATE ? 1 : 0;
        }
        for (int i = 0; i < count; i++) {
            if (action.getAsLong(i) == Statement.Merge.INSERT) {
                coming[comingCount++] = i;
                inserted++;
            }
        }
    }

    /** Rows that are updated, deleted or inserted. */
    public long count() {
        return (long) changed + inserted;
    }

    /** Rows that go: updated ones too. */
    public int changedCount() {
        return changed;
    }

    /** Their sequences, ascending, and nothing behind them that counts. Shared. */
    public long[] sequences() {
        return sequences;
    }

    /** The next rows that come. Null at the end; valid until the next call. */
    public @Nullable Batch next() {
        int count = Math.min(Batch.ROWS, comingCount - next);
        if (count == 0) {
            return null;
        }
        context.checkCancelled();
        Batch picked = output.pick(store, coming, next, count);
        next += count;
        System.arraycopy(picked.columns(), 0, batch.columns(), 0, batch.columnCount());
        return batch.set(count, null);
    }

    @Override
    public void close() {
        store.close();
        output.close();
        context.budget().reserveHeap(-accounted);
        accounted = 0;
        sequences = new long[0];
        coming = new int[0];
    }
}
