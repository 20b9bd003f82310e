package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.function.RowRanges;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.plan.AggregateCall;
import io.zeptodb.engine.plan.TextPlace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One aggregate of an aggregation while it runs: arguments, FILTER and DISTINCT around the function's {@link Aggregator}. DISTINCT keeps (group,
 * arguments) in a {@link GroupTable} and feeds the aggregator at the end. Owned by one operator, one thread.
 */
final class AggregateState implements AutoCloseable {
    private final MemoryBudget budget;
    private final @Nullable TextPlace place;
    private final Aggregator aggregator;
    private final ExpressionEvaluator[] arguments;
    private final ColumnVector[] vectors;
    private final @Nullable ExpressionEvaluator filter;
    private final SelectionVector passing = new SelectionVector(0);
    private final @Nullable GroupTable distinct;
    private final @Nullable WritableColumn groupColumn;
    private int[] distinctRows = {};

    AggregateState(AggregateCall call, ExecutionContext context) {
        this.budget = context.budget();
        this.place = call.place();
        List<Runnable> open = new ArrayList<>();
        boolean made = false;
        try {
            this.arguments = ExpressionEvaluator.all(call.arguments(), context);
            open.add(() -> ExpressionEvaluator.closeAll(arguments));
            this.filter = call.filter() == null ? null : new ExpressionEvaluator(call.filter(), context);
            if (filter != null) {
                open.add(filter::close);
            }
            this.aggregator = call.function().newAggregator(budget);
            made = true;
        } finally {
            if (!made) {
                open.forEach(Runnable::run);
            }
        }
        this.vectors = new ColumnVector[arguments.length];
        if (call.distinct() && arguments.length > 0) {
            List<ColumnType> types = new ArrayList<>();
            types.add(ColumnType.INTEGER);
            for (ExpressionEvaluator argument : arguments) {
                types.add(argument.type());
            }
            this.distinct = new GroupTable(budget, types);
            this.groupColumn = new WritableColumn(budget, ColumnType.INTEGER);
        } else {
            this.distinct = null;
            this.groupColumn = null;
        }
    }

    boolean dependsOnArrival() {
        return aggregator.dependsOnArrival();
    }

    void reserve(int groups) {
        aggregator.reserve(groups);
    }

    /** Takes the selected rows of a batch; {@code groups} by position. */
    void update(Batch batch, int[] groups) {
        try {
            take(batch, groups);
        } catch (EngineException e) {
            throw TextPlace.add(place, e);
        }
    }

    private void take(Batch batch, int[] groups) {
        SelectionVector selection = select(batch);
        if (isNothing(batch, selection)) {
            return;
        }
        ColumnVector[] values = evaluate(batch, selection);
        if (distinct != null) {
            remember(distinct, values, selection, batch.rowCount(), groups);
        } else {
            aggregator.update(values, selection, batch.rowCount(), groups);
        }
    }

    /** Takes the selected rows of a batch, all of one group. */
    void updateGroup(Batch batch, int group) {
        try {
            take(batch, group);
        } catch (EngineException e) {
            throw TextPlace.add(place, e);
        }
    }

    private void take(Batch batch, int group) {
        SelectionVector selection = select(batch);
        if (isNothing(batch, selection)) {
            return;
        }
        ColumnVector[] values = evaluate(batch, selection);
        if (distinct != null) {
            int[] groups = distinctRows(batch.rowCount());
            Arrays.fill(groups, 0, batch.rowCount(), group);
            remember(distinct, values, selection, batch.rowCount(), groups);
        } else {
            aggregator.updateGroup(group, values, selection, batch.rowCount());
        }
    }

    /** Takes all rows of a batch without a selection. */
    void updateRanges(Batch batch, RowRanges ranges) {
        if (filter != null || distinct != null) {
            update(batch, ranges.groupsByRow());
            return;
        }
        try {
            aggregator.updateRanges(evaluate(batch, null), ranges);
        } catch (EngineException e) {
            throw TextPlace.add(place, e);
        }
    }

    private @Nullable SelectionVector select(Batch batch) {
        if (filter == null) {
            return batch.selection();
        }
        filter.select(batch, batch.selection(), passing);
        return passing;
    }

    private static boolean isNothing(Batch batch, @Nullable SelectionVector selection) {
        return (selection == null ? batch.rowCount() : selection.count()) == 0;
    }

    private ColumnVector[] evaluate(Batch batch, @Nullable SelectionVector selection) {
        for (int i = 0; i < arguments.length; i++) {
            vectors[i] = arguments[i].evaluate(batch, selection);
        }
        return vectors;
    }

    private int[] distinctRows(int rows) {
        if (distinctRows.length < rows) {
            distinctRows = new int[Math.max(rows, Batch.ROWS)];
        }
        return distinctRows;
    }

    private void remember(
            GroupTable table, ColumnVector[] values, @Nullable SelectionVector selection, int rowCount, int[] groups) {
        if (groupColumn == null) {
            throw new IllegalStateException("DISTINCT without a column of groups");
        }
        groupColumn.reserve(rowCount);
        long to = groupColumn.data();
        for (int i = 0; i < rowCount; i++) {
            Memory.putInt(to + ((long) i << 2), groups[i]);
        }
        groupColumn.setRowCount(rowCount);
        ColumnVector[] keys = new ColumnVector[values.length + 1];
        keys[0] = groupColumn.vector();
        System.arraycopy(values, 0, keys, 1, values.length);
        table.assign(keys, selection, rowCount, distinctRows(rowCount));
    }

    /** Adds what another state of the same call holds: its group g joins group {@code groups[g]}. */
    void merge(AggregateState other, int[] groups, int groupCount) {
        budget.poll();
        GroupTable table = distinct;
        GroupTable theirs = other.distinct;
        if (table == null || theirs == null) {
            try {
                aggregator.merge(other.aggregator, groups, groupCount);
            } catch (EngineException e) {
                throw TextPlace.add(place, e);
            }
            return;
        }
        int rows = theirs.groupCount();
        ColumnVector[] values = new ColumnVector[arguments.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = theirs.key(i + 1);
        }
        budget.reserveHeap((long) rows * Integer.BYTES);
        int[] mapped = new int[rows];
        ColumnVector own = theirs.key(0);
        for (int i = 0; i < rows; i++) {
            mapped[i] = groups[own.getInt(i)];
        }
        remember(table, values, null, rows, mapped);
        budget.reserveHeap(-(long) rows * Integer.BYTES);
    }

    /** Ends the input: feeds what DISTINCT has kept. Before {@link #finish}. */
    void complete() {
        try {
            feed();
        } catch (EngineException e) {
            throw TextPlace.add(place, e);
        }
    }

    private void feed() {
        GroupTable table = distinct;
        if (table == null || table.groupCount() == 0) {
            return;
        }
        int rows = table.groupCount();
        budget.reserveHeap((long) rows * Integer.BYTES);
        int[] groups = new int[rows];
        ColumnVector own = table.key(0);
        for (int i = 0; i < rows; i++) {
            groups[i] = own.getInt(i);
        }
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = table.key(i + 1);
        }
        SelectionVector step = new SelectionVector(Math.min(rows, MemoryBudget.POLL_STEPS));
        for (int from = 0; from < rows; from += MemoryBudget.POLL_STEPS) {
            budget.poll();
            int count = Math.min(MemoryBudget.POLL_STEPS, rows - from);
            for (int i = 0; i < count; i++) {
                step.positions()[i] = from + i;
            }
            step.setCount(count);
            aggregator.update(vectors, step, rows, groups);
        }
        budget.reserveHeap(-(long) rows * Integer.BYTES);
    }

    /** Writes the results of groups [from, from + count) to rows [0, count). */
    void finish(int from, int count, WritableColumn result) {
        try {
            aggregator.finish(from, count, result);
        } catch (EngineException e) {
            throw TextPlace.add(place, e);
        }
    }

    @Override
    public void close() {
        ExpressionEvaluator.closeAll(arguments);
        if (filter != null) {
            filter.close();
        }
        if (distinct != null) {
            distinct.close();
        }
        if (groupColumn != null) {
            groupColumn.close();
        }
        aggregator.close();
    }
}
