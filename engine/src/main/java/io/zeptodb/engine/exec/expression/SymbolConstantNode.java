package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.kernel.Selects;
import org.jspecify.annotations.Nullable;

/** SYMBOL = constant text, or <>: the text is looked up once, then codes are compared. */
final class SymbolConstantNode extends PredicateNode {
    private static final int ABSENT = -1;

    private final ExpressionNode child;
    private final ExpressionNode constant;
    private final boolean negated;
    private final ColumnVector[] one = new ColumnVector[1];
    private @Nullable String text;
    private @Nullable SymbolDictionary known;
    private int code;

    SymbolConstantNode(ExpressionNode child, ExpressionNode constant, boolean negated, MemoryBudget budget) {
        super(budget);
        this.child = child;
        this.constant = constant;
        this.negated = negated;
    }

    @Override
    ColumnVector[] operands(Batch batch, @Nullable SelectionVector selection) {
        if (text == null) {
            Object value = constant instanceof ConstantNode given
                    ? given.value()
                    : BoxedValues.read(constant.evaluate(batch, null), 0);
            if (value == null) {
                return new ColumnVector[] {child.evaluate(batch, selection), constant.evaluate(batch, null)};
            }
            text = (String) value;
        }
        one[0] = child.evaluate(batch, selection);
        return one;
    }

    @Override
    int test(int @Nullable [] in, int count, int[] out) {
        SymbolDictionary dictionary = one[0].requireDictionary();
        String wanted = text;
        if ((dictionary != known || code == ABSENT) && wanted != null) {
            code = dictionary.find(wanted);
            known = dictionary;
        }
        if (code == ABSENT) {
            return negated ? Selects.all(in, count, out) : 0;
        }
        return Selects.ints(one[0].data(), in, count, out, code, code, negated ? 1 : 0);
    }

    @Override
    public boolean isConstant() {
        return child.isConstant();
    }

    @Override
    public void close() {
        super.close();
        child.close();
        constant.close();
    }
}
