package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.TextPlace;
import io.zeptodb.engine.plan.WindowCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Window functions. All rows are read and put in the window's order ({@link WindowRows}), each call computes its column over all of
 * them ({@link FrameCalls}), then batches are handed out that point into the columns.
 */
final class WindowOperator implements Operator {
    private final PhysicalPlan.Window plan;
    private final ExecutionContext context;
    private final Operator input;
    private final ColumnVector[] columns;
    private final Batch output;
    private final List<WritableColumn> results = new ArrayList<>();
    private final List<ExpressionEvaluator> evaluators = new ArrayList<>();
    private @Nullable WindowRows rows;
    private int next;
    private boolean ended;

    WindowOperator(PhysicalPlan.Window plan, ExecutionContext context, Operator input) {
        this.plan = plan;
        this.context = context;
        this.input = input;
        columns = plan.types().stream().map(ColumnVector::new).toArray(ColumnVector[]::new);
        output = new Batch(columns);
    }

    @Override
    public @Nullable Batch next() {
        if (ended) {
            return null;
        }
        context.checkCancelled();
        WindowRows all = rows;
        if (all == null) {
            all = WindowRows.read(
                    plan, context, input, new RowStore(plan.input().types(), context.budget()));
            rows = all;
            closeIfNothingOfItIsLeft();
            if (all.rowCount() > 0) {
                for (WindowCall call : plan.calls()) {
                    computePlaced(call, all);
                }
            }
        }
        if (next >= all.rowCount()) {
            ended = true;
            return null;
        }
        int count = Math.min(Batch.ROWS, all.rowCount() - next);
        ColumnVector[] stored = all.columns();
        for (int i = 0; i < columns.length; i++) {
            ColumnVector source = i < stored.length
                    ? stored[i]
                    : results.get(i - stored.length).vector();
            slice(source, next, columns[i]);
        }
        next += count;
        return output.set(count, null);
    }

    /** Gives the input's memory back; symbols may still need a dictionary that the input made. */
    private void closeIfNothingOfItIsLeft() {
        if (plan.input().types().stream().noneMatch(type -> type.kind() == TypeKind.SYMBOL)) {
            input.close();
        }
    }

    /** Points at the rows from a multiple of eight on. */
    static void slice(ColumnVector source, int from, ColumnVector target) {
        target.pointLike(source);
        int width = source.type().width();
        long data = source.type().kind() == TypeKind.BOOLEAN ? from >>> 3 : (long) from * width;
        target.point(
                source.dataBuffer(),
                source.data() + data,
                source.validityBuffer(),
                source.hasNulls() ? source.validity() + (from >>> 3) : 0);
    }

    private void computePlaced(WindowCall call, WindowRows all) {
        try {
            compute(call, all);
        } catch (EngineException e) {
            throw TextPlace.add(call.place(), e);
        }
    }

    private void compute(WindowCall call, WindowRows all) {
        context.checkCancelled();
        WritableColumn result = new WritableColumn(context.budget(), call.type());
        results.add(result);
        result.reserve(all.rowCount());
        ColumnVector[] arguments = arguments(call, all);
        switch (call.kind()) {
            case ROW_NUMBER, RANK, DENSE_RANK, PERCENT_RANK, CUME_DIST, NTILE -> {
                WindowRanking.compute(call.kind(), all, arguments, result);
                result.setRowCount(all.rowCount());
            }
            case LAG, LEAD, FIRST_VALUE, LAST_VALUE, NTH_VALUE, AGGREGATE ->
                FrameCalls.compute(context, call, all, arguments, 0, all.rowCount(), result);
            case EMA, EMA_ALPHA, EMA_HALFLIFE -> average(call, all, arguments, result);
        }
    }

    private void average(WindowCall call, WindowRows all, ColumnVector[] arguments, WritableColumn result) {
        int[] starts = all.partitionStarts();
        try (ExponentialAverage average = ExponentialAverage.of(call, context)) {
            for (int p = 0; p < all.partitionCount(); p++) {
                average.begin(0);
                for (int from = starts[p]; from < starts[p + 1]; from += Batch.ROWS) {
                    context.checkCancelled();
                    average.compute(0, arguments, from, Math.min(Batch.ROWS, starts[p + 1] - from), result);
                }
            }
        }
        result.setRowCount(all.rowCount());
    }

    private ColumnVector[] arguments(WindowCall call, WindowRows all) {
        Batch batch = new Batch(all.columns()).set(all.rowCount(), null);
        ColumnVector[] arguments = new ColumnVector[call.arguments().size()];
        for (int i = 0; i < arguments.length; i++) {
            ExpressionEvaluator evaluator =
                    new ExpressionEvaluator(call.arguments().get(i), context);
            evaluators.add(evaluator);
            arguments[i] = evaluator.evaluate(batch);
        }
        return arguments;
    }

    @Override
    public void close() {
        ended = true;
        input.close();
        results.forEach(WritableColumn::close);
        evaluators.forEach(ExpressionEvaluator::close);
        if (rows != null) {
            rows.close();
        }
    }
}
