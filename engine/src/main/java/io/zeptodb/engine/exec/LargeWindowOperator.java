package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.plan.PhysicalPlan.Window;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Window functions over rows that cannot be divided by PARTITION BY: in memory, and when that ends before the first row came out, in pieces over
 * the rows in order ({@link WindowPieces}).
 */
final class LargeWindowOperator implements Operator {
    private final Window plan;
    private final ExecutionContext context;
    private Operator current;
    private boolean begun;

    /** @param plan one that can be computed in pieces; the context has room on disk */
    LargeWindowOperator(Window plan, ExecutionContext context) {
        this.plan = plan;
        this.context = context;
        this.current = Inputs.several(
                List.of(plan.input()), context, inputs -> new WindowOperator(plan, context, inputs.get(0)));
    }

    @Override
    public @Nullable Batch next() {
        if (begun) {
            return current.next();
        }
        begun = true;
        try {
            return current.next();
        } catch (EngineException e) {
            if (!context.canSpillAfter(e)) {
                throw e;
            }
        }
        current.close();
        current = WindowPieces.open(plan, context, Operators.open(plan.input(), context));
        return current.next();
    }

    @Override
    public void close() {
        current.close();
    }
}
