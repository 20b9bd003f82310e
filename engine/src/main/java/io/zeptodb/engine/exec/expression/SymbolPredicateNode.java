package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.kernel.Selects;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A condition that depends on one SYMBOL column only (LIKE, an order, a function of its text): computed once for each code that turns
 * up, and looked up by code from then on. NULL is a case of its own, whatever the condition makes of it.
 */
final class SymbolPredicateNode extends ExpressionNode {
    private static final byte UNKNOWN = 0;
    private static final byte FALSE = 1;
    private static final byte TRUE = 2;
    private static final byte NULL = 3;

    /** A dictionary this many times as large as the batch is not worth a table. */
    private static final int MOST_CODES_PER_ROW = 64;

    private final int index;
    private final ExpressionNode condition;
    private final WritableColumn result;
    private final WritableColumn asked;
    private final ColumnVector symbols = new ColumnVector(ColumnType.SYMBOL);
    private final Batch codes;
    private @Nullable SymbolDictionary dictionary;
    private byte[] verdicts = {};
    private byte nullVerdict = UNKNOWN;

    SymbolPredicateNode(int index, ExpressionNode condition, MemoryBudget budget) {
        super(ColumnType.BOOLEAN);
        this.index = index;
        this.condition = condition;
        this.result = new WritableColumn(budget, ColumnType.BOOLEAN);
        this.asked = new WritableColumn(budget, ColumnType.SYMBOL);
        ColumnVector[] columns = new ColumnVector[index + 1];
        Arrays.fill(columns, symbols);
        this.codes = new Batch(columns);
    }

    @Override
    public int select(Batch batch, @Nullable SelectionVector in, SelectionVector out) {
        ColumnVector vector = batch.column(index);
        if (!worthwhile(vector, batch)) {
            return condition.select(batch, in, out);
        }
        learn(vector, positions(in), count(batch, in));
        int count = count(batch, in);
        int[] positions = positions(in);
        int kept;
        if (vector.hasNulls()) {
            kept = 0;
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                out.positions()[kept] = at;
                kept += verdict(vector, at) == TRUE ? 1 : 0;
            }
        } else {
            kept = Selects.codes(vector.data(), positions, count, out.positions(), verdicts, TRUE);
        }
        out.setCount(kept);
        return kept;
    }

    @Override
    public ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection) {
        ColumnVector vector = batch.column(index);
        if (!worthwhile(vector, batch)) {
            return condition.evaluate(batch, selection);
        }
        int rows = batch.rowCount();
        int[] positions = positions(selection);
        int count = count(batch, selection);
        learn(vector, positions, count);
        result.clear();
        result.reserve(rows);
        long bits = result.data();
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            byte verdict = verdict(vector, at);
            Memory.putBit(bits, at, verdict == TRUE);
            if (verdict == NULL) {
                result.setNull(at);
            }
        }
        result.setRowCount(rows);
        return result.vector();
    }

    private static boolean worthwhile(ColumnVector vector, Batch batch) {
        SymbolDictionary symbols = vector.dictionary();
        return symbols != null && !vector.isConstant() && symbols.size() / MOST_CODES_PER_ROW <= batch.rowCount();
    }

    private byte verdict(ColumnVector vector, int row) {
        return vector.isNull(row) ? nullVerdict : verdicts[vector.getInt(row)];
    }

    /** Computes the condition for the codes at these positions that it was not computed for yet. */
    private void learn(ColumnVector vector, int @Nullable [] positions, int count) {
        SymbolDictionary current = Objects.requireNonNull(vector.dictionary());
        if (current != dictionary) {
            dictionary = current;
            verdicts = new byte[0];
            nullVerdict = UNKNOWN;
        }
        if (verdicts.length < current.size()) {
            verdicts = Arrays.copyOf(verdicts, current.size());
        }
        asked.clear();
        int unknown = 0;
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            if (vector.isNull(at)) {
                if (nullVerdict == UNKNOWN) {
                    nullVerdict = NULL;
                    asked.reserve(unknown + 1);
                    asked.setLong(unknown, 0);
                    asked.setNull(unknown++);
                }
            } else if (verdicts[vector.getInt(at)] == UNKNOWN) {
                int code = vector.getInt(at);
                verdicts[code] = NULL;
                asked.reserve(unknown + 1);
                asked.setLong(unknown++, code);
            }
        }
        if (unknown > 0) {
            judge(unknown, current);
        }
    }

    private void judge(int count, SymbolDictionary current) {
        asked.setRowCount(count);
        symbols.pointLike(asked.vector()).withDictionary(current);
        ColumnVector truth = condition.evaluate(codes.set(count, null), null);
        for (int i = 0; i < count; i++) {
            byte verdict = truth.isNull(i) ? NULL : truth.getBoolean(i) ? TRUE : FALSE;
            if (symbols.isNull(i)) {
                nullVerdict = verdict;
            } else {
                verdicts[symbols.getInt(i)] = verdict;
            }
        }
    }

    @Override
    public void close() {
        condition.close();
        result.close();
        asked.close();
    }
}
