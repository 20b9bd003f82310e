package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan.RunAggregate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * GROUP BY the partition key and time buckets over a table's runs, without hashing the key. Threads take morsels of the scan, each into an
 * aggregation of its own; these are merged. Aggregates that depend on the order of arrival keep to one thread.
 */
final class RunAggregateOperator implements Operator {
    private final RunAggregate plan;
    private final ExecutionContext context;
    private final int morselRows;
    private final ScanRanges source;
    private final Morsels morsels;
    private final List<Part> parts = new ArrayList<>();
    private final RunGroupOutput output;
    private MemoryWatch watch;
    private boolean aggregated;

    RunAggregateOperator(RunAggregate plan, ExecutionContext context) {
        this(plan, context, Morsels.ROWS);
    }

    /** @param morselRows rows that a thread takes at a time */
    RunAggregateOperator(RunAggregate plan, ExecutionContext context, int morselRows) {
        this.plan = plan;
        this.morselRows = morselRows;
        this.context = context;
        this.watch = context.watchMemory();
        Long width = bucketWidth(plan, context);
        this.source = new ScanRanges(plan.scan(), context);
        this.morsels = new Morsels(source, morselRows, true, context.budget());
        this.output = new RunGroupOutput(plan, source, context);
        Inputs.closingOnFailure(this, () -> {
            openParts(width);
            return parts;
        });
    }

    private static @Nullable Long bucketWidth(RunAggregate plan, ExecutionContext context) {
        Expression expression = plan.bucketWidth();
        Object value = expression == null ? null : Constants.evaluate(expression, context);
        if (value == null) {
            return null;
        }
        long width = ((Number) value).longValue();
        if (width <= 0) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT, "the width of a time bucket must be positive, is " + width + " ns");
        }
        return width;
    }

    private void openParts(@Nullable Long width) {
        Part first = new Part(width);
        parts.add(first);
        long useful = (source.rowBound() + morselRows - 1) / morselRows;
        long wanted = first.aggregation.dependsOnArrival()
                ? 1
                : Math.min(context.workers().parallelism(), useful);
        while (parts.size() < wanted) {
            parts.add(new Part(width));
        }
    }

    @Override
    public @Nullable Batch next() {
        if (!aggregated) {
            aggregate();
            aggregated = true;
        }
        return output.next(parts.get(0).aggregation);
    }

    private void aggregate() {
        watch = context.watchMemory();
        if (parts.size() == 1) {
            parts.get(0).run();
        } else {
            context.workers().runAll(parts);
        }
        RunAggregation all = parts.get(0).aggregation;
        while (parts.size() > 1) {
            context.checkCancelled();
            try (Part part = parts.remove(1)) {
                all.merge(part.aggregation, context);
            }
        }
        all.aggregates().complete();
    }

    @Override
    public void close() {
        morsels.close();
        parts.forEach(Part::close);
        parts.clear();
        output.close();
    }

    /** The work of one thread: morsels until there are no more. */
    private final class Part implements Runnable, AutoCloseable {
        private final RunAggregation aggregation;
        private final RangeReader reader;
        private final RangeList ranges = new RangeList();

        Part(@Nullable Long width) {
            this.aggregation = new RunAggregation(plan, source, width, context);
            this.reader = Inputs.closingOnFailure(aggregation, () -> new RangeReader(source, context));
        }

        @Override
        public void run() {
            while (morsels.take(ranges) >= 0) {
                reader.begin(ranges);
                Batch batch = reader.next();
                while (batch != null) {
                    watch.check(0);
                    aggregation.consume(batch, reader, ranges);
                    batch = reader.next();
                }
            }
        }

        @Override
        public void close() {
            reader.close();
            aggregation.close();
        }
    }
}
