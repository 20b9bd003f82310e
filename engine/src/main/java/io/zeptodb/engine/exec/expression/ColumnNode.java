package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import org.jspecify.annotations.Nullable;

/** A column of the batch, as it is. */
final class ColumnNode extends ExpressionNode {
    private final int index;

    ColumnNode(int index, ColumnType type) {
        super(type);
        this.index = index;
    }

    @Override
    public ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection) {
        return batch.column(index);
    }
}
