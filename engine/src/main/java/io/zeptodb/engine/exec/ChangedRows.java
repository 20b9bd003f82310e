package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows that an UPDATE or DELETE changes: read to the end before anything is changed, so that the statement never meets its own work. They
 * come in the order of their sequences, which is that of ingest, whatever the state of the storage: rows of equal time keep their order among
 * each other. A statement whose rows pass its budget fails with the figures. Owned by one statement, one thread.
 */
public final class ChangedRows implements AutoCloseable {
    private final ExecutionContext context;
    private final RowStore store;
    private final RowOutput output;
    private final Batch batch;
    private long[] sequences = {};
    private int[] rows = {};
    private long accounted;
    private int next;

    private ChangedRows(PhysicalPlan plan, ExecutionContext context) {
        this.context = context;
        this.store = new RowStore(plan.types(), context.budget());
        this.output = new RowOutput(plan.types(), context.budget());
        this.batch = new Batch(new ColumnVector[plan.columns().size() - 1]);
    }

    /**
     * Runs the plan of the rows.
     *
     * @param plan the last column is the sequence of the row, a BIGINT that is never NULL; the columns before it are the row as it becomes
     */
    public static ChangedRows read(PhysicalPlan plan, ExecutionContext context) {
        ChangedRows changed = new ChangedRows(plan, context);
        try (Operator operator = Operators.open(plan, context)) {
            changed.fill(operator);
            return changed;
        } catch (RuntimeException | Error e) {
            changed.close();
            throw e;
        }
    }

    private void fill(Operator operator) {
        for (Batch batch = operator.next(); batch != null; batch = operator.next()) {
            context.checkCancelled();
            store.append(batch);
        }
        int count = store.rowCount();
        MemoryBudget budget = context.budget();
        long bytes = (long) count * (Long.BYTES + Integer.BYTES);
        budget.reserveHeap(bytes);
        accounted = bytes;
        sequences = new long[count];
        rows = new int[count];
        ColumnVector column = store.column(batch.columnCount());
        for (int i = 0; i < count; i++) {
            sequences[i] = column.getLong(i);
            rows[i] = i;
        }
        try (KeyedRowSort sort = new KeyedRowSort(budget)) {
            sort.sort(sequences, rows, 0, count);
        }
        leaveOutDuplicates();
    }

    /** A row that meets several rows of other tables comes once for each of them: to be deleted that is as good as once. */
    private void leaveOutDuplicates() {
        int count = 0;
        for (int i = 0; i < sequences.length; i++) {
            if (i > 0 && sequences[i] == sequences[i - 1]) {
                if (batch.columnCount() > 0) {
                    throw new EngineException(
                            ErrorCode.CARDINALITY_VIOLATION,
                            "UPDATE … FROM gives one row several new states: it meets more than one row of the other"
                                    + " tables; choose one in a subquery");
                }
                continue;
            }
            sequences[count] = sequences[i];
            rows[count++] = rows[i];
        }
        if (count < sequences.length) {
            sequences = Arrays.copyOf(sequences, count);
            rows = Arrays.copyOf(rows, count);
        }
    }

    public int count() {
        return sequences.length;
    }

    /** The sequences of the rows, ascending. Shared. */
    public long[] sequences() {
        return sequences;
    }

    /** The next rows as they become, in the order of the sequences that they had. Null at the end; valid until the next call. */
    public @Nullable Batch next() {
        int count = Math.min(Batch.ROWS, sequences.length - next);
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
