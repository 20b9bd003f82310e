package io.zeptodb.jdbc.remote;

import io.zeptodb.jdbc.value.SqlErrors;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks after a request that closes a statement or a result, from the request to its answer. A server that works may answer it late, for a statement is closed when
 * what else runs on its connection has ended; it answers other requests meanwhile. One that answers nothing for ten seconds is lost: the connection is
 * aborted, which frees whoever waits, and pools throw it away. A shorter network time-out does that by itself. Thread-safe.
 */
final class ClosingWatch implements AutoCloseable {
    /** Until a silent server is given up: half of it before it is asked, half for the answer. */
    private static final int MOST_MILLIS = 10_000;

    private static final int HALF_MILLIS = MOST_MILLIS / 2;
    private static final long IDLE_SECONDS = 10;

    private final ServerTransport transport;
    private final Probe probe;
    private @Nullable Future<?> next;
    private boolean closed;

    /** A request that a server answers whatever else it does. */
    interface Probe {
        /** @param timeoutMillis after which it is given up */
        void ask(int timeoutMillis);
    }

    private ClosingWatch(ServerTransport transport, Probe probe) {
        this.transport = transport;
        this.probe = probe;
    }

    /** @param probe asked in another thread */
    static ClosingWatch begin(ServerTransport transport, Probe probe) {
        ClosingWatch watch = new ClosingWatch(transport, probe);
        int network = transport.networkTimeoutMillis();
        if (network == 0 || network > MOST_MILLIS) {
            watch.lookLater();
        }
        return watch;
    }

    private synchronized void lookLater() {
        if (!closed) {
            next = Threads.TIMER.schedule(() -> Threads.PROBES.execute(this::look), HALF_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        if (isOver()) {
            return;
        }
        try {
            probe.ask(HALF_MILLIS);
        } catch (RuntimeException e) {
            if (!isOver() && (transport.isBroken() || SqlErrors.isOfConnection(SqlErrors.translate(e)))) {
                transport.abort(); // it would not answer others either
                return;
            }
            // it answers, be it with a refusal
        }
        lookLater();
    }

    private synchronized boolean isOver() {
        return closed || (!transport.isInUse() && !transport.isBroken());
    }

    /** The answer is there. */
    @Override
    public synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel(false);
        }
    }

    /** They never keep the JVM alive. The one of the timer waits for nothing, those that ask end when they have nothing to do. */
    private static final class Threads {
        private static final ScheduledExecutorService TIMER = timer();
        private static final Executor PROBES = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                work -> thread(work, "zepto-jdbc-probe"));

        private static ScheduledExecutorService timer() {
            ScheduledThreadPoolExecutor timer =
                    new ScheduledThreadPoolExecutor(1, work -> thread(work, "zepto-jdbc-closings"));
            timer.setRemoveOnCancelPolicy(true);
            timer.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
            timer.allowCoreThreadTimeOut(true);
            return timer;
        }

        private static Thread thread(Runnable work, String name) {
            Thread thread = new Thread(null, work, name, 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(ClosingWatch.class.getClassLoader()); // not that of who happens to close
            return thread;
        }
    }
}
