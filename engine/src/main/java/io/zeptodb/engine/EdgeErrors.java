package io.zeptodb.engine;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;

/**
 * What users see of failures that nobody meant them to see: of the JVM, of Arrow, of Calcite, of ourselves. Called once, at the edge, where a statement is
 * planned, run and read.
 */
final class EdgeErrors {
    private static final String DEFECT = "the statement failed, which is a defect of the engine; please report it: ";

    private EdgeErrors() {}

    /**
     * The error for the user.
     *
     * @param execution of the statement
     */
    static EngineException of(Throwable thrown, Execution execution) {
        if (thrown instanceof EngineException ours) {
            return execution.located(ours);
        } else if (thrown instanceof org.apache.arrow.memory.OutOfMemoryException e) {
            return execution.budget().refusal(e); // past the budget, which has the figures
        } else if (thrown instanceof InternalError e) {
            return execution.unreadable(e);
        }
        execution.context().checkCancelled(); // what is met in a database half closed is told as that
        return of(thrown);
    }

    /** The error for the user, where nothing runs yet. */
    static EngineException of(Throwable thrown) {
        if (thrown instanceof EngineException ours) {
            return ours;
        } else if (thrown instanceof StackOverflowError e) {
            return QueryPlanning.tooDeep(e);
        } else if (thrown instanceof OutOfMemoryError) {
            return new EngineException(
                    ErrorCode.OUT_OF_MEMORY,
                    "out of memory: the Java heap is full (raise -Xmx, or make the statement smaller): "
                            + thrown.getMessage(),
                    thrown);
        }
        return new EngineException(ErrorCode.INTERNAL_ERROR, DEFECT + thrown, thrown);
    }
}
