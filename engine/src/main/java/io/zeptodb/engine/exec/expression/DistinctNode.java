package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Memory;
import org.jspecify.annotations.Nullable;

/** IS [NOT] DISTINCT FROM: equality for which NULL equals NULL; never NULL. */
final class DistinctNode extends ExpressionNode {
    private final PredicateNode equality;
    private final boolean negated;
    private final WritableColumn result;

    /** @param negated IS NOT DISTINCT FROM */
    DistinctNode(PredicateNode equality, boolean negated, MemoryBudget budget) {
        super(ColumnType.BOOLEAN);
        this.equality = equality;
        this.negated = negated;
        this.result = new WritableColumn(budget, ColumnType.BOOLEAN);
    }

    @Override
    public ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection) {
        ColumnVector equal = equality.evaluate(batch, selection);
        int rows = batch.rowCount();
        result.clear();
        result.reserve(rows);
        long to = result.data();
        int[] positions = positions(selection);
        int count = count(batch, selection);
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            boolean same = equal.isNull(at) ? equality.bothNull(at) : equal.getBoolean(at);
            Memory.putBit(to, at, same == negated);
        }
        result.setRowCount(rows);
        return result.vector();
    }

    @Override
    public boolean isConstant() {
        return false;
    }

    @Override
    public void close() {
        equality.close();
        result.close();
    }
}
