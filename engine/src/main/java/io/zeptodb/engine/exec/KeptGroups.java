package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan.HashAggregate;
import java.util.List;

/** Groups with the states of their aggregates, as a materialized view keeps them: rows come as aggregations of their own. One thread at a time. */
final class KeptGroups implements AutoCloseable {
    /** The first group's states; number 0 is where groups go that do not count. */
    static final int FIRST = 1;

    private final GroupTable table;
    private final AggregateSet aggregates;
    private final ColumnVector[] keys;
    private final int[] numbers = new int[Batch.ROWS];

    KeptGroups(HashAggregate plan, ExecutionContext context) {
        this.table = new GroupTable(
                context.budget(), plan.groups().stream().map(Expression::type).toList());
        this.aggregates = Inputs.closingOnFailure(table, () -> new AggregateSet(plan.aggregates(), context));
        this.keys = new ColumnVector[plan.groups().size()];
        List<Expression> groups = plan.groups();
        for (int i = 0; i < keys.length; i++) {
            keys[i] = new ColumnVector(groups.get(i).type());
        }
    }

    int groupCount() {
        return table.groupCount();
    }

    /** Group expression i of all groups. */
    ColumnVector key(int i) {
        return table.key(i);
    }

    /** The states of group g are number {@link #FIRST} + g. */
    AggregateSet aggregates() {
        return aggregates;
    }

    /** Adds the groups of more rows; they stay the caller's. */
    void add(HashAggregation part, ExecutionContext context) {
        int count = part.keys().groupCount();
        long bytes = (long) count * Integer.BYTES;
        context.budget().reserveHeap(bytes);
        try {
            int[] joined = new int[count];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = part.keys().key(i);
            }
            table.assign(keys, null, count, joined);
            for (int i = 0; i < count; i++) {
                joined[i] += FIRST;
            }
            aggregates.reserve(FIRST + table.groupCount());
            aggregates.merge(part.aggregates(), joined, count);
        } finally {
            context.budget().reserveHeap(-bytes); // the view's budget outlives what fails here
        }
    }

    /**
     * Adds the groups of other ones whose bucket begins outside of a span of time; they stay the caller's.
     *
     * @param bucket the group expression that is the begin of the bucket
     * @param from first nanosecond of the span
     * @param to first nanosecond behind it
     */
    void addOutside(KeptGroups other, int bucket, long from, long to, ExecutionContext context) {
        long bytes = (long) (FIRST + other.groupCount()) * Integer.BYTES;
        context.budget().reserveHeap(bytes);
        try {
            addThoseOutside(other, bucket, from, to, context);
        } finally {
            context.budget().reserveHeap(-bytes);
        }
    }

    private void addThoseOutside(KeptGroups other, int bucket, long from, long to, ExecutionContext context) {
        int count = other.groupCount();
        int[] joined = new int[FIRST + count];
        ColumnVector[] all = new ColumnVector[keys.length];
        ColumnVector[] step = new ColumnVector[keys.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = other.key(i);
            step[i] = new ColumnVector(all[i].type());
        }
        SelectionVector outside = new SelectionVector(Batch.ROWS);
        for (int at = 0; at < count; at += Batch.ROWS) {
            context.checkCancelled();
            int rows = Math.min(Batch.ROWS, count - at);
            for (int i = 0; i < all.length; i++) {
                VectorSlices.slice(all[i], at, step[i]);
            }
            int found = selectOutside(step[bucket], rows, from, to, outside.reserveList(rows));
            outside.setCount(found);
            if (found > 0) {
                table.assign(step, outside, rows, numbers);
                int[] positions = outside.positions();
                for (int i = 0; i < found; i++) {
                    joined[FIRST + at + positions[i]] = FIRST + numbers[positions[i]];
                }
            }
        }
        aggregates.reserve(FIRST + table.groupCount());
        aggregates.merge(other.aggregates, joined, FIRST + count);
    }

    private static int selectOutside(ColumnVector buckets, int rows, long from, long to, int[] positions) {
        int found = 0;
        for (int row = 0; row < rows; row++) {
            boolean inside = !buckets.isNull(row) && buckets.getLong(row) >= from && buckets.getLong(row) < to;
            positions[found] = row;
            found += inside ? 0 : 1;
        }
        return found;
    }

    @Override
    public void close() {
        aggregates.close();
        table.close();
    }
}
