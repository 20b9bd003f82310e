package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.plan.Expression;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one side of a join, computed batch by batch in the form in which both sides can be compared: where a SYMBOL meets a VARCHAR both
 * become text, where SYMBOLs of two dictionaries meet the probing side gets the built side's codes. Owned by one operator; one thread.
 */
final class JoinKeys implements AutoCloseable {
    private final ExpressionEvaluator[] evaluators;
    private final List<ColumnType> types;
    private final boolean[] nullMatches;
    private final @Nullable SymbolTranslation[] translations;
    private final @Nullable SymbolDictionary[] dictionaries;
    private final ColumnVector[] vectors;
    private final SelectionVector present = new SelectionVector(Batch.ROWS);

    /**
     * @param types what {@link #commonTypes} says of both sides
     * @param nullMatches for each key whether NULL is a key like others
     */
    JoinKeys(List<Expression> keys, List<ColumnType> types, boolean[] nullMatches, ExecutionContext context) {
        this.types = types;
        this.nullMatches = nullMatches;
        evaluators = ExpressionEvaluator.all(keys, context);
        translations = new SymbolTranslation[keys.size()];
        dictionaries = new SymbolDictionary[keys.size()];
        vectors = new ColumnVector[keys.size()];
        for (int i = 0; i < evaluators.length; i++) {
            if (keys.get(i).type().kind() == TypeKind.SYMBOL) {
                translations[i] = new SymbolTranslation(context.budget());
            }
        }
    }

    /** The types in which the keys of two sides are compared. */
    static List<ColumnType> commonTypes(List<Expression> left, List<Expression> right) {
        List<ColumnType> types = new ArrayList<>(left.size());
        for (int i = 0; i < left.size(); i++) {
            ColumnType one = left.get(i).type();
            ColumnType other = right.get(i).type();
            boolean mixedText = one.kind() != other.kind()
                    && one.kind().isText()
                    && other.kind().isText();
            if (!mixedText && (one.kind() != other.kind() || one.scale() != other.scale())) {
                throw new EngineException(
                        ErrorCode.INTERNAL_ERROR,
                        "join key " + (i + 1) + " is " + one + " on the left and " + other
                                + " on the right, please report this");
            }
            types.add(mixedText ? ColumnType.VARCHAR : one);
        }
        return types;
    }

    /** The keys of a batch of the built side, whose dictionaries are remembered; valid until the next call. */
    ColumnVector[] built(Batch batch) {
        for (int i = 0; i < evaluators.length; i++) {
            ColumnVector key = evaluators[i].evaluate(batch);
            SymbolTranslation translation = translations[i];
            if (translation != null && types.get(i).kind() == TypeKind.VARCHAR) {
                key = translation.toText(key, batch.rowCount());
            } else if (translation != null && key.dictionary() != null) {
                SymbolDictionary known = dictionaries[i];
                if (known == null) {
                    dictionaries[i] = key.dictionary();
                } else {
                    key = translation.toDictionary(key, batch.rowCount(), known);
                }
            }
            vectors[i] = key;
        }
        return vectors;
    }

    /** The dictionaries of the built side's keys, null where a key is no symbol or none came. */
    @Nullable
    SymbolDictionary[] dictionaries() {
        return dictionaries;
    }

    /** The keys of a batch of the probing side, in the built side's form; valid until the next call. */
    ColumnVector[] probing(Batch batch, JoinKeys builtSide) {
        return probing(batch, builtSide.dictionaries);
    }

    /** @param built the {@link #dictionaries} of the built side's keys */
    ColumnVector[] probing(Batch batch, @Nullable SymbolDictionary[] built) {
        for (int i = 0; i < evaluators.length; i++) {
            ColumnVector key = evaluators[i].evaluate(batch);
            SymbolTranslation translation = translations[i];
            SymbolDictionary target = built[i];
            if (translation != null && types.get(i).kind() == TypeKind.VARCHAR) {
                key = translation.toText(key, batch.rowCount());
            } else if (translation != null && target != null) {
                key = translation.toDictionary(key, batch.rowCount(), target);
            }
            vectors[i] = key;
        }
        return vectors;
    }

    /**
     * Of the positions of a batch that count, those whose keys can match: NULL can not, unless it is a key like others.
     *
     * @param keys what {@link #built} or {@link #probing} gave for the batch
     * @return null when all positions of the batch count; valid until the next call
     */
    @Nullable
    SelectionVector matchable(Batch batch, ColumnVector[] keys) {
        SelectionVector selection = batch.selection();
        for (int i = 0; i < keys.length; i++) {
            if (!nullMatches[i] && keys[i].hasNulls()) {
                dropNulls(keys[i], selection, batch.rowCount());
                selection = present;
            }
        }
        return selection;
    }

    private void dropNulls(ColumnVector key, @Nullable SelectionVector selection, int rowCount) {
        if (selection == null) {
            present.selectAll(rowCount);
        } else if (selection != present) {
            present.reserve(selection.count());
            System.arraycopy(selection.positions(), 0, present.positions(), 0, selection.count());
            present.setCount(selection.count());
        }
        int[] positions = present.positions();
        int kept = 0;
        for (int i = 0; i < present.count(); i++) {
            int position = positions[i];
            positions[kept] = position;
            kept += key.isNull(position) ? 0 : 1;
        }
        present.setCount(kept);
    }

    @Override
    public void close() {
        ExpressionEvaluator.closeAll(evaluators);
        for (SymbolTranslation translation : translations) {
            if (translation != null) {
                translation.close();
            }
        }
    }
}
