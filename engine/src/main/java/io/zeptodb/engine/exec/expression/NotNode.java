package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Memory;
import org.jspecify.annotations.Nullable;

/** NOT of a condition that could not be negated itself. */
final class NotNode extends ExpressionNode {
    private final ExpressionNode child;
    private final WritableColumn result;

    NotNode(ExpressionNode child, MemoryBudget budget) {
        super(ColumnType.BOOLEAN);
        this.child = child;
        this.result = new WritableColumn(budget, ColumnType.BOOLEAN);
    }

    @Override
    public int select(Batch batch, @Nullable SelectionVector in, SelectionVector out) {
        return selectBits(child.evaluate(batch, in), positions(in), count(batch, in), out, 1);
    }

    @Override
    public ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection) {
        ColumnVector vector = child.evaluate(batch, selection);
        int rows = vector.isConstant() ? 1 : batch.rowCount();
        int bytes = (rows + Byte.SIZE - 1) / Byte.SIZE;
        result.clear();
        result.reserve(rows);
        long bits = result.data();
        for (int i = 0; i < bytes; i++) {
            Memory.putByte(bits + i, (byte) ~Memory.getByte(vector.data() + i));
        }
        if (vector.hasNulls()) {
            Memory.copy(vector.validity(), result.validity(), bytes);
        }
        result.setRowCount(rows);
        return result.vector().asConstant(vector.isConstant());
    }

    @Override
    public boolean isConstant() {
        return child.isConstant();
    }

    @Override
    public void close() {
        child.close();
        result.close();
    }
}
