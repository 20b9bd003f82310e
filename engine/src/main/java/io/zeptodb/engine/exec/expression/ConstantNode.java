package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import org.jspecify.annotations.Nullable;

/** A literal or parameter. Its vector is made when somebody asks for it, which most comparisons never do. */
final class ConstantNode extends ExpressionNode {
    private final @Nullable Object value;
    private final MemoryBudget budget;
    private @Nullable WritableColumn column;
    private @Nullable SymbolTexts texts;

    ConstantNode(@Nullable Object value, ColumnType type, MemoryBudget budget) {
        super(type);
        this.value = value;
        this.budget = budget;
    }

    @Nullable
    Object value() {
        return value;
    }

    @Override
    public ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection) {
        WritableColumn made = column;
        if (made == null) {
            made = new WritableColumn(budget, type());
            column = made;
            made.reserve(1);
            if (type().kind() == TypeKind.SYMBOL) {
                texts = new SymbolTexts(budget, value == null);
                made.setDictionary(texts);
                writeSymbol(made, texts);
            } else {
                BoxedValues.write(made, 0, value);
            }
            made.setRowCount(1);
        }
        return made.vector().asConstant(true);
    }

    private void writeSymbol(WritableColumn made, SymbolTexts dictionary) {
        // a NULL has a code too, so that loops which look at validity afterwards read a text that exists
        made.setLong(0, dictionary.codeOf(value == null ? "" : (String) value));
        if (value == null) {
            made.setNull(0);
        }
    }

    @Override
    public boolean isConstant() {
        return true;
    }

    @Override
    public void close() {
        if (column != null) {
            column.close();
        }
        if (texts != null) {
            texts.close();
        }
    }
}
