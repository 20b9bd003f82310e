package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Selects;
import org.jspecify.annotations.Nullable;

/** NULLIF: the input is evaluated once and held for the comparison, which may be one of its values in another type. */
final class NullIfNode extends ExpressionNode {
    private final ExpressionNode input;
    private final HeldNode held;
    private final ExpressionNode equality;
    private final WritableColumn result;
    private final SelectionVector wanted = new SelectionVector(0);
    private final SelectionVector equal = new SelectionVector(0);

    /** @param equality of what {@code held} holds */
    NullIfNode(ExpressionNode input, HeldNode held, ExpressionNode equality, MemoryBudget budget) {
        super(input.type());
        this.input = input;
        this.held = held;
        this.equality = equality;
        this.result = new WritableColumn(budget, input.type());
    }

    @Override
    public ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection) {
        int rows = batch.rowCount();
        wanted.reserve(rows);
        equal.reserve(rows);
        wanted.setCount(Selects.all(positions(selection), count(batch, selection), wanted.positions()));
        ColumnVector values = input.evaluate(batch, wanted);
        held.hold(values);
        int count = wanted.count() == 0 ? 0 : equality.select(batch, wanted, equal);
        if (count == 0) {
            return values;
        }
        PositionCopy.begin(result, rows);
        PositionCopy.copy(values, wanted, result);
        for (int i = 0; i < count; i++) {
            result.setNull(equal.positions()[i]);
        }
        result.setRowCount(rows);
        return result.vector();
    }

    @Override
    public void close() {
        input.close();
        equality.close();
        result.close();
    }
}
