package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.plan.JoinFilter;
import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hash join. The right side is numbered by key ({@link GroupTable}) and its rows are kept by that number ({@link RowsByGroup}); each left
 * batch looks its keys up, {@link JoinProbe} does the rest. Right rows that can come out of no join are not kept. An empty side ends
 * the join without reading the other where the type allows; where scans of the left side wait for the keys, the right side is read first.
 */
final class HashJoinOperator implements Operator {
    /** Memory for each right row that is taken when all are there: its place, its group, whether it matched. */
    private static final long NUMBERING_BYTES = 2 * Integer.BYTES + 1;

    private final PhysicalPlan.HashJoin plan;
    private final ExecutionContext context;
    private final List<BuiltKeys> filters;
    private final Operator left;
    private final Operator right;
    private final JoinKeys leftKeys;
    private final JoinKeys rightKeys;
    private final GroupTable table;
    private final JoinProbe probe;
    /** The right rows, unless their keys are all that is needed. */
    private final @Nullable RowStore rows;

    private @Nullable RowsByGroup byKey;
    private int[] groups = new int[Batch.ROWS];
    private boolean built;
    private boolean leftEnded;
    private boolean ended;

    HashJoinOperator(PhysicalPlan.HashJoin plan, ExecutionContext context, Operator left, Operator right) {
        this(plan, context, left, right, null, List.of());
    }

    /**
     * @param used the columns of the left, then the right side that are read of the output; null for all. The others mean nothing
     * @param filters scans of the left side read them when the right side is built
     */
    HashJoinOperator(
            PhysicalPlan.HashJoin plan,
            ExecutionContext context,
            Operator left,
            Operator right,
            @Nullable BitSet used,
            List<BuiltKeys> filters) {
        this.filters = filters;
        this.plan = plan;
        this.context = context;
        this.left = left;
        this.right = right;
        List<ColumnType> keyTypes = JoinKeys.commonTypes(plan.leftKeys(), plan.rightKeys());
        boolean[] nullMatches = new boolean[keyTypes.size()];
        for (int i = 0; i < nullMatches.length; i++) {
            nullMatches[i] = plan.nullSafe().get(i);
        }
        leftKeys = new JoinKeys(plan.leftKeys(), keyTypes, nullMatches, context);
        rightKeys = new JoinKeys(plan.rightKeys(), keyTypes, nullMatches, context);
        table = new GroupTable(context.budget(), keyTypes);
        boolean keepsRows = !JoinProbe.isLeftOnly(plan.type()) || plan.residual() != null;
        int leftCount = plan.left().columns().size();
        BitSet kept = ColumnUse.ofSide(used, leftCount, plan.right().columns().size(), List.of(), plan.residual());
        rows = keepsRows ? new RowStore(plan.right().types(), context.budget(), kept) : null;
        probe = new JoinProbe(
                context, plan.type(), plan.left().types(), plan.right().types(), plan.residual(), used);
    }

    @Override
    public @Nullable Batch next() {
        while (!ended) {
            context.checkCancelled();
            Batch output = leftEnded ? null : probe.next();
            if (output != null) {
                return output;
            }
            if (!leftEnded && beginNext()) {
                continue;
            }
            leftEnded = true;
            output = built ? probe.nextRight() : null;
            ended = output == null;
            if (output != null) {
                return output;
            }
        }
        return null;
    }

    /** Takes the next left batch; false when there is none, or none that could give a row. */
    private boolean beginNext() {
        if (!built && !filters.isEmpty()) {
            build();
        }
        if (built && !canMatch()) {
            return false;
        }
        Batch batch = left.next();
        if (!built && (batch != null || JoinProbe.keepsRight(plan.type()))) {
            build();
        }
        if (batch == null || !canMatch()) {
            return false;
        }
        int rowCount = batch.rowCount();
        if (groups.length < rowCount) {
            groups = new int[rowCount];
        }
        ColumnVector[] keys = leftKeys.probing(batch, rightKeys);
        SelectionVector selection = leftKeys.matchable(batch, keys);
        if (selection != batch.selection()) {
            Arrays.fill(groups, 0, rowCount, -1);
        }
        table.find(keys, selection, rowCount, groups);
        probe.begin(batch, groups);
        return true;
    }

    /** Whether a left row can give a row. Only matchable rows count: a right row with a NULL key still comes out of a RIGHT join. */
    private boolean canMatch() {
        return table.groupCount() > 0 || !JoinFilter.needsMatches(plan.type());
    }

    private void build() {
        readRight();
        filters.forEach(each -> each.publish(table, rightKeys, context.budget()));
        built = true;
    }

    private void readRight() {
        MemoryWatch watch = context.watchMemory();
        try (AccountedInts groupOfRow = new AccountedInts(context.budget())) {
            Batch batch;
            while ((batch = right.next()) != null) {
                context.checkCancelled();
                watch.check(bytesToBuild(batch.selectedCount()));
                add(batch, groupOfRow);
            }
            if (rows != null) {
                byKey = RowsByGroup.of(context.budget(), groupOfRow.values(), rows.rowCount(), table.groupCount());
                probe.setRight(rows.columns(), byKey, rows.rowCount());
            } else {
                byKey = RowsByGroup.oneEach(context.budget(), table.groupCount());
                probe.setRight(new ColumnVector[plan.right().columns().size()], byKey, 0);
            }
        }
    }

    /** What so many more rows take, and the numbering of all rows by key at the end. */
    private long bytesToBuild(int more) {
        return rows == null ? 0 : rows.growthBytes(more) + (rows.rowCount() + more) * NUMBERING_BYTES;
    }

    private void add(Batch batch, AccountedInts groupOfRow) {
        int rowCount = batch.rowCount();
        if (groups.length < rowCount) {
            groups = new int[rowCount];
        }
        ColumnVector[] keys = rightKeys.built(batch);
        SelectionVector matchable = rightKeys.matchable(batch, keys);
        SelectionVector kept = JoinProbe.keepsRight(plan.type()) ? batch.selection() : matchable;
        if (kept != matchable) {
            Arrays.fill(groups, 0, rowCount, -1);
        }
        table.assign(keys, matchable, rowCount, groups);
        if (rows == null) {
            return;
        }
        rows.append(batch, kept);
        int count = kept == null ? rowCount : kept.count();
        int first = groupOfRow.size();
        groupOfRow.reserve(first + count);
        int[] to = groupOfRow.values();
        for (int i = 0; i < count; i++) {
            to[first + i] = groups[kept == null ? i : kept.positions()[i]];
        }
        groupOfRow.setSize(first + count);
    }

    @Override
    public void close() {
        ended = true;
        left.close();
        right.close();
        filters.forEach(BuiltKeys::withdraw);
        leftKeys.close();
        rightKeys.close();
        table.close();
        probe.close();
        if (byKey != null) {
            byKey.close();
            byKey = null;
        }
        if (rows != null) {
            rows.close();
        }
    }
}
