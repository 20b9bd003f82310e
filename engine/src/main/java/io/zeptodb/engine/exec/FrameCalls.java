package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.plan.WindowCall;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Computes window calls over frames, of all rows in memory or of a part of them: counts, sums and extremes slide ({@link FrameFunction}), other
 * aggregates go by {@link FrameAggregation}, values are picked ({@link WindowValues}). Stateless.
 */
final class FrameCalls {
    private FrameCalls() {}

    /**
     * An aggregate, LAG, LEAD, FIRST_VALUE, LAST_VALUE or NTH_VALUE of rows [from, to).
     *
     * @param arguments over all rows; may be constant
     * @param result has room for all rows and {@code from} of them; row i is written at i
     */
    static void compute(
            ExecutionContext context,
            WindowCall call,
            WindowRows rows,
            ColumnVector[] arguments,
            int from,
            int to,
            WritableColumn result) {
        FrameBounds frames = new FrameBounds(call.frame(), rows, context);
        if (call.kind() != WindowCall.Kind.AGGREGATE) {
            try (WindowValues values = new WindowValues(context, rows, call, arguments)) {
                values.compute(frames, from, to, result);
            }
            return;
        }
        AggregateFunction function = Objects.requireNonNull(call.aggregate(), "aggregate");
        if (frames.isWhole() && !frames.isPartition()) {
            try (FrameFunction sliding = sliding(context, function, arguments, rows.rowCount())) {
                if (sliding != null) {
                    slide(context, sliding, frames, from, to, result);
                    return;
                }
            }
        }
        try (FrameAggregation aggregation = new FrameAggregation(context, function, arguments, rows)) {
            aggregation.compute(frames, from, to, result);
        }
    }

    private static void slide(
            ExecutionContext context,
            FrameFunction sliding,
            FrameBounds frames,
            int first,
            int to,
            WritableColumn result) {
        int[] starts = new int[Batch.ROWS];
        int[] ends = new int[Batch.ROWS];
        for (int from = first; from < to; from += Batch.ROWS) {
            context.checkCancelled();
            int count = Math.min(Batch.ROWS, to - from);
            frames.fill(from, count, starts, ends);
            sliding.compute(from, count, starts, ends, result);
        }
        result.setRowCount(to);
    }

    /** The loop for functions that have one, else null. */
    private static @Nullable FrameFunction sliding(
            ExecutionContext context, AggregateFunction function, ColumnVector[] arguments, int rowCount) {
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
}
