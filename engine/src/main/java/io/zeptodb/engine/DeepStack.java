package io.zeptodb.engine;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs what recurses deeper than a caller's stack may allow on a thread of its own with a large one. Its pages are taken from the system as they
 * are touched and given back when the thread ends. See docs/decisions/0009.
 */
final class DeepStack {
    private static final long STACK_BYTES = 64L << 20;

    private DeepStack() {}

    /**
     * What the work gives, or the exception that it throws. The caller waits, even when it is interrupted: the work is short and not to be cut.
     *
     * @throws StackOverflowError when this stack is too small as well, or there is no memory for it
     */
    static <T> T call(Supplier<T> work) {
        FutureTask<T> task = new FutureTask<>(work::get);
        Thread thread = new Thread(null, task, "zepto-deep-plan", STACK_BYTES);
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            StackOverflowError overflow = new StackOverflowError("no memory for a thread with a large stack");
            overflow.initCause(e);
            throw overflow;
        }
        return result(task);
    }

    private static <T> T result(FutureTask<T> task) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw rethrown(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException rethrown(@Nullable Throwable thrown) {
        if (thrown instanceof RuntimeException exception) {
            return exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        return new EngineException(ErrorCode.INTERNAL_ERROR, "the statement could not be planned: " + thrown, thrown);
    }

    /** Whether a stack that was too small is behind an exception. */
    static boolean isOverflow(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof StackOverflowError) {
                return true;
            }
        }
        return false;
    }
}
