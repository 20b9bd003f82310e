package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.function.FunctionContext;
import io.zeptodb.engine.plan.ConstantEvaluator;
import io.zeptodb.engine.plan.Expression;
import org.jspecify.annotations.Nullable;

/**
 * Folds constants with the kernels that would compute them at run time. Thread-safe until it is of one statement; the budget is the caller's.
 */
public final class ConstantFolding implements ConstantEvaluator {
    private static final @Nullable Object[] NO_PARAMETERS = {};

    private final MemoryBudget budget;
    private final Runnable stopCheck;

    public ConstantFolding(MemoryBudget budget) {
        this(budget, () -> {});
    }

    private ConstantFolding(MemoryBudget budget, Runnable stopCheck) {
        this.budget = budget;
        this.stopCheck = stopCheck;
    }

    @Override
    public @Nullable Object evaluate(Expression expression) {
        // what depends on the time of the query is not deterministic, so it is not folded and no time is known here
        return Constants.evaluate(expression, NO_PARAMETERS, new FunctionContext(0, budget, stopCheck));
    }

    @Override
    public ConstantEvaluator stoppedBy(Runnable planningStop) {
        return new ConstantFolding(budget, new Allotment(planningStop));
    }

    /**
     * What the constants of one statement may take while it is planned. A time-out that the run is given, and the cancel of a statement, do not reach its
     * planning: what takes longer is left to the run, which has both.
     */
    private static final class Allotment implements Runnable {
        /** How often a kernel may ask: some tens of milliseconds of its work. */
        private static final int MOST_CHECKS = 64;

        /** Known before a kernel deep in its stack needs the class. */
        private final ErrorCode code = ErrorCode.LIMIT_EXCEEDED;

        private final Runnable planningStop;
        private int checks;

        Allotment(Runnable planningStop) {
            this.planningStop = planningStop;
        }

        @Override
        public void run() {
            planningStop.run();
            if (++checks > MOST_CHECKS) {
                throw new EngineException(code, "a constant that takes long is computed when the statement runs");
            }
        }
    }
}
