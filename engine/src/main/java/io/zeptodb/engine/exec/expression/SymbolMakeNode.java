package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import org.jspecify.annotations.Nullable;

/** VARCHAR as SYMBOL: codes of a dictionary that this node fills. */
final class SymbolMakeNode extends ExpressionNode {
    private final ExpressionNode child;
    private final WritableColumn result;
    private final SymbolTexts texts;

    SymbolMakeNode(ExpressionNode child, MemoryBudget budget) {
        super(ColumnType.SYMBOL);
        this.child = child;
        this.result = new WritableColumn(budget, ColumnType.SYMBOL);
        this.texts = new SymbolTexts(budget);
        // what stands at positions that nobody asked for, and under NULL
        texts.codeOf("");
    }

    @Override
    public ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection) {
        ColumnVector vector = child.evaluate(batch, selection);
        int rows = batch.rowCount();
        int[] positions = positions(selection);
        int count = count(batch, selection);
        PositionCopy.begin(result, rows);
        result.setDictionary(texts);
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            if (vector.isNull(at)) {
                result.setNull(at);
            } else {
                result.setLong(at, texts.codeOf(vector.getText(at)));
            }
        }
        result.setRowCount(rows);
        return result.vector();
    }

    @Override
    public void close() {
        child.close();
        result.close();
        texts.close();
    }
}
