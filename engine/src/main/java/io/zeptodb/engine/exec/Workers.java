package io.zeptodb.engine.exec;

import java.util.List;

/** The threads that a query may use besides its own; the engine owns them. */
public interface Workers {
    /** Most tasks that run at once, the caller's thread included; at least 1. */
    int parallelism();

    /**
     * Runs all tasks, one of them on the caller's thread, and returns when all have ended. The first failure is thrown again (others are
     * attached as suppressed) after all have ended.
     */
    void runAll(List<? extends Runnable> tasks);

    /** Only the caller's thread. */
    Workers NONE = new Workers() {
        @Override
        public int parallelism() {
            return 1;
        }

        @Override
        public void runAll(List<? extends Runnable> tasks) {
            tasks.forEach(Runnable::run);
        }
    };
}
