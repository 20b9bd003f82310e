package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.KeyEquality;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.exec.spill.SpilledRows;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.plan.Expression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The first of two passes over ordered rows: what must be known of whole partitions before their first row can be computed, which is their size
 * and the aggregates over all of their rows. The rows are put on disk meanwhile. One thread.
 */
final class PartitionTotals implements AutoCloseable {
    /** An aggregate over each partition. */
    record Total(AggregateFunction function, List<Expression> arguments) {}

    private static final int LEAST_PARTITIONS = 16;

    private final ExecutionContext context;
    private final List<Integer> partitionBy;
    private final List<Total> totals;
    private final List<Aggregator> states = new ArrayList<>();
    private final List<ExpressionEvaluator[]> evaluators = new ArrayList<>();
    private final List<WritableColumn> results = new ArrayList<>();
    private final SelectionVector part = new SelectionVector(Batch.ROWS);
    private final SpilledRows file;
    private final RowStore last;
    private long[] rows = {};
    private int partitions;

    PartitionTotals(ExecutionContext context, List<ColumnType> types, List<Integer> partitionBy, List<Total> totals) {
        this.context = context;
        this.partitionBy = partitionBy;
        this.totals = totals;
        for (Total total : totals) {
            states.add(total.function.newAggregator(context.budget()));
            evaluators.add(ExpressionEvaluator.all(total.arguments, context));
        }
        file = context.newSpill(types, null);
        last = new RowStore(types, context.budget());
    }

    /** Reads all rows, which come partition by partition, and gives them back in their order. */
    Operator pass(Operator input) {
        for (Batch batch = input.next(); batch != null; batch = input.next()) {
            context.checkCancelled();
            add(batch);
            file.append(batch);
        }
        file.finish();
        last.close();
        for (int i = 0; i < totals.size(); i++) {
            WritableColumn result =
                    new WritableColumn(context.budget(), totals.get(i).function.result());
            results.add(result);
            result.reserve(Math.max(1, partitions));
            states.get(i).finish(0, partitions, result);
            result.setRowCount(partitions);
            states.get(i).close();
        }
        return file.read();
    }

    private void add(Batch batch) {
        int count = batch.selectedCount();
        if (count == 0) {
            return;
        }
        ColumnVector[][] arguments = new ColumnVector[totals.size()][];
        for (int i = 0; i < arguments.length; i++) {
            ExpressionEvaluator[] of = evaluators.get(i);
            arguments[i] = Arrays.stream(of).map(each -> each.evaluate(batch)).toArray(ColumnVector[]::new);
        }
        if (partitions == 0 || (last.rowCount() > 0 && !isSame(last.columns(), 0, batch, batch.position(0)))) {
            begin();
        }
        int from = 0;
        for (int i = 1; i <= count; i++) {
            boolean ends = i == count || !isSame(batch.columns(), batch.position(i - 1), batch, batch.position(i));
            if (ends) {
                addRows(batch, from, i, arguments);
                from = i;
                if (i < count) {
                    begin();
                }
            }
        }
        keepLast(batch, count - 1);
    }

    private void keepLast(Batch batch, int place) {
        if (!partitionBy.isEmpty()) {
            part.reserve(1);
            part.positions()[0] = batch.position(place);
            part.setCount(1);
            last.clear();
            last.append(batch, part);
        }
    }

    private boolean isSame(ColumnVector[] one, int row, Batch batch, int other) {
        for (int column : partitionBy) {
            if (!KeyEquality.equalOrBothNull(one[column], row, batch.column(column), other)) {
                return false;
            }
        }
        return true;
    }

    private void begin() {
        if (partitions == rows.length) {
            int wanted = Math.max(LEAST_PARTITIONS, partitions * 2);
            context.budget().reserveHeap((long) (wanted - partitions) * Long.BYTES);
            rows = Arrays.copyOf(rows, wanted);
        }
        partitions++;
        for (Aggregator state : states) {
            state.reserve(partitions);
        }
    }

    private void addRows(Batch batch, int from, int to, ColumnVector[][] arguments) {
        rows[partitions - 1] += to - from;
        if (states.isEmpty()) {
            return;
        }
        part.reserve(to - from);
        for (int i = from; i < to; i++) {
            part.positions()[i - from] = batch.position(i);
        }
        part.setCount(to - from);
        for (int i = 0; i < arguments.length; i++) {
            states.get(i).updateGroup(partitions - 1, arguments[i], part, batch.rowCount());
        }
    }

    /** How many rows a partition has. */
    long rows(int partition) {
        return rows[partition];
    }

    /** The results of an aggregate by partition; shared. */
    ColumnVector results(int total) {
        return results.get(total).vector();
    }

    @Override
    public void close() {
        Closing closing = new Closing();
        closing.each(states, Aggregator::close);
        closing.each(evaluators, ExpressionEvaluator::closeAll);
        closing.each(results, WritableColumn::close);
        closing.then(last::close);
        closing.then(file::close);
        closing.finish();
        context.budget().reserveHeap(-(long) rows.length * Long.BYTES);
        rows = new long[0];
        states.clear();
        evaluators.clear();
        results.clear();
    }
}
