package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Memory;
import org.jspecify.annotations.Nullable;

/** A SYMBOL as VARCHAR: views into the dictionary's texts, no text is copied. */
final class SymbolTextNode extends ExpressionNode {
    private final ExpressionNode child;
    private final WritableColumn result;

    SymbolTextNode(ExpressionNode child, MemoryBudget budget) {
        super(ColumnType.VARCHAR);
        this.child = child;
        this.result = new WritableColumn(budget, ColumnType.VARCHAR);
    }

    @Override
    public boolean isConstant() {
        return child.isConstant();
    }

    @Override
    public ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection) {
        ColumnVector codes = child.evaluate(batch, selection);
        int rows = codes.isConstant() ? 1 : batch.rowCount();
        result.clear();
        result.reserve(rows);
        SymbolDictionary dictionary = codes.dictionary();
        long to = result.data();
        boolean some = codes.hasNulls() || selection != null || dictionary == null;
        if (some) {
            Memory.fill(to, (long) rows * ColumnVector.VIEW_BYTES, (byte) 0);
        }
        if (codes.hasNulls()) {
            Memory.copy(codes.validity(), result.validity(), (rows + Byte.SIZE - 1) / Byte.SIZE);
        }
        if (dictionary != null) {
            ColumnVector texts = dictionary.values();
            result.shareHeaps(texts.heaps(), texts.heapAddresses());
            int[] positions = codes.isConstant() ? null : positions(selection);
            int count = positions == null ? rows : count(batch, selection);
            if (codes.hasNulls()) {
                copyValid(codes, positions, count, texts.data(), to);
            } else {
                copy(codes.data(), positions, count, texts.data(), to);
            }
        }
        result.setRowCount(rows);
        return result.vector().asConstant(codes.isConstant());
    }

    private static void copy(long codes, int @Nullable [] positions, int count, long texts, long to) {
        for (int i = 0; i < count; i++) {
            int row = positions == null ? i : positions[i];
            copyView(texts, Memory.getInt(codes + ((long) row << 2)), to, row);
        }
    }

    private static void copyValid(ColumnVector codes, int @Nullable [] positions, int count, long texts, long to) {
        for (int i = 0; i < count; i++) {
            int row = positions == null ? i : positions[i];
            if (!codes.isNull(row)) {
                copyView(texts, codes.getInt(row), to, row);
            }
        }
    }

    private static void copyView(long texts, int code, long to, int row) {
        long from = texts + ((long) code << 4);
        long at = to + ((long) row << 4);
        Memory.putLong(at, Memory.getLong(from));
        Memory.putLong(at + Long.BYTES, Memory.getLong(from + Long.BYTES));
    }

    @Override
    public void close() {
        child.close();
        result.close();
    }
}
