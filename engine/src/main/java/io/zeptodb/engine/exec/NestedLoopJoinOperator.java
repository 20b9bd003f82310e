package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.JoinType;
import org.jspecify.annotations.Nullable;

/** Join by any condition, or none: every right row, kept in memory, is a candidate for every left row. {@link JoinProbe} does the rest. */
final class NestedLoopJoinOperator implements Operator {
    private final PhysicalPlan.NestedLoopJoin plan;
    private final ExecutionContext context;
    private final Operator left;
    private final Operator right;
    private final RowStore rows;
    private final JoinProbe probe;
    private @Nullable RowsByGroup all;
    private int[] groups = new int[Batch.ROWS];
    private boolean leftEnded;
    private boolean ended;

    NestedLoopJoinOperator(PhysicalPlan.NestedLoopJoin plan, ExecutionContext context, Operator left, Operator right) {
        this.plan = plan;
        this.context = context;
        this.left = left;
        this.right = right;
        rows = new RowStore(plan.right().types(), context.budget());
        probe = new JoinProbe(
                context, plan.type(), plan.left().types(), plan.right().types(), plan.condition(), null);
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
            output = all == null ? null : probe.nextRight();
            ended = output == null;
            if (output != null) {
                return output;
            }
        }
        return null;
    }

    /** Takes the next left batch; false when there is none, or none that could give a row. */
    private boolean beginNext() {
        Batch batch = left.next();
        JoinType type = plan.type();
        if (all == null && (batch != null || JoinProbe.keepsRight(type))) {
            all = build();
        }
        boolean empty = rows.rowCount() == 0;
        if (batch == null || (empty && (type == JoinType.INNER || type == JoinType.SEMI || type == JoinType.RIGHT))) {
            return false;
        }
        if (groups.length < batch.rowCount()) {
            groups = new int[batch.rowCount()];
        }
        probe.begin(batch, groups);
        return true;
    }

    private RowsByGroup build() {
        boolean oneIsEnough = JoinProbe.isLeftOnly(plan.type()) && plan.condition() == null;
        Batch batch;
        while (!(oneIsEnough && rows.rowCount() > 0) && (batch = right.next()) != null) {
            context.checkCancelled();
            rows.append(batch);
        }
        RowsByGroup candidates = RowsByGroup.one(context.budget(), rows.rowCount());
        probe.setRight(rows.columns(), candidates, rows.rowCount());
        return candidates;
    }

    @Override
    public void close() {
        ended = true;
        left.close();
        right.close();
        probe.close();
        rows.close();
    }
}
