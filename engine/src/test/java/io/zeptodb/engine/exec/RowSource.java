package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.TestVectors;
import io.zeptodb.engine.batch.WritableColumn;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * An input for operators made of Java rows, in batches that break at random places, with rows between that do not count and with constant columns where it can.
 * Memory of a batch is overwritten by the next, so that an operator which keeps a vector too long is caught.
 */
final class RowSource implements Operator {
    private static final int MOST_ROWS = 300;

    private final List<ColumnType> types;
    private final List<@Nullable Object[]> rows;
    private final TestVectors.@Nullable Dictionary dictionary;
    private final Random random;
    private final WritableColumn[] columns;
    private final SelectionVector selection = new SelectionVector(0);
    private int at;
    private boolean closed;
    private int batches;

    /** @param dictionary of all SYMBOL columns, whose values are Strings in the rows */
    RowSource(
            MemoryBudget budget,
            List<ColumnType> types,
            List<@Nullable Object[]> rows,
            TestVectors.@Nullable Dictionary dictionary,
            Random random) {
        this.types = types;
        this.rows = rows;
        this.dictionary = dictionary;
        this.random = random;
        columns = new WritableColumn[types.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new WritableColumn(budget, types.get(i));
        }
    }

    @Override
    public @Nullable Batch next() {
        if (closed) {
            throw new IllegalStateException("read after close");
        }
        if (at == rows.size()) {
            return null;
        }
        batches++;
        int take = Math.min(rows.size() - at, 1 + random.nextInt(random.nextBoolean() ? 8 : MOST_ROWS));
        boolean all = random.nextBoolean();
        int[] source = new int[take * 3];
        int count = 0;
        int selected = 0;
        selection.reserve(source.length);
        while (selected < take) {
            if (!all && random.nextInt(3) == 0 && count - selected < take) {
                source[count++] = random.nextInt(rows.size());
                continue;
            }
            selection.positions()[selected++] = count;
            source[count++] = at++;
        }
        selection.setCount(selected);
        ColumnVector[] vectors = new ColumnVector[columns.length];
        for (int c = 0; c < columns.length; c++) {
            vectors[c] = fill(c, source, count);
        }
        return new Batch(vectors).set(count, all ? null : selection);
    }

    private ColumnVector fill(int c, int[] source, int count) {
        WritableColumn column = columns[c];
        column.clear();
        column.reserve(count);
        column.setDictionary(types.get(c).kind() == TypeKind.SYMBOL ? dictionary : null);
        boolean constant = true;
        Object first = rows.get(source[0])[c];
        for (int i = 0; i < count; i++) {
            Object value = rows.get(source[i])[c];
            constant &= java.util.Objects.equals(first, value);
            TestVectors.put(column, i, types.get(c).kind() == TypeKind.SYMBOL ? code(value) : value);
        }
        column.setRowCount(count);
        boolean asConstant = constant && random.nextBoolean();
        ColumnVector vector = column.vector();
        return new ColumnVector(types.get(c)).pointLike(vector).asConstant(asConstant);
    }

    private @Nullable Object code(@Nullable Object text) {
        return text == null || dictionary == null ? null : (long) dictionary.add((String) text);
    }

    int batches() {
        return batches;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        Arrays.stream(columns).forEach(WritableColumn::close);
    }
}
