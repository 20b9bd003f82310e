package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.exec.spill.SpilledRows;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * INTERSECT and EXCEPT. The right side's distinct rows are numbered and, for ALL, counted; left batches pass narrowed to the rows that
 * stay. Without ALL a second table drops rows that came before.
 */
final class SetOperationOperator implements Operator {
    private final PhysicalPlan.SetOperation plan;
    private final ExecutionContext context;
    private final Operator left;
    private final Operator right;
    private final JoinKeys leftKeys;
    private final JoinKeys rightKeys;
    private final GroupTable rightRows;
    private final DistinctRows seen;
    /** For ALL: how often each right row is still to be met. */
    private final AccountedInts counts;

    private final SelectionVector kept = new SelectionVector(Batch.ROWS);
    private final ColumnVector[] columns;
    private final Batch output;
    private int[] groups = new int[Batch.ROWS];
    private boolean built;
    private boolean ended;
    /** Left rows that came when there was no memory left to remember them. */
    private @Nullable SpilledRows overflow;

    private @Nullable Operator rest;

    SetOperationOperator(PhysicalPlan.SetOperation plan, ExecutionContext context, Operator left, Operator right) {
        this.plan = plan;
        this.context = context;
        this.left = left;
        this.right = right;
        leftKeys = keysOf(plan.left(), plan, context);
        rightKeys = keysOf(plan.right(), plan, context);
        List<ColumnType> types = JoinKeys.commonTypes(allColumns(plan.left()), allColumns(plan.right()));
        rightRows = new GroupTable(context.budget(), types);
        seen = new DistinctRows(context.budget(), plan.left().types());
        counts = new AccountedInts(context.budget());
        columns = plan.left().types().stream().map(ColumnVector::new).toArray(ColumnVector[]::new);
        output = new Batch(columns);
    }

    /** The whole rows of one input as keys; NULLs are equal. */
    static JoinKeys keysOf(PhysicalPlan input, PhysicalPlan.SetOperation plan, ExecutionContext context) {
        List<ColumnType> types = JoinKeys.commonTypes(allColumns(plan.left()), allColumns(plan.right()));
        boolean[] nullsEqual = new boolean[types.size()];
        Arrays.fill(nullsEqual, true);
        return new JoinKeys(allColumns(input), types, nullsEqual, context);
    }

    private static List<Expression> allColumns(PhysicalPlan input) {
        List<Expression> all = new ArrayList<>();
        for (ColumnType type : input.types()) {
            all.add(new Expression.Column(all.size(), type));
        }
        return all;
    }

    @Override
    public @Nullable Batch next() {
        while (!ended) {
            context.checkCancelled();
            if (rest != null) {
                return rest.next();
            }
            Batch batch = left.next();
            if (!built && batch != null) {
                build();
                built = true;
            }
            if (batch == null || (rightRows.groupCount() == 0 && !plan.except())) {
                ended = overflow == null;
                if (overflow != null) {
                    rest = distinctOf(overflow);
                }
                continue;
            }
            narrow(batch);
            if (kept.count() > 0) {
                for (int i = 0; i < columns.length; i++) {
                    columns[i].pointLike(batch.column(i));
                }
                return output.set(batch.rowCount(), kept);
            }
        }
        return null;
    }

    /** The rows on disk, each once; what is in memory is not needed any more. */
    private Operator distinctOf(SpilledRows rows) {
        rows.finish();
        rightRows.close();
        seen.close();
        overflow = null; // the operator's from here on
        List<Expression> all = allColumns(plan.left());
        return SpillingOperator.over(
                new AggregateDivision(new PhysicalPlan.HashAggregate(
                        plan.left(), all, List.of(), plan.left().columns())),
                rows,
                context);
    }

    private void build() {
        Batch batch = right.next();
        // what the input has taken to give its first batch is not this operator's to give up
        MemoryWatch watch = context.watchMemory();
        for (; batch != null; batch = right.next()) {
            context.checkCancelled();
            watch.check(0);
            makeRoom(batch.rowCount());
            rightRows.assign(rightKeys.built(batch), batch.selection(), batch.rowCount(), groups);
            if (plan.all()) {
                count(batch);
            }
        }
    }

    private void count(Batch batch) {
        counts.reserve(rightRows.groupCount());
        int[] values = counts.values();
        Arrays.fill(values, counts.size(), rightRows.groupCount(), 0);
        counts.setSize(rightRows.groupCount());
        int count = batch.selectedCount();
        for (int i = 0; i < count; i++) {
            values[groups[batch.position(i)]]++;
        }
    }

    private void narrow(Batch batch) {
        makeRoom(batch.rowCount());
        rightRows.find(leftKeys.probing(batch, rightKeys), batch.selection(), batch.rowCount(), groups);
        kept.reserve(batch.rowCount());
        if (plan.all()) {
            narrowAll(batch);
        } else {
            narrowDistinct(batch);
        }
    }

    private void narrowAll(Batch batch) {
        int[] to = kept.positions();
        int[] left = counts.values();
        boolean except = plan.except();
        int count = batch.selectedCount();
        int size = 0;
        for (int i = 0; i < count; i++) {
            int position = batch.position(i);
            int group = groups[position];
            boolean met = group >= 0 && left[group] > 0;
            if (met) {
                left[group]--;
            }
            to[size] = position;
            size += met == except ? 0 : 1;
        }
        kept.setCount(size);
    }

    private void narrowDistinct(Batch batch) {
        int[] to = kept.positions();
        boolean except = plan.except();
        int count = batch.selectedCount();
        int size = 0;
        for (int i = 0; i < count; i++) {
            int position = batch.position(i);
            to[size] = position;
            size += groups[position] >= 0 == except ? 0 : 1;
        }
        kept.setCount(size);
        SpilledRows file = overflow;
        if (file == null && context.shouldSpill(seen::heldBytes, seen.growthBytes())) {
            file = context.newSpill(plan.left().types(), null);
            overflow = file;
        }
        if (file == null) {
            seen.narrow(batch.columns(), kept, batch.rowCount(), kept);
            return;
        }
        // rows that came out already are dropped, all others are left for the end
        seen.narrowToUnknown(batch.columns(), kept, batch.rowCount(), kept);
        file.append(batch.columns(), kept.positions(), 0, kept.count());
        kept.setCount(0);
    }

    private void makeRoom(int rowCount) {
        if (groups.length < rowCount) {
            groups = new int[rowCount];
        }
    }

    @Override
    public void close() {
        ended = true;
        left.close();
        right.close();
        leftKeys.close();
        rightKeys.close();
        rightRows.close();
        seen.close();
        counts.close();
        if (overflow != null) {
            overflow.close();
        }
        if (rest != null) {
            rest.close();
        }
    }
}
