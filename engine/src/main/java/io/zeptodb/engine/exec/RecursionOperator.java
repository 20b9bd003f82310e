package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.plan.PhysicalPlan.Recursion;
import org.jspecify.annotations.Nullable;

/**
 * Round after round: gives out the rows of a round, then runs the step over them for those of the next one, until a round has none. Only
 * two rounds are in memory, and for UNION the distinct rows. A recursion without end runs until the query has its LIMIT or is stopped.
 */
final class RecursionOperator implements Operator {
    private final Recursion plan;
    private final ExecutionContext context;
    private final @Nullable DistinctRows seen;
    private final SelectionVector fresh = new SelectionVector(Batch.ROWS);
    private final ColumnVector[] columns;
    private final Batch output;
    private RowStore round;
    private RowStore nextRound;
    private int given;
    private boolean begun;
    private boolean ended;

    RecursionOperator(Recursion plan, ExecutionContext context) {
        this.plan = plan;
        this.context = context;
        seen = plan.all() ? null : new DistinctRows(context.budget(), plan.types());
        columns = plan.types().stream().map(ColumnVector::new).toArray(ColumnVector[]::new);
        output = new Batch(columns);
        round = new RowStore(plan.types(), context.budget());
        nextRound = new RowStore(plan.types(), context.budget());
    }

    @Override
    public @Nullable Batch next() {
        while (!ended) {
            context.checkCancelled();
            int count = Math.min(Batch.ROWS, round.rowCount() - given);
            if (count > 0) {
                for (int i = 0; i < columns.length; i++) {
                    VectorSlices.slice(round.column(i), given, columns[i]);
                }
                given += count;
                return output.set(count, null);
            }
            compute();
        }
        return null;
    }

    private void compute() {
        if (begun) {
            ExecutionContext inRound =
                    context.withWorkingTables(context.workingTables().with(plan.number(), round));
            try (Operator step = Operators.open(plan.step(), inRound)) {
                take(step);
            }
        } else {
            begun = true;
            try (Operator seed = Operators.open(plan.seed(), context)) {
                take(seed);
            }
        }
        RowStore done = round;
        round = nextRound;
        nextRound = done;
        nextRound.clear();
        given = 0;
        ended = round.rowCount() == 0;
    }

    private void take(Operator from) {
        Batch batch;
        while ((batch = from.next()) != null) {
            context.checkCancelled();
            if (seen == null) {
                nextRound.append(batch);
            } else {
                seen.narrow(batch.columns(), batch.selection(), batch.rowCount(), fresh);
                nextRound.append(batch, fresh);
            }
        }
    }

    @Override
    public void close() {
        ended = true;
        round.close();
        nextRound.close();
        if (seen != null) {
            seen.close();
        }
    }
}
