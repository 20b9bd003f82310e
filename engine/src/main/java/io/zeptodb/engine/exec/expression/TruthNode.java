package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Bitmaps;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.kernel.Selects;
import org.jspecify.annotations.Nullable;

/** A condition that is never NULL, found by narrowing: IS [NOT] TRUE, and by its negation IS [NOT] FALSE. */
final class TruthNode extends ExpressionNode {
    private final ExpressionNode condition;
    private final boolean negated;
    private final WritableColumn result;
    private final SelectionVector found = new SelectionVector(0);

    /** True where the condition is true; with {@code negated}, where it is false or NULL. */
    TruthNode(ExpressionNode condition, boolean negated, MemoryBudget budget) {
        super(ColumnType.BOOLEAN);
        this.condition = condition;
        this.negated = negated;
        this.result = new WritableColumn(budget, ColumnType.BOOLEAN);
    }

    @Override
    public int select(Batch batch, @Nullable SelectionVector in, SelectionVector out) {
        if (!negated) {
            return condition.select(batch, in, out);
        }
        int count = count(batch, in);
        found.reserve(count);
        int without = condition.select(batch, in, found);
        int kept = Selects.minus(positions(in), count, found.positions(), without, out.positions());
        out.setCount(kept);
        return kept;
    }

    @Override
    public ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection) {
        int rows = batch.rowCount();
        found.reserve(rows);
        int kept = condition.select(batch, selection, found);
        result.clear();
        result.reserve(rows);
        long bits = result.data();
        Memory.fill(bits, Bitmaps.bytes(rows), (byte) (negated ? -1 : 0));
        for (int i = 0; i < kept; i++) {
            Memory.putBit(bits, found.positions()[i], !negated);
        }
        result.setRowCount(rows);
        return result.vector();
    }

    @Override
    public void close() {
        condition.close();
        result.close();
    }
}
