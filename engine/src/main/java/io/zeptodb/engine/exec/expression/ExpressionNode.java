package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.kernel.Selects;
import org.jspecify.annotations.Nullable;

/**
 * A running expression. Owned by one operator, one thread. Results are vectors that are valid until the node's next call; only the
 * positions asked for mean anything, but texts and symbols at the others are harmless to read.
 */
public abstract class ExpressionNode implements AutoCloseable {
    private final ColumnType type;

    protected ExpressionNode(ColumnType type) {
        this.type = type;
    }

    public final ColumnType type() {
        return type;
    }

    /** The values at the selected positions of the batch, null selecting all. */
    public abstract ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection);

    /**
     * Finds where a condition is true.
     *
     * @param in positions to look at, null for all
     * @param out becomes the positions, ascending; has room for as many as come in, and may be {@code in}
     * @return how many they are
     */
    public int select(Batch batch, @Nullable SelectionVector in, SelectionVector out) {
        return selectBits(evaluate(batch, in), positions(in), count(batch, in), out, 0);
    }

    /** Whether all rows have one value, whatever the batch. */
    public boolean isConstant() {
        return false;
    }

    @Override
    public void close() {}

    /** Narrows to where a BOOLEAN vector is true, or false when {@code flip} is 1. */
    static int selectBits(ColumnVector values, int @Nullable [] in, int count, SelectionVector out, int flip) {
        int kept;
        if (values.isConstant()) {
            boolean passes = !values.isNull(0) && values.getBoolean(0) == (flip == 0);
            kept = passes ? Selects.all(in, count, out.positions()) : 0;
        } else if (values.hasNulls()) {
            kept = Selects.bits(values.validity(), in, count, out.positions(), 0);
            kept = Selects.bits(values.data(), out.positions(), kept, out.positions(), flip);
        } else {
            kept = Selects.bits(values.data(), in, count, out.positions(), flip);
        }
        out.setCount(kept);
        return kept;
    }

    static int @Nullable [] positions(@Nullable SelectionVector selection) {
        return selection == null ? null : selection.positions();
    }

    static int count(Batch batch, @Nullable SelectionVector selection) {
        return selection == null ? batch.rowCount() : selection.count();
    }
}
