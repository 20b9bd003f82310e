package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.exec.expression.BoxedValues;
import io.zeptodb.engine.exec.expression.SymbolTexts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batches of rows that come as objects: constant rows, rows that the engine knows of itself. Owned by one operator, one thread. */
final class BoxedRows implements AutoCloseable {
    private final WritableColumn[] columns;
    private final @Nullable SymbolTexts[] texts;
    private final ColumnVector[] vectors;
    private final Batch batch;

    BoxedRows(List<ColumnType> types, MemoryBudget budget) {
        columns = new WritableColumn[types.size()];
        texts = new SymbolTexts[columns.length];
        vectors = new ColumnVector[columns.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new WritableColumn(budget, types.get(i));
            if (types.get(i).kind() == TypeKind.SYMBOL) {
                texts[i] = new SymbolTexts(budget);
                columns[i].setDictionary(texts[i]);
            }
            vectors[i] = columns[i].vector();
        }
        batch = new Batch(vectors);
    }

    /** Forgets the rows before and makes room for these. */
    void begin(int rows) {
        for (WritableColumn column : columns) {
            column.clear();
            column.reserve(rows);
        }
    }

    /** Writes a value in the representation of {@code Expression.Literal}; null for NULL. */
    void write(int row, int column, @Nullable Object value) {
        SymbolTexts symbols = texts[column];
        if (symbols == null) {
            BoxedValues.write(columns[column], row, value);
            return;
        }
        columns[column].setLong(row, symbols.codeOf(value == null ? "" : (String) value));
        if (value == null) {
            columns[column].setNull(row);
        }
    }

    Batch batch(int rows) {
        for (int i = 0; i < columns.length; i++) {
            columns[i].setRowCount(rows);
            vectors[i] = columns[i].vector();
        }
        return batch.set(rows, null);
    }

    @Override
    public void close() {
        for (int i = 0; i < columns.length; i++) {
            columns[i].close();
            SymbolTexts symbols = texts[i];
            if (symbols != null) {
                symbols.close();
            }
        }
    }
}
