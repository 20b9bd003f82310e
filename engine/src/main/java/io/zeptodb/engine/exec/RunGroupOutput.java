package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.AggregateCall;
import io.zeptodb.engine.plan.PhysicalPlan.RunAggregate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a completed {@link RunAggregation}: groups, then aggregates, batch by batch. Owned by one operator, one thread. */
final class RunGroupOutput implements AutoCloseable {
    private final RunAggregate plan;
    private final ScanRanges source;
    private final ExecutionContext context;
    private final List<WritableColumn> groupColumns = new ArrayList<>();
    private final WritableColumn[] results;
    private final ColumnVector[] columns;
    private final Batch output;
    private int written;

    RunGroupOutput(RunAggregate plan, ScanRanges source, ExecutionContext context) {
        this.plan = plan;
        this.source = source;
        this.context = context;
        int groups = (plan.groupByKey() ? 1 : 0) + (plan.bucketWidth() == null ? 0 : 1);
        for (int i = 0; i < groups; i++) {
            groupColumns.add(
                    new WritableColumn(context.budget(), plan.columns().get(i).type()));
        }
        this.results = new WritableColumn[plan.aggregates().size()];
        for (int i = 0; i < results.length; i++) {
            AggregateCall call = plan.aggregates().get(i);
            results[i] = new WritableColumn(context.budget(), call.function().result());
        }
        this.columns = new ColumnVector[groups + results.length];
        this.output = new Batch(columns);
    }

    /** The next rows, or null behind the last; valid until the next call. */
    @Nullable
    Batch next(RunAggregation groups) {
        int count = Math.min(Batch.ROWS, groups.groupCount() - written);
        if (count == 0) {
            return null;
        }
        context.checkCancelled();
        writeGroups(groups, count);
        groups.aggregates().finish(written, count, results);
        for (int i = 0; i < results.length; i++) {
            columns[groupColumns.size() + i] = results[i].vector();
        }
        written += count;
        return output.set(count, null);
    }

    private void writeGroups(RunAggregation groups, int count) {
        for (int i = 0; i < groupColumns.size(); i++) {
            WritableColumn column = groupColumns.get(i);
            column.clear();
            column.reserve(count);
            boolean isKey = plan.groupByKey() && (plan.bucketWidth() == null || (i == 0) != plan.bucketFirst());
            for (int row = 0; row < count; row++) {
                int group = written + row;
                column.setLong(row, isKey ? groups.key(group) : groups.bucket(group));
                if (isKey ? groups.keyIsNull(group) : groups.bucketIsNull(group)) {
                    column.setNull(row);
                }
            }
            column.setRowCount(count);
            if (column.type().kind() == TypeKind.SYMBOL) {
                column.setDictionary(
                        source.table().dictionary(plan.scan().table().schema().keyOrdinal()));
            }
            columns[i] = column.vector();
        }
    }

    @Override
    public void close() {
        groupColumns.forEach(WritableColumn::close);
        for (WritableColumn result : results) {
            result.close();
        }
    }
}
