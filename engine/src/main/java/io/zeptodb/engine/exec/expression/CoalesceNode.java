package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.kernel.Selects;
import org.jspecify.annotations.Nullable;

/** COALESCE: each argument is evaluated for the rows whose arguments before it are NULL. */
final class CoalesceNode extends ExpressionNode {
    private final ExpressionNode[] arguments;
    private final WritableColumn result;
    private final SelectionVector rest = new SelectionVector(0);

    CoalesceNode(ExpressionNode[] arguments, ColumnType type, MemoryBudget budget) {
        super(type);
        this.arguments = arguments;
        this.result = new WritableColumn(budget, type);
    }

    @Override
    public ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection) {
        ColumnVector first = arguments[0].evaluate(batch, selection);
        if (!first.hasNulls()) {
            return first;
        }
        int rows = batch.rowCount();
        rest.reserve(rows);
        rest.setCount(Selects.all(positions(selection), count(batch, selection), rest.positions()));
        PositionCopy.begin(result, rows);
        take(first);
        for (int i = 1; i < arguments.length && rest.count() > 0; i++) {
            take(arguments[i].evaluate(batch, rest));
        }
        result.setRowCount(rows);
        return result.vector();
    }

    /** Copies the argument for all rows that are open; those where it is NULL stay open, and are NULL until another comes. */
    private void take(ColumnVector argument) {
        if (result.hasNulls()) {
            long bits = result.validity();
            for (int i = 0; i < rest.count(); i++) {
                Memory.setBit(bits, rest.positions()[i]);
            }
        }
        PositionCopy.copy(argument, rest, result);
        int left = 0;
        if (argument.isConstant()) {
            left = argument.isNull(0) ? rest.count() : 0;
        } else if (argument.hasNulls()) {
            left = Selects.bits(argument.validity(), rest.positions(), rest.count(), rest.positions(), 1);
        }
        rest.setCount(left);
    }

    @Override
    public void close() {
        for (ExpressionNode argument : arguments) {
            argument.close();
        }
        result.close();
    }
}
