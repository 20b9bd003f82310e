package io.zeptodb.engine;

import io.zeptodb.engine.exec.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads that queries of one database share, daemons that end when idle. The caller of {@link #runAll} works too, so a query
 * makes progress even when all threads are busy with others.
 */
final class WorkerPool implements Workers, AutoCloseable {
    private static final long IDLE_SECONDS = 30;

    private final int parallelism;
    private final ThreadPoolExecutor threads;

    WorkerPool(String databaseName, int parallelism) {
        this.parallelism = parallelism;
        int helpers = Math.max(1, parallelism - 1);
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                helpers, helpers, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "zepto-worker-" + number.incrementAndGet() + " " + databaseName);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public int parallelism() {
        return parallelism;
    }

    @Override
    public void runAll(List<? extends Runnable> tasks) {
        if (tasks.size() <= 1 || parallelism == 1) {
            tasks.forEach(Runnable::run);
            return;
        }
        AtomicInteger next = new AtomicInteger();
        List<Taker> helpers = new ArrayList<>();
        for (int i = 1; i < Math.min(tasks.size(), parallelism); i++) {
            Taker helper = new Taker(tasks, next);
            helpers.add(helper);
            threads.execute(helper);
        }
        Taker own = new Taker(tasks, next);
        own.run();
        Throwable failure = own.failure;
        for (Taker helper : helpers) {
            helper.awaitOrRevoke();
            if (failure == null) {
                failure = helper.failure;
            } else if (helper.failure != null) {
                failure.addSuppressed(helper.failure);
            }
        }
        if (failure instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (failure instanceof Error error) {
            throw error;
        }
    }

    /** Runs tasks until none is left. */
    private static final class Taker implements Runnable {
        private final List<? extends Runnable> tasks;
        private final AtomicInteger next;
        private final AtomicBoolean claimed = new AtomicBoolean();
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile @Nullable Throwable failure;

        Taker(List<? extends Runnable> tasks, AtomicInteger next) {
            this.tasks = tasks;
            this.next = next;
        }

        @Override
        public void run() {
            if (!claimed.compareAndSet(false, true)) {
                return;
            }
            try {
                for (int i = next.getAndIncrement(); i < tasks.size(); i = next.getAndIncrement()) {
                    tasks.get(i).run();
                }
            } catch (RuntimeException | Error e) {
                failure = e;
            } finally {
                ended.countDown();
            }
        }

        /** Waits for a taker that has begun; one that a busy pool has not begun is not needed any more. */
        void awaitOrRevoke() {
            if (claimed.compareAndSet(false, true)) {
                return;
            }
            boolean interrupted = false;
            while (true) {
                try {
                    ended.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true; // it still uses the query's memory: wait for it, then say so
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
