package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.NestedShape;
import io.zeptodb.engine.batch.NestedWriter;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.function.RowRanges;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Several aggregates of the rows whose first argument is not NULL, as one ROW, which is NULL when the last of them, a count, is 0. */
public final class RowOfAggregates implements Aggregator {
    private final Part[] parts;
    private final WritableColumn[] results;
    private final NestedWriter writer;
    private final SelectionVector rows = new SelectionVector(Batch.ROWS);

    /**
     * One of the aggregates.
     *
     * @param aggregator taken over
     * @param arguments which of the arguments it takes
     */
    public record Part(Aggregator aggregator, int... arguments) {
        private ColumnVector[] of(ColumnVector[] all) {
            ColumnVector[] own = new ColumnVector[arguments.length];
            for (int i = 0; i < own.length; i++) {
                own[i] = all[arguments[i]];
            }
            return own;
        }
    }

    /** @param type a ROW with a field for each part */
    public RowOfAggregates(MemoryBudget budget, ColumnType type, List<Part> parts) {
        this.parts = parts.toArray(Part[]::new);
        this.writer = new NestedWriter(new NestedShape(type));
        List<WritableColumn> columns = new ArrayList<>();
        type.fields().forEach(field -> columns.add(new WritableColumn(budget, field.type())));
        this.results = columns.toArray(WritableColumn[]::new);
    }

    @Override
    public void reserve(int groups) {
        for (Part part : parts) {
            part.aggregator.reserve(groups);
        }
    }

    @Override
    public void update(ColumnVector[] arguments, @Nullable SelectionVector given, int rowCount, int[] groups) {
        SelectionVector selection = present(arguments[0], given, rowCount);
        for (Part part : parts) {
            part.aggregator.update(part.of(arguments), selection, rowCount, groups);
        }
    }

    @Override
    public void updateGroup(int group, ColumnVector[] arguments, @Nullable SelectionVector given, int rowCount) {
        SelectionVector selection = present(arguments[0], given, rowCount);
        for (Part part : parts) {
            part.aggregator.updateGroup(group, part.of(arguments), selection, rowCount);
        }
    }

    /** The selected rows whose first argument is not NULL; the selection itself when all are. */
    private @Nullable SelectionVector present(ColumnVector first, @Nullable SelectionVector given, int rowCount) {
        if (!first.hasNulls()) {
            return given;
        }
        int selected = given == null ? rowCount : given.count();
        rows.reserve(selected);
        int[] positions = rows.positions();
        int count = 0;
        for (int i = 0; i < selected; i++) {
            int row = given == null ? i : given.positions()[i];
            positions[count] = row;
            count += first.isNull(row) ? 0 : 1;
        }
        rows.setCount(count);
        return rows;
    }

    @Override
    public void updateRanges(ColumnVector[] arguments, RowRanges ranges) {
        if (arguments[0].hasNulls()) {
            update(arguments, null, ranges.rowCount(), ranges.groupsByRow());
            return;
        }
        for (Part part : parts) {
            part.aggregator.updateRanges(part.of(arguments), ranges);
        }
    }

    @Override
    public boolean dependsOnArrival() {
        boolean depends = false;
        for (Part part : parts) {
            depends |= part.aggregator.dependsOnArrival();
        }
        return depends;
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        RowOfAggregates from = (RowOfAggregates) other;
        for (int i = 0; i < parts.length; i++) {
            parts[i].aggregator.merge(from.parts[i].aggregator, groups, groupCount);
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < parts.length; i++) {
            results[i].clear();
            results[i].reserve(count);
            parts[i].aggregator.finish(from, count, results[i]);
            results[i].setRowCount(count);
        }
        ColumnVector rows = results[results.length - 1].vector();
        for (int row = 0; row < count; row++) {
            if (rows.getLong(row) == 0) {
                NestedShape.writeNull(result, row);
                continue;
            }
            writer.begin(parts.length);
            for (WritableColumn part : results) {
                writer.put(part.vector(), row);
            }
            writer.finish(result, row);
        }
    }

    @Override
    public long memoryBytes() {
        long bytes = 0;
        for (Part part : parts) {
            bytes += part.aggregator.memoryBytes();
        }
        return bytes;
    }

    @Override
    public void close() {
        for (Part part : parts) {
            part.aggregator.close();
        }
        for (WritableColumn result : results) {
            result.close();
        }
    }
}
