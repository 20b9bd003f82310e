package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The rows that an UPDATE, DELETE or MERGE changes: read to the end before anything is changed, so that the statement never meets its own work. Those that
 * are in the table come in the order of their sequences, which is that of ingest, whatever the state of the storage: rows of equal time keep their order
 * among each other. Those that MERGE inserts come behind them, in the order of the source. A statement whose rows pass its budget fails with the figures.
 * Owned by one statement, one thread.
 */
public final class ChangedRows implements AutoCloseable {
    /** On the heap, for each row: its sequence and its number in the store. */
    private static final int HEAP_BYTES = Long.BYTES + Integer.BYTES;

    private final ExecutionContext context;
    private final boolean merges;
    private final RowStore store;
    private final RowOutput output;
    private final Batch batch;
    private final SelectionVector kept = new SelectionVector(Batch.ROWS);
    private long[] sequences = {};
    /** Numbers of rows in the store: those with a sequence in its order, then the others. */
    private int[] rows = {};

    private int goingCount;
    private int comingCount;
    private int insertedCount;
    private long accounted;
    private int next;

    private ChangedRows(PhysicalPlan plan, boolean merges, ExecutionContext context) {
        this.context = context;
        this.merges = merges;
        this.store = new RowStore(plan.types(), context.budget());
        this.output = new RowOutput(plan.types(), context.budget());
        this.batch = new Batch(new ColumnVector[plan.columns().size() - (merges ? 2 : 1)]);
    }

    /**
     * Runs the plan of an UPDATE or DELETE.
     *
     * @param plan the last column is the sequence of the row, a BIGINT that is never NULL; the columns before it are the row as it becomes
     * @throws EngineException CARDINALITY_VIOLATION when one row becomes several
     */
    public static ChangedRows read(PhysicalPlan plan, ExecutionContext context) {
        return read(plan, false, context);
    }

    /**
     * Runs the plan of a MERGE.
     *
     * @param plan the row as it becomes, an action of {@link Statement.Merge}, and the sequence of the row that it replaces, NULL for one that is inserted
     * @throws EngineException CARDINALITY_VIOLATION when one row is changed twice
     */
    public static ChangedRows readMerge(PhysicalPlan plan, ExecutionContext context) {
        return read(plan, true, context);
    }

    private static ChangedRows read(PhysicalPlan plan, boolean merges, ExecutionContext context) {
        ChangedRows changed = new ChangedRows(plan, merges, context);
        try (Operator operator = Operators.open(plan, context)) {
            for (Batch batch = operator.next(); batch != null; batch = operator.next()) {
                context.checkCancelled();
                changed.keep(batch);
            }
            changed.order();
            changed.leaveOutRepeated();
            if (merges) {
                changed.leaveOutDeleted();
            }
            return changed;
        } catch (RuntimeException | Error e) {
            changed.close();
            throw e;
        }
    }

    private void keep(Batch read) {
        if (!merges) {
            store.append(read);
            return;
        }
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
            store.append(read, kept);
        }
    }

    private void order() {
        int count = store.rowCount();
        long bytes = (long) count * HEAP_BYTES;
        context.budget().reserveHeap(bytes);
        accounted = bytes;
        sequences = new long[count];
        rows = new int[count];
        ColumnVector sequence = store.column(store.columns().length - 1);
        for (int i = 0; i < count; i++) {
            if (!sequence.isNull(i)) {
                sequences[goingCount] = sequence.getLong(i);
                rows[goingCount++] = i;
            }
        }
        try (KeyedRowSort sort = new KeyedRowSort(context.budget())) {
            sort.sort(sequences, rows, 0, goingCount);
        }
        comingCount = goingCount;
        for (int i = 0; comingCount < count; i++) {
            if (sequence.isNull(i)) {
                rows[comingCount++] = i;
            }
        }
        insertedCount = comingCount - goingCount;
    }

    /** A row that meets several rows of other tables is there once for each of them: to be deleted that is as good as once. */
    private void leaveOutRepeated() {
        boolean deletes = !merges && batch.columnCount() == 0;
        int count = 0;
        for (int i = 0; i < goingCount; i++) {
            if (i > 0 && sequences[i] == sequences[i - 1]) {
                if (!deletes) {
                    throw new EngineException(
                            ErrorCode.CARDINALITY_VIOLATION,
                            merges
                                    ? "MERGE changes one row twice: it meets more than one row of the source; choose one in a subquery"
                                    : "UPDATE … FROM gives one row several new states: it meets more than one row of the other"
                                            + " tables; choose one in a subquery");
                }
                continue;
            }
            sequences[count++] = sequences[i];
        }
        goingCount = count;
        comingCount = deletes ? 0 : comingCount;
    }

    /** Rows that MERGE deletes go, and nothing comes for them. */
    private void leaveOutDeleted() {
        ColumnVector action = store.column(batch.columnCount());
        int count = 0;
        for (int i = 0; i < comingCount; i++) {
            rows[count] = rows[i];
            count += action.getAsLong(rows[i]) == Statement.Merge.DELETE ? 0 : 1;
        }
        comingCount = count;
    }

    /** Rows that are updated, deleted or inserted. */
    public long count() {
        return (long) goingCount + insertedCount;
    }

    /** Rows of the table that go, updated ones too. */
    public int goingCount() {
        return goingCount;
    }

    /** The sequences of the rows that go, ascending; what is behind {@link #goingCount} does not count. Shared. */
    public long[] sequences() {
        return sequences;
    }

    /** The next rows as they become. Null at the end, and for DELETE; valid until the next call. */
    public @Nullable Batch next() {
        int count = Math.min(Batch.ROWS, comingCount - next);
        if (count == 0) {
            return null;
        }
        context.checkCancelled();
        Batch picked = output.pick(store, rows, next, count);
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
        rows = new int[0];
    }
}
