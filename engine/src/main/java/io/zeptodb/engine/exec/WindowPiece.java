package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.WindowCall;

/**
 * A window call that is computed piece by piece over ordered rows of which only some are in memory ({@link PiecedWindowOperator}): it says which
 * rows can be computed, and which must stay for those to come. One thread.
 */
abstract class WindowPiece implements AutoCloseable {
    protected final ExecutionContext context;
    protected final WindowCall call;
    private final ExpressionEvaluator[] evaluators;

    WindowPiece(ExecutionContext context, WindowCall call) {
        this.context = context;
        this.call = call;
        this.evaluators = ExpressionEvaluator.all(call.arguments(), context);
    }

    /** Values of the call's arguments over all rows in memory; valid until the next call. */
    protected ColumnVector[] arguments(WindowRows rows) {
        Batch batch = new Batch(rows.columns()).set(rows.rowCount(), null);
        ColumnVector[] arguments = new ColumnVector[evaluators.length];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = evaluators[i].evaluate(batch);
        }
        return arguments;
    }

    /**
     * The first row that cannot be computed before more rows are there, when the last partition may go on.
     *
     * @param from a row of the last partition; those before are computed, or can be
     */
    abstract int ready(WindowRows rows, int from);

    /**
     * Computes rows [from, to), which follow those of the last call.
     *
     * @param start what came before the first row in memory
     * @param result has room for all rows in memory, {@code from} rows and no NULL; row i is written at i
     */
    abstract void compute(WindowRows rows, PieceStart start, int from, int to, WritableColumn result);

    /** The first row that must stay in memory for the rows from {@code to} on, if they are of the same partition. */
    abstract int keepFrom(WindowRows rows, int to);

    /** The first rows in memory have gone. */
    void dropped(int count) {}

    /** Whether {@link PieceStart} must count peers. */
    boolean countsPeers() {
        return false;
    }

    @Override
    public void close() {
        ExpressionEvaluator.closeAll(evaluators);
    }
}
