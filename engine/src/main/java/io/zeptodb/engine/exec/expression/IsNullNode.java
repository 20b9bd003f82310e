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

/** IS [NOT] NULL. */
final class IsNullNode extends ExpressionNode {
    private final ExpressionNode child;
    private final boolean negated;
    private final WritableColumn result;

    IsNullNode(ExpressionNode child, boolean negated, MemoryBudget budget) {
        super(ColumnType.BOOLEAN);
        this.child = child;
        this.negated = negated;
        this.result = new WritableColumn(budget, ColumnType.BOOLEAN);
    }

    @Override
    public int select(Batch batch, @Nullable SelectionVector in, SelectionVector out) {
        ColumnVector vector = child.evaluate(batch, in);
        int count = count(batch, in);
        int kept;
        if (vector.hasNulls() && !vector.isConstant()) {
            kept = Selects.bits(vector.validity(), positions(in), count, out.positions(), negated ? 0 : 1);
        } else {
            boolean isNull = vector.isNull(0);
            kept = isNull == negated ? 0 : Selects.all(positions(in), count, out.positions());
        }
        out.setCount(kept);
        return kept;
    }

    @Override
    public ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection) {
        ColumnVector vector = child.evaluate(batch, selection);
        int rows = batch.rowCount();
        result.clear();
        result.reserve(rows);
        long bits = result.data();
        if (vector.hasNulls() && !vector.isConstant()) {
            int bytes = (rows + Byte.SIZE - 1) / Byte.SIZE;
            int flip = negated ? 0 : -1;
            for (int i = 0; i < bytes; i++) {
                Memory.putByte(bits + i, (byte) (Memory.getByte(vector.validity() + i) ^ flip));
            }
        } else {
            Memory.fill(bits, Bitmaps.bytes(rows), (byte) (vector.isNull(0) == negated ? 0 : -1));
        }
        result.setRowCount(rows);
        return result.vector();
    }

    @Override
    public void close() {
        child.close();
        result.close();
    }
}
