package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import org.jspecify.annotations.Nullable;

/** NULL for every group: what an aggregate over arguments that were not given is. Takes no argument. */
public final class NothingAggregator implements Aggregator {
    @Override
    public void reserve(int groups) {}

    @Override
    public void update(ColumnVector[] arguments, @Nullable SelectionVector selection, int rowCount, int[] groups) {}

    @Override
    public void updateGroup(int group, ColumnVector[] arguments, @Nullable SelectionVector selection, int rowCount) {}

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {}

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            result.setNull(i);
        }
    }

    @Override
    public long memoryBytes() {
        return 0;
    }

    @Override
    public void close() {}
}
