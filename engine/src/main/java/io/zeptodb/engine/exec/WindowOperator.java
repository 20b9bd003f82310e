package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.TextPlace;
import io.zeptodb.engine.plan.WindowCall;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Window functions. All rows are read and put in the window's order ({@link WindowRows}), each call computes its column over all of
 * them, then batches are handed out that point into the columns. Counts, sums and extremes slide ({@link FrameFunction}), other
 * aggregates go by {@link FrameAggregation}.
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
    private static void slice(ColumnVector source, int from, ColumnVector target) {
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
            case LAG, LEAD, FIRST_VALUE, LAST_VALUE, NTH_VALUE -> {
                try (WindowValues values = new WindowValues(context, all, call, arguments)) {
                    values.compute(new FrameBounds(call.frame(), all, context), result);
                }
            }
            case EMA, EMA_ALPHA, EMA_HALFLIFE -> average(call, all, arguments, result);
            case AGGREGATE -> aggregate(call, all, arguments, result);
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

    private void aggregate(WindowCall call, WindowRows all, ColumnVector[] arguments, WritableColumn result) {
        AggregateFunction function = java.util.Objects.requireNonNull(call.aggregate(), "aggregate");
        FrameBounds frames = new FrameBounds(call.frame(), all, context);
        if (frames.isWhole() && !frames.isPartition()) {
            try (FrameFunction sliding = sliding(function, arguments, all.rowCount())) {
                if (sliding != null) {
                    slide(sliding, frames, all.rowCount(), result);
                    return;
                }
            }
        }
        try (FrameAggregation aggregation = new FrameAggregation(context, function, arguments, all)) {
            aggregation.compute(frames, result);
        }
    }

    private void slide(FrameFunction sliding, FrameBounds frames, int rowCount, WritableColumn result) {
        int[] starts = new int[Batch.ROWS];
        int[] ends = new int[Batch.ROWS];
        for (int from = 0; from < rowCount; from += Batch.ROWS) {
            context.checkCancelled();
            int count = Math.min(Batch.ROWS, rowCount - from);
            frames.fill(from, count, starts, ends);
            sliding.compute(from, count, starts, ends, result);
        }
        result.setRowCount(rowCount);
    }

    /** The loop for functions that have one, else null. */
    private @Nullable FrameFunction sliding(AggregateFunction function, ColumnVector[] arguments, int rowCount) {
        if (arguments.length > 1) {
            return null;
        }
        ColumnVector argument = arguments.length == 0 ? null : arguments[0];
        if (function.name().equals("count")) {
            return new SlidingCount(context.budget(), argument, rowCount);
        }
        if (argument == null) {
            return null;
        }
        TypeKind kind = argument.type().kind();
        boolean average = function.name().equals("avg");
        boolean sums = average || function.name().equals("sum");
        if (sums && kind == TypeKind.DOUBLE && function.result().equals(ColumnType.DOUBLE)) {
            return new SlidingDoubleSum(context.budget(), argument, rowCount, average);
        }
        if (sums && (kind == TypeKind.BIGINT || kind == TypeKind.INTEGER)) {
            return new SlidingIntegerSum(context.budget(), argument, rowCount, average);
        }
        boolean greatest = function.name().equals("max");
        boolean hasLongs = kind.width() > 0 && kind.width() <= Long.BYTES && !kind.isText();
        if (hasLongs
                && (greatest || function.name().equals("min"))
                && function.result().kind() == kind) {
            return new SlidingExtreme(context.budget(), argument, rowCount, greatest);
        }
        return null;
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
