package io.zeptodb.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/** Each task in a thread of its own. Tasks that wait for each other may not come together in the common pool: on two processors it has one thread. */
public final class OwnThread {
    private static final Executor STARTS = task -> {
        Thread thread = new Thread(task, "task of a test");
        thread.setDaemon(true);
        thread.start();
    };

    private OwnThread() {}

    public static <T> CompletableFuture<T> supply(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, STARTS);
    }

    public static CompletableFuture<Void> run(Runnable task) {
        return CompletableFuture.runAsync(task, STARTS);
    }
}
