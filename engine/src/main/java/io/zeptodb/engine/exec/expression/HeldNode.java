package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A vector that another node has evaluated already, for expressions that ask for it again. */
final class HeldNode extends ExpressionNode {
    private @Nullable ColumnVector values;

    HeldNode(ColumnType type) {
        super(type);
    }

    /** What the next evaluation gives; must hold the positions it asks for. */
    void hold(ColumnVector evaluated) {
        values = evaluated;
    }

    @Override
    public ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection) {
        return Objects.requireNonNull(values, "nothing is held");
    }
}
