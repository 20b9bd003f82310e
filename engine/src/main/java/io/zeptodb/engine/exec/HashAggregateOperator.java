package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.PhysicalPlan.HashAggregate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * GROUP BY, DISTINCT and ungrouped aggregates by hash table. Over a large scan each thread aggregates the morsels it takes and the parts
 * are merged; aggregates that depend on the order of rows keep to one thread. The groups come out in the order in which they were first seen.
 */
final class HashAggregateOperator implements Operator {
    private final HashAggregate plan;
    private final ExecutionContext context;
    private final List<Operator> inputs;
    private final List<HashAggregation> parts = new ArrayList<>();
    private final WritableColumn[] results;
    private final ColumnVector[] columns;
    private final Batch output;
    private boolean aggregated;
    private int written;

    HashAggregateOperator(HashAggregate plan, ExecutionContext context) {
        this(plan, context, null);
    }

    /** Aggregates the rows of several inputs, each in a task of its own; takes them over. Null opens the plan's. */
    HashAggregateOperator(HashAggregate plan, ExecutionContext context, @Nullable List<Operator> given) {
        this.plan = plan;
        this.context = context;
        this.results = new WritableColumn[plan.aggregates().size()];
        this.columns = new ColumnVector[plan.groups().size() + results.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = new WritableColumn(
                    context.budget(), plan.aggregates().get(i).function().result());
        }
        for (int i = 0; i < plan.groups().size(); i++) {
            columns[i] = new ColumnVector(plan.groups().get(i).type());
        }
        this.output = new Batch(columns);
        HashAggregation first = new HashAggregation(plan, context);
        parts.add(first);
        this.inputs = Inputs.closingOnFailure(first, () -> given == null ? openInputs(plan, context, first) : given);
        Inputs.closingOnFailure(this, () -> {
            while (parts.size() < inputs.size()) {
                parts.add(new HashAggregation(plan, context));
            }
            return parts;
        });
    }

    /** The input of the plan: several when threads can share it. */
    static List<Operator> openInputs(HashAggregate plan, ExecutionContext context, HashAggregation first) {
        boolean split = context.workers().parallelism() > 1
                && !first.dependsOnArrival()
                && MorselPipelines.canSplit(plan.input());
        return split
                ? new ArrayList<>(MorselPipelines.open(plan.input(), context))
                : List.of(Operators.open(plan.input(), context, ColumnUse.of(plan.groups(), plan.aggregates())));
    }

    @Override
    public @Nullable Batch next() {
        if (!aggregated) {
            aggregate();
            aggregated = true;
        }
        HashAggregation groups = parts.get(0);
        int count = Math.min(Batch.ROWS, groups.keys().groupCount() - written);
        if (count == 0) {
            return null;
        }
        context.checkCancelled();
        int keys = plan.groups().size();
        for (int i = 0; i < keys; i++) {
            VectorSlices.slice(groups.keys().key(i), written, columns[i]);
        }
        groups.aggregates().finish(written, count, results);
        for (int i = 0; i < results.length; i++) {
            columns[keys + i] = results[i].vector();
        }
        written += count;
        return output.set(count, null);
    }

    private void aggregate() {
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Operator input = inputs.get(i);
            HashAggregation part = parts.get(i);
            tasks.add(() -> drain(input, part));
        }
        if (tasks.size() == 1) {
            tasks.get(0).run();
        } else {
            context.workers().runAll(tasks);
        }
        HashAggregation all = parts.get(0);
        while (parts.size() > 1) {
            context.checkCancelled();
            try (HashAggregation part = parts.remove(parts.size() - 1)) {
                all.merge(part, context);
            }
        }
        all.aggregates().complete();
    }

    private void drain(Operator input, HashAggregation part) {
        Batch batch = input.next();
        // from here on: what an input has taken to give its first batch, as a window or a sort does, is not this
        // operator's to give up
        MemoryWatch watch = context.watchMemory();
        while (batch != null) {
            context.checkCancelled();
            if (!plan.groups().isEmpty()) {
                watch.check(0);
            }
            part.consume(batch);
            batch = input.next();
        }
        // scans hold buffers that are of no use while the rest of the query runs
        input.close();
    }

    @Override
    public void close() {
        if (inputs != null) {
            inputs.forEach(Operator::close);
        }
        parts.forEach(HashAggregation::close);
        parts.clear();
        for (WritableColumn result : results) {
            result.close();
        }
    }
}
