package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.plan.Expression.Comparator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** SYMBOL = SYMBOL, or <>: codes of one dictionary are compared, codes of another are translated first, each once. */
final class SymbolPairNode extends PairComparisonNode {
    private static final int UNKNOWN = -2;

    private int targetSize;

    private @Nullable SymbolDictionary from;
    private @Nullable SymbolDictionary to;
    private int[] translated = {};

    SymbolPairNode(ExpressionNode left, Comparator operator, ExpressionNode right, MemoryBudget budget) {
        super(left, operator, right, budget);
    }

    @Override
    int test(ColumnVector leftVector, ColumnVector rightVector, int @Nullable [] in, int count, int[] out) {
        SymbolDictionary leftSymbols = leftVector.requireDictionary();
        SymbolDictionary rightSymbols = rightVector.requireDictionary();
        boolean same = leftSymbols == rightSymbols;
        // a dictionary that a query fills as it runs may find tomorrow what it does not know today
        if (!same && (from != leftSymbols || to != rightSymbols || targetSize != rightSymbols.size())) {
            from = leftSymbols;
            to = rightSymbols;
            targetSize = rightSymbols.size();
            translated = new int[0];
        }
        boolean wanted = operator == Comparator.EQUAL;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int at = in == null ? i : in[i];
            int code = leftVector.getInt(at);
            int leftCode = same ? code : translate(code, leftSymbols, rightSymbols);
            out[kept] = at;
            kept += (leftCode == rightVector.getInt(at)) == wanted ? 1 : 0;
        }
        return kept;
    }

    private int translate(int code, SymbolDictionary source, SymbolDictionary target) {
        if (code >= translated.length) {
            int known = translated.length;
            translated = Arrays.copyOf(translated, Math.max(source.size(), code + 1));
            Arrays.fill(translated, known, translated.length, UNKNOWN);
        }
        int found = translated[code];
        if (found == UNKNOWN) {
            found = target.find(source.text(code));
            translated[code] = found;
        }
        return found;
    }
}
