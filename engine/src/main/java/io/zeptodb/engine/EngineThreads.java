package io.zeptodb.engine;

import io.zeptodb.engine.exec.Workers;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Every thread of one database, all daemons that end when idle: workers, the timer of time-outs, the sealer, the drains. */
final class EngineThreads implements AutoCloseable {
    private static final long IDLE_SECONDS = 10;

    private final String name;
    private final AtomicInteger number = new AtomicInteger();
    private final WorkerPool workers;
    private final ScheduledThreadPoolExecutor timer;
    private final ThreadPoolExecutor background;

    EngineThreads(String name, int parallelism) {
        this.name = name;
        workers = new WorkerPool(name, parallelism);
        timer = new ScheduledThreadPoolExecutor(1, task -> daemon(task, "zepto-timer"));
        timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        timer.allowCoreThreadTimeOut(true);
        timer.setRemoveOnCancelPolicy(true);
        background = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> daemon(task, "zepto-sealer"));
        background.allowCoreThreadTimeOut(true);
    }

    private Thread daemon(Runnable task, String role) {
        Thread thread = new Thread(task, role + " " + name);
        thread.setDaemon(true);
        return thread;
    }

    /** Workers for a session that wants at most this many. */
    Workers workers(int atMost) {
        if (atMost >= workers.parallelism()) {
            return workers;
        }
        return new Workers() {
            @Override
            public int parallelism() {
                return atMost;
            }

            @Override
            public void runAll(List<? extends Runnable> tasks) {
                if (atMost == 1) {
                    tasks.forEach(Runnable::run);
                } else {
                    workers.runAll(tasks);
                }
            }
        };
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    /** Runs one task after the other: seals, warm-up. What a task throws goes to the log. Does nothing once the database is closing. */
    void inBackground(Runnable task) {
        try {
            background.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException | Error e) {
                    EngineLog.backgroundFailed(e); // nobody waits for it who could be told
                }
            });
        } catch (RejectedExecutionException e) {
            if (!background.isShutdown()) {
                throw e;
            }
        }
    }

    /** A thread for each task: the drains of pipelines. */
    Executor drains() {
        return task -> daemon(task, "zepto-drain-" + number.incrementAndGet()).start();
    }

    /** Ends the threads when their present tasks end; waits for the background ones, whose work touches memory that will be freed. */
    @Override
    public void close() {
        timer.shutdownNow();
        background.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = background.awaitTermination(IDLE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        workers.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
