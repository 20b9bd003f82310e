package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.exec.spill.SpilledRows;
import io.zeptodb.engine.plan.PhysicalPlan.Sort;
import io.zeptodb.engine.plan.SortKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All rows in order: keeps them column by column, orders their numbers, and gives them out by number. When memory ends, the rows so far are
 * put on disk in their order, and all such runs are merged at the end.
 */
final class SortOperator implements Operator {
    private static final int MOST_MERGED_RUNS = 64;
    /** Of the memory that is left when runs are merged, one part in so many is for their pages. */
    private static final int PAGES_SHARE = 4;

    private final Operator input;
    private final ExecutionContext context;
    private final List<ColumnType> types;
    private final List<SortKey> keys;
    private final RowStore store;
    private final RowOrder order;
    private final RowOutput output;
    private List<SpilledRows> runs = new ArrayList<>();
    private @Nullable RunMerge merged;
    private int @Nullable [] rows;
    private int next;

    SortOperator(Sort plan, ExecutionContext context, Operator input) {
        this.context = context;
        this.input = input;
        this.types = plan.types();
        this.keys = plan.keys();
        this.store = new RowStore(types, context.budget());
        this.order = new RowOrder(keys, context.budget());
        this.output = new RowOutput(types, context.budget());
    }

    @Override
    public @Nullable Batch next() {
        int[] sorted = rows;
        if (sorted == null) {
            readAll();
            sorted = runs.isEmpty() ? order.order(store) : new int[0];
            rows = sorted;
            if (!runs.isEmpty()) {
                merged = mergeRuns();
            }
        }
        if (merged != null) {
            return merged.next();
        }
        int count = Math.min(Batch.ROWS, store.rowCount() - next);
        if (count == 0) {
            return null;
        }
        context.checkCancelled();
        Batch batch = output.pick(store, sorted, next, count);
        next += count;
        return batch;
    }

    private void readAll() {
        for (Batch batch = input.next(); batch != null; batch = input.next()) {
            context.checkCancelled();
            int count = batch.selectedCount();
            long needed = store.growthBytes(count) + RowOrder.bytesFor((long) store.rowCount() + count);
            if (context.shouldSpill(store::heldBytes, needed)) {
                spillRun();
            }
            append(batch);
        }
        if (!runs.isEmpty()) {
            spillRun();
        }
    }

    private void append(Batch batch) {
        try {
            store.append(batch);
        } catch (EngineException e) {
            if (store.rowCount() == 0 || !context.canSpillAfter(e)) {
                throw e;
            }
            spillRun();
            store.append(batch);
        }
    }

    /** Puts the rows so far on disk, in their order, and gives their memory back. */
    private void spillRun() {
        if (store.rowCount() == 0) {
            return;
        }
        int[] sorted = order.order(store);
        SpilledRows run = context.newSpill(types, null);
        runs.add(run);
        run.append(store.columns(), sorted, 0, store.rowCount());
        run.finish();
        order.close();
        store.close();
    }

    /** Merges runs in several rounds when their pages do not fit memory at once; neighbours only, so that equal rows keep their order. */
    private RunMerge mergeRuns() {
        while (true) {
            long page = 1;
            for (SpilledRows run : runs) {
                page = Math.max(page, run.largestPageBytes());
            }
            long fit = context.budget().availableBytes() / PAGES_SHARE / page;
            int atOnce = (int) Math.max(2, Math.min(MOST_MERGED_RUNS, fit));
            if (runs.size() <= atOnce) {
                return new RunMerge(runs, keys, types, context);
            }
            mergeRound(atOnce);
        }
    }

    private void mergeRound(int atOnce) {
        List<SpilledRows> longer = new ArrayList<>();
        try {
            while (!runs.isEmpty()) {
                List<SpilledRows> some = runs.subList(0, Math.min(atOnce, runs.size()));
                SpilledRows all = context.newSpill(types, null);
                longer.add(all);
                try (RunMerge merge = new RunMerge(some, keys, types, context)) {
                    for (Batch batch = merge.next(); batch != null; batch = merge.next()) {
                        all.append(batch);
                    }
                }
                all.finish();
                some.forEach(SpilledRows::close);
                some.clear();
            }
        } finally {
            longer.addAll(runs);
            runs = longer;
        }
    }

    @Override
    public void close() {
        input.close();
        store.close();
        order.close();
        output.close();
        if (merged != null) {
            merged.close();
        }
        runs.forEach(SpilledRows::close);
        runs.clear();
    }
}
