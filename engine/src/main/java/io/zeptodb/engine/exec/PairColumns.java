package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A batch of pairs of a left and a right row: columns gathered from both sides by position. Owned by one operator; one thread. */
final class PairColumns implements AutoCloseable {
    private final int leftCount;
    private final @Nullable WritableColumn[] gathered;
    private final ColumnVector[] columns;
    private final Batch batch;

    /** @param used the columns, left then right, that shall be gathered; null for all. The others stay empty and must not be read */
    PairColumns(MemoryBudget budget, List<ColumnType> left, List<ColumnType> right, @Nullable BitSet used) {
        leftCount = left.size();
        gathered = new WritableColumn[left.size() + right.size()];
        columns = new ColumnVector[gathered.length];
        for (int i = 0; i < gathered.length; i++) {
            ColumnType type = i < leftCount ? left.get(i) : right.get(i - leftCount);
            columns[i] = new ColumnVector(type);
            if (used == null || used.get(i)) {
                gathered[i] = new WritableColumn(budget, type);
            }
        }
        batch = new Batch(columns);
    }

    /** Pair i is made of position {@code leftRows[i]} of the left and {@code rightRows[i]} of the right columns; -1 gives NULLs. */
    Batch gather(ColumnVector[] left, int[] leftRows, ColumnVector[] right, int[] rightRows, int count) {
        for (int i = 0; i < gathered.length; i++) {
            WritableColumn column = gathered[i];
            if (column == null) {
                continue;
            }
            if (i < leftCount) {
                column.gatherShared(left[i], leftRows, count);
            } else {
                column.gatherShared(right[i - leftCount], rightRows, count);
            }
            columns[i].pointLike(column.vector());
        }
        return batch.set(count, null);
    }

    @Override
    public void close() {
        for (WritableColumn column : gathered) {
            if (column != null) {
                column.close();
            }
        }
    }
}
