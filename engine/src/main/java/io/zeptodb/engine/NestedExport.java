package io.zeptodb.engine;

import io.zeptodb.engine.api.NestedVectors;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.NestedShape;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** Columns of arrays and rows as Arrow's List and Struct vectors: always a copy, for the engine's own layout is another one. Stateless. */
final class NestedExport {
    private NestedExport() {}

    /** Loads rows [from, from + count) of the positions, or of the column itself, into a vector. */
    static void load(
            ColumnVector column,
            int @Nullable [] positions,
            int from,
            int count,
            FieldVector target,
            MemoryBudget budget) {
        target.clear();
        target.setInitialCapacity(count);
        target.allocateNew();
        NestedShape shape = new NestedShape(column.type());
        for (int i = 0; i < count; i++) {
            int row = positions == null ? from + i : positions[from + i];
            if (!column.isNull(row)) {
                // one array may be as long as a table
                budget.poll();
                NestedVectors.write(target, i, column.type(), shape.toList(column.viewBytes(row)));
            }
        }
        target.setValueCount(count);
    }
}
