package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.plan.PhysicalPlan.TopN;
import io.zeptodb.engine.plan.SortKey;
import org.jspecify.annotations.Nullable;

/**
 * The first rows of an order. Keeps candidates; when they are twice what is asked for, they are ordered and the rest dropped, and
 * from then on a row must not be behind the last one kept, by its first key, to become a candidate. Stable.
 */
final class TopNOperator implements Operator {
    /** Candidates beyond what is asked for before they are ordered: keeps small limits from ordering all the time. */
    private static final int SPARE_ROWS = 1024;

    private final Operator input;
    private final ExecutionContext context;
    private final RowOrder order;
    private final RowOutput output;
    private final SortKey first;
    private final boolean oneExactKey;
    private final long offset;
    private final long wanted;
    private final SelectionVector positions = new SelectionVector(0);
    private RowStore candidates;
    private RowStore spare;
    private long[] prefixes = {};
    private boolean bounded;
    private boolean boundIsNull;
    private long bound;
    private int @Nullable [] rows;
    private int next;
    private int end;

    TopNOperator(TopN plan, ExecutionContext context, Operator input) {
        this.context = context;
        this.offset = RowCounts.evaluate(plan.offset(), "OFFSET", 0, context);
        long limit = RowCounts.evaluate(plan.limit(), "LIMIT", Long.MAX_VALUE, context);
        this.wanted = limit > Long.MAX_VALUE - offset ? Long.MAX_VALUE : limit + offset;
        this.first = plan.keys().get(0);
        TypeKind kind = plan.types().get(first.column()).kind();
        this.oneExactKey = plan.keys().size() == 1 && SortPrefix.isExact(kind);
        this.input = input;
        this.candidates = new RowStore(plan.types(), context.budget());
        this.spare = new RowStore(plan.types(), context.budget());
        this.order = new RowOrder(plan.keys(), context.budget());
        this.output = new RowOutput(plan.types(), context.budget());
    }

    @Override
    public @Nullable Batch next() {
        int[] sorted = rows;
        if (sorted == null) {
            if (wanted > offset) {
                collect();
            }
            sorted = order.order(candidates);
            rows = sorted;
            end = (int) Math.min(wanted, candidates.rowCount());
            next = (int) Math.min(offset, end);
        }
        int count = Math.min(Batch.ROWS, end - next);
        if (count == 0) {
            return null;
        }
        context.checkCancelled();
        Batch batch = output.pick(candidates, sorted, next, count);
        next += count;
        return batch;
    }

    private void collect() {
        for (Batch batch = input.next(); batch != null; batch = input.next()) {
            context.checkCancelled();
            add(batch);
            if (candidates.rowCount() - SPARE_ROWS >= wanted && candidates.rowCount() / 2 >= wanted) {
                dropRest();
            }
        }
    }

    private void add(Batch batch) {
        if (!bounded) {
            candidates.append(batch);
            return;
        }
        int count = batch.selectedCount();
        positions.reserve(count);
        int[] kept = positions.positions();
        for (int i = 0; i < count; i++) {
            kept[i] = batch.position(i);
        }
        ColumnVector vector = batch.column(first.column());
        positions.setCount(vector.hasNulls() ? narrowWithNulls(vector, kept, count) : narrow(vector, kept, count));
        if (positions.count() > 0) {
            candidates.append(new Batch(batch.columns()).set(batch.rowCount(), positions));
        }
    }

    private int narrow(ColumnVector vector, int[] kept, int count) {
        if (boundIsNull) {
            return first.nullsFirst() ? 0 : count;
        }
        if (prefixes.length < count) {
            prefixes = new long[count];
        }
        SortPrefix.load(vector, first.descending(), null, kept, 0, count, prefixes);
        // a row that equals the last one kept comes behind it, unless another key or the rest of the value decides
        long most = oneExactKey ? bound - 1 : bound;
        if (oneExactKey && bound == Long.MIN_VALUE) {
            return 0;
        }
        int left = 0;
        for (int i = 0; i < count; i++) {
            kept[left] = kept[i];
            left += prefixes[i] <= most ? 1 : 0;
        }
        return left;
    }

    private int narrowWithNulls(ColumnVector vector, int[] kept, int count) {
        long[] one = new long[1];
        int[] row = new int[1];
        int left = 0;
        for (int i = 0; i < count; i++) {
            row[0] = kept[i];
            boolean keep;
            if (vector.isNull(row[0])) {
                keep = boundIsNull || first.nullsFirst();
            } else if (boundIsNull) {
                keep = !first.nullsFirst();
            } else {
                SortPrefix.load(vector, first.descending(), null, row, 0, 1, one);
                keep = one[0] <= bound;
            }
            kept[left] = row[0];
            left += keep ? 1 : 0;
        }
        return left;
    }

    private void dropRest() {
        int[] sorted = order.order(candidates);
        spare.clear();
        spare.append(candidates, sorted, (int) wanted);
        RowStore ordered = spare;
        spare = candidates;
        candidates = ordered;
        spare.clear();
        ColumnVector vector = candidates.column(first.column());
        int[] last = {(int) wanted - 1};
        bounded = true;
        boundIsNull = vector.isNull(last[0]);
        if (!boundIsNull) {
            long[] prefix = new long[1];
            SortPrefix.load(vector, first.descending(), null, last, 0, 1, prefix);
            bound = prefix[0];
        }
    }

    @Override
    public void close() {
        input.close();
        candidates.close();
        spare.close();
        order.close();
        output.close();
    }
}
