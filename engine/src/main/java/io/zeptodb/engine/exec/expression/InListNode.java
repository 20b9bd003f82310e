package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.SymbolDictionary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** IN a list of constants: a set of order keys; for a SYMBOL of codes; for texts and decimals of their bytes. */
final class InListNode extends PredicateNode {
    private final ExpressionNode child;
    private final boolean negated;
    private final List<?> values;
    private final MemoryBudget budget;
    private final ColumnVector[] one = new ColumnVector[1];
    private long[] keys = {};
    private @Nullable LongSet set;
    private @Nullable WideSet wideSet;
    private @Nullable SymbolDictionary known;
    private int knownSize;

    InListNode(ExpressionNode child, List<?> values, boolean negated, MemoryBudget budget) {
        super(budget);
        this.child = child;
        this.negated = negated;
        this.values = values;
        this.budget = budget;
    }

    @Override
    ColumnVector[] operands(Batch batch, @Nullable SelectionVector selection) {
        one[0] = child.evaluate(batch, selection);
        return one;
    }

    @Override
    int test(int @Nullable [] in, int count, int[] out) {
        ColumnVector vector = one[0];
        if (!OrderKeys.has(vector.type().kind())) {
            WideSet members = wideSet;
            if (members == null) {
                members = new WideSet(values, vector.type(), budget);
                wideSet = members;
            }
            return members.select(vector, in, count, out, negated);
        }
        if (keys.length < count) {
            keys = new long[count];
        }
        OrderKeys.load(vector, in, count, keys);
        return setFor(vector).select(keys, in, count, out, negated);
    }

    private LongSet setFor(ColumnVector vector) {
        LongSet made = set;
        SymbolDictionary dictionary = vector.dictionary();
        boolean stale = dictionary != null && (dictionary != known || dictionary.size() != knownSize);
        if (made == null || stale) {
            known = dictionary;
            knownSize = dictionary == null ? 0 : dictionary.size();
            made = makeSet(vector.type().kind(), dictionary);
            set = made;
        }
        return made;
    }

    private LongSet makeSet(TypeKind kind, @Nullable SymbolDictionary dictionary) {
        long[] members = new long[values.size()];
        int count = 0;
        for (Object value : values) {
            if (dictionary != null) {
                int code = dictionary.find((String) value);
                if (code >= 0) {
                    members[count++] = code;
                }
            } else if (kind == TypeKind.BOOLEAN) {
                members[count++] = (Boolean) value ? 1 : 0;
            } else if (kind.isFloat()) {
                members[count++] = OrderKeys.of(((Number) value).doubleValue());
            } else {
                members[count++] = ((Number) value).longValue();
            }
        }
        return new LongSet(members, count);
    }

    @Override
    public boolean isConstant() {
        return child.isConstant();
    }

    @Override
    public void close() {
        super.close();
        child.close();
        if (wideSet != null) {
            wideSet.close();
        }
    }
}
