package io.zeptodb.engine;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.exec.expression.BoxedValues;
import java.util.ArrayList;
import java.util.List;

/** Puts the columns of an INSERT at their places in the table, with NULL in the places that it does not name. One thread. */
final class RowTarget implements AutoCloseable {
    private final ColumnVector[] columns;
    private final int[] ordinals;
    private final List<WritableColumn> nulls = new ArrayList<>();

    RowTarget(TableMetadata table, List<Integer> ordinals, MemoryBudget budget) {
        this.columns = new ColumnVector[table.schema().columns().size()];
        this.ordinals = ordinals.stream().mapToInt(Integer::intValue).toArray();
        for (int i = 0; i < columns.length; i++) {
            if (!ordinals.contains(i)) {
                columns[i] = nullConstant(table.schema().typeOf(i), budget);
            }
        }
    }

    private ColumnVector nullConstant(ColumnType type, MemoryBudget budget) {
        WritableColumn column = new WritableColumn(budget, type);
        nulls.add(column);
        column.reserve(1);
        BoxedValues.write(column, 0, null);
        column.setRowCount(1);
        return column.vector().asConstant(true);
    }

    /** The columns by ordinal; valid until the next call, and as long as the sources. */
    ColumnVector[] columns(ColumnVector[] sources) {
        for (int i = 0; i < ordinals.length; i++) {
            columns[ordinals[i]] = sources[i];
        }
        return columns;
    }

    @Override
    public void close() {
        nulls.forEach(WritableColumn::close);
    }
}
