package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.AggregateCall;
import io.zeptodb.engine.plan.Expression;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The aggregates of a window join. Their arguments and filters are computed once for each right row and kept in the order of places, so that a window is
 * a range of them. Owned by one operator; one thread.
 */
final class WindowAggregates implements AutoCloseable {
    private final ExecutionContext context;
    private final List<AggregateCall> calls;
    private final List<Expression> expressions = new ArrayList<>();
    private final ExpressionEvaluator[] evaluators;
    private final List<ColumnType> types;
    private final ColumnVector[] evaluated;
    private final Batch batchOfEvaluated;
    private final WritableColumn[] results;
    private RowStore values;
    private @Nullable WindowAggregate[] aggregates = {};

    WindowAggregates(ExecutionContext context, List<AggregateCall> calls) {
        this.context = context;
        this.calls = calls;
        for (AggregateCall call : calls) {
            call.arguments().forEach(this::add);
            if (call.filter() != null) {
                add(call.filter());
            }
        }
        types = expressions.stream().map(Expression::type).toList();
        evaluators = ExpressionEvaluator.all(expressions, context);
        evaluated = new ColumnVector[types.size()];
        for (int i = 0; i < evaluated.length; i++) {
            evaluated[i] = new ColumnVector(types.get(i));
        }
        batchOfEvaluated = new Batch(evaluated);
        values = new RowStore(types, context.budget());
        results = new WritableColumn[calls.size()];
        for (int i = 0; i < results.length; i++) {
            results[i] =
                    new WritableColumn(context.budget(), calls.get(i).function().result());
        }
    }

    private void add(Expression expression) {
        if (!expressions.contains(expression)) {
            expressions.add(expression);
        }
    }

    /** Takes the selected rows of a batch of the right side. */
    void add(Batch batch) {
        for (int i = 0; i < evaluators.length; i++) {
            evaluated[i].pointLike(evaluators[i].evaluate(batch, batch.selection()));
        }
        values.append(batchOfEvaluated.set(batch.rowCount(), batch.selection()));
    }

    /** Ends the input: brings the rows into the order of places. */
    void arrange(AsofIndex index) {
        int[] rows = index.rows();
        int places = index.starts()[index.starts().length - 1];
        if (rows != null) {
            RowStore unordered = values;
            values = new RowStore(types, context.budget());
            try {
                values.append(unordered, rows, places);
            } finally {
                unordered.close();
            }
        }
        aggregates = new WindowAggregate[calls.size()];
        for (int i = 0; i < aggregates.length; i++) {
            AggregateCall call = calls.get(i);
            ColumnVector filter = call.filter() == null ? null : column(call.filter());
            aggregates[i] = new WindowAggregate(
                    context, call, call.arguments().stream().map(this::column).toList(), filter, places);
        }
    }

    private ColumnVector column(Expression expression) {
        return values.column(expressions.indexOf(expression));
    }

    /**
     * One column for each aggregate, valid until the next call.
     *
     * @param batch of the left side; other positions than the selected ones mean nothing in the results
     * @param firsts first place of the window of each position
     * @param ends place behind the last
     */
    WritableColumn[] compute(Batch batch, int[] firsts, int[] ends) {
        for (int i = 0; i < results.length; i++) {
            WindowAggregate aggregate = aggregates[i];
            if (aggregate == null) {
                throw new IllegalStateException("aggregates before their rows are arranged");
            }
            context.checkCancelled();
            aggregate.compute(batch, firsts, ends, results[i]);
        }
        return results;
    }

    @Override
    public void close() {
        for (WindowAggregate aggregate : aggregates) {
            if (aggregate != null) {
                aggregate.close();
            }
        }
        ExpressionEvaluator.closeAll(evaluators);
        values.close();
        for (WritableColumn result : results) {
            result.close();
        }
    }
}
