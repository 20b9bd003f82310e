package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.KeyEquality;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.scalar.BucketGrid;
import io.zeptodb.engine.plan.PhysicalPlan.Filling;
import io.zeptodb.engine.plan.PhysicalPlan.GapFill;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Adds the rows of buckets that a group has none of. Keeps the rows of its input, which come by group and then by time, since the range is known
 * and each group begins only at the end; then goes from bucket to bucket, and in each from group to group. One thread.
 */
final class GapFillOperator implements Operator {
    /** More rows than anybody looks at. */
    private static final double MOST_ROWS = 100_000_000;

    private final GapFill plan;
    private final ExecutionContext context;
    private final Operator input;
    private final RowStore store;
    private final WritableColumn[] columns;
    private final ColumnVector[] vectors;
    private final Batch output;
    /** First row of each group, then the number of rows. */
    private final AccountedInts starts;
    /** Of each group the next row that was not given out. */
    private final AccountedInts next;

    private final List<GapColumn> filled = new ArrayList<>();
    private final int[] groups = new int[Batch.ROWS];
    private final int[] rows = new int[Batch.ROWS];
    private final long[] buckets = new long[Batch.ROWS];
    private final int[] picked = new int[Batch.ROWS];
    private @Nullable BucketGrid grid;
    private long bucket;
    private long last;
    private boolean ended;
    private int group;

    GapFillOperator(GapFill plan, ExecutionContext context, Operator input) {
        this.plan = plan;
        this.context = context;
        this.input = input;
        this.store = new RowStore(plan.input().types(), context.budget());
        this.columns = new WritableColumn[plan.columns().size()];
        this.vectors = new ColumnVector[columns.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] =
                    new WritableColumn(context.budget(), plan.columns().get(i).type());
            boolean looksAround = i < plan.fills().size()
                    && (plan.fills().get(i) == Filling.PREVIOUS || plan.fills().get(i) == Filling.LINEAR);
            if (looksAround) {
                filled.add(new GapColumn(i, plan.fills().get(i), plan.bucket(), store, context.budget()));
            }
        }
        this.output = new Batch(vectors);
        this.starts = new AccountedInts(context.budget());
        this.next = new AccountedInts(context.budget());
    }

    @Override
    public @Nullable Batch next() {
        BucketGrid steps = grid;
        if (steps == null) {
            readAll();
            steps = grid();
            grid = steps;
            begin(steps);
        }
        context.checkCancelled();
        int count = choose(steps);
        return count == 0 ? null : write(count);
    }

    private void readAll() {
        for (Batch batch = input.next(); batch != null; batch = input.next()) {
            context.checkCancelled();
            store.append(batch);
        }
        boolean keyed = plan.fills().stream().filter(Filling.GROUP::equals).count() > 1;
        for (int row = 0; row < store.rowCount(); row++) {
            if ((row & (Batch.ROWS - 1)) == 0) {
                context.checkCancelled();
            }
            if (row == 0 || (keyed && !sameGroup(row - 1, row))) {
                starts.add(row);
            }
        }
        if (!keyed && store.rowCount() == 0) {
            starts.add(0);
        }
        for (int i = 0; i < starts.size(); i++) {
            next.add(starts.get(i));
        }
        starts.add(store.rowCount());
        filled.forEach(column -> column.reserve(next.size()));
    }

    private boolean sameGroup(int row, int other) {
        for (int i = 0; i < plan.fills().size(); i++) {
            boolean key = plan.fills().get(i) == Filling.GROUP && i != plan.bucket();
            if (key && !KeyEquality.equalOrBothNull(store.column(i), row, store.column(i), other)) {
                return false;
            }
        }
        return true;
    }

    private BucketGrid grid() {
        Object width = Constants.evaluate(plan.grid().width(), context);
        Object origin = plan.grid().origin() == null
                ? null
                : Constants.evaluate(plan.grid().origin(), context);
        Object zone = plan.grid().zone() == null
                ? null
                : Constants.evaluate(plan.grid().zone(), context);
        if (width == null) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT, "time_bucket_gapfill: the width must be greater than zero, got NULL");
        }
        boolean months = plan.grid().width().type().kind() == TypeKind.INTERVAL_MONTH;
        return BucketGrid.of(
                "time_bucket_gapfill",
                ((Number) width).longValue(),
                months,
                origin == null ? 0 : ((Number) origin).longValue(),
                (String) zone);
    }

    /** Finds the range: what the bounds say, else what the rows have. */
    private void begin(BucketGrid steps) {
        TimeSpan span = TimeSpan.of(plan.bounds(), context);
        boolean empty = span.isEmpty() || next.size() == 0;
        long first = Long.MAX_VALUE;
        long end = Long.MIN_VALUE;
        ColumnVector times = store.column(plan.bucket());
        for (int row = 0; row < store.rowCount(); row++) {
            long time = times.getLong(row);
            first = Math.min(first, time);
            end = Math.max(end, time);
        }
        first = span.hasLow() && !empty ? Math.min(first, steps.floor(span.low())) : first;
        end = span.hasHigh() && !empty ? Math.max(end, steps.floor(span.high())) : end;
        boolean unknown = store.rowCount() == 0 && !(span.hasLow() && span.hasHigh());
        ended = empty || unknown || first > end;
        bucket = first;
        last = end;
        double wanted = ended ? 0 : steps.count(first, end) * next.size();
        if (wanted > MOST_ROWS) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT,
                    String.format(
                            Locale.ROOT,
                            "filling the gaps would make about %,.0f rows (%,.0f buckets for %,d %s), %,.0f is the most:"
                                    + " take a wider bucket or a shorter range",
                            wanted,
                            steps.count(first, end),
                            next.size(),
                            next.size() == 1 ? "group" : "groups",
                            MOST_ROWS));
        }
    }

    /** Decides upon the next rows: the group and bucket of each, and its row in the store, -1 when it is added. */
    private int choose(BucketGrid steps) {
        ColumnVector times = store.column(plan.bucket());
        int count = 0;
        while (!ended && count < Batch.ROWS) {
            int row = next.get(group);
            boolean there = row < starts.get(group + 1) && times.getLong(row) <= bucket;
            groups[count] = group;
            buckets[count] = bucket;
            rows[count] = there ? row : -1;
            for (GapColumn column : filled) {
                column.choose(count, group, there ? row : -1, row, starts.get(group + 1), bucket);
            }
            if (there) {
                next.values()[group] = row + 1;
            }
            count++;
            advance(steps);
        }
        return count;
    }

    private void advance(BucketGrid steps) {
        group++;
        if (group == next.size()) {
            group = 0;
            long following = steps.next(bucket);
            // no bucket lies behind one that begins at the end of time
            ended = following > last || following == bucket;
            bucket = following;
        }
    }

    private Batch write(int count) {
        for (int i = 0; i < plan.fills().size(); i++) {
            if (i == plan.bucket()) {
                columns[i].clear();
                columns[i].reserve(count);
                for (int row = 0; row < count; row++) {
                    columns[i].setLong(row, buckets[row]);
                }
                columns[i].setRowCount(count);
            } else if (plan.fills().get(i) == Filling.GROUP) {
                for (int row = 0; row < count; row++) {
                    picked[row] = starts.get(groups[row]);
                }
                columns[i].gatherShared(store.column(i), picked, count);
            } else if (plan.fills().get(i) == Filling.NOTHING) {
                columns[i].gatherShared(store.column(i), rows, count);
            }
        }
        for (GapColumn column : filled) {
            column.write(columns[column.index()], count);
        }
        WritableColumn added = columns[columns.length - 1];
        added.clear();
        added.reserve(count);
        for (int row = 0; row < count; row++) {
            added.setBoolean(row, rows[row] < 0);
        }
        added.setRowCount(count);
        for (int i = 0; i < columns.length; i++) {
            vectors[i] = columns[i].vector();
        }
        return output.set(count, null);
    }

    @Override
    public void close() {
        new Closing()
                .then(input::close)
                .then(store::close)
                .then(starts::close)
                .then(next::close)
                .each(filled, GapColumn::close)
                .each(Arrays.asList(columns), WritableColumn::close)
                .finish();
    }
}
