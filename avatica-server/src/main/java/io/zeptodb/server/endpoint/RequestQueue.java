package io.zeptodb.server.endpoint;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Gives threads to requests. They are apart from those of HTTP, which are there for cancellations and for those who watch, however much runs; a request that waits
 * has no thread at all, and can be cancelled, run out of its time, or be left by its client meanwhile.
 *
 * <p>No user keeps the threads from the others: one may have {@value #SHARE} times as many as are free, so that some always are for the next; the same
 * holds for the places to wait. Users that wait take turns, the requests of a user are begun in the order of their arrival. Thread-safe.
 */
final class RequestQueue implements AutoCloseable {
    /** One user alone gets three quarters of the threads, of two each gets three sevenths, of three three tenths. */
    private static final int SHARE = 3;

    private static final int MOST_WAITING = 4_096;
    /** Closings that found no thread: they get some of their own, for they free what others wait for. */
    private static final int MOST_CLOSING = 64;

    private static final long IDLE_THREAD_SECONDS = 30;

    private final int mostRunning;
    private final ThreadPoolExecutor threads;
    private final ScheduledThreadPoolExecutor timer;
    /** Those that wait and those that run. */
    private final Set<Turn> underWay = ConcurrentHashMap.newKeySet();

    private final Map<String, Share> shares = new HashMap<>();
    /** Users of whom something waits, the one whose turn it is first. */
    private final Deque<Share> waitingUsers = new ArrayDeque<>();

    private int running;
    private int waiting;
    private int closing;
    private boolean closed;

    /** What one user has; guarded by the queue. */
    private static final class Share {
        private final String user;
        private final Deque<Place> waiting = new ArrayDeque<>();
        private int running;
        private int closing;

        Share(String user) {
            this.user = user;
        }
    }

    /** One that waits, and what ends its wait in time. */
    private record Place(Turn turn, @Nullable Future<?> end) {}

    /** @param mostRunning requests that run at the same time: threads */
    RequestQueue(int mostRunning) {
        this.mostRunning = mostRunning;
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE, // this class counts: a thread that ends its request is not back at once
                IDLE_THREAD_SECONDS,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                action -> new Thread(action, "zepto-statement-" + number.incrementAndGet()));
        this.timer = new ScheduledThreadPoolExecutor(1, action -> {
            Thread thread = new Thread(action, "zepto-server-timeouts");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Runs it now or later, or refuses it. */
    void submit(Turn turn) {
        underWay.add(turn);
        if (beginsAtOnce(turn)) {
            start(turn);
            return;
        }
        // before it waits: from then on others ask for it
        turn.setTarget(turn.readTarget());
        EngineException refusal = null;
        boolean starts = false;
        boolean closes = false;
        synchronized (this) {
            Share share = share(turn);
            if (closed) {
                refusal = new EngineException(ErrorCode.ADMIN_SHUTDOWN, "the server is stopping: connect again later");
            } else if (share.waiting.isEmpty() && mayRun(share)) {
                begin(share);
                starts = true;
            } else if (turn.target().closes() && share.closing < SHARE * (MOST_CLOSING - closing)) {
                closing++;
                share.closing++;
                closes = true;
            } else if (share.waiting.size() >= (long) SHARE * (MOST_WAITING - waiting)) {
                refusal = new EngineException(
                        ErrorCode.TOO_MANY_OPEN,
                        share.running + " requests of this user run and " + share.waiting.size()
                                + " wait, which is the most that the server takes now: send fewer at once, or try again later");
            } else {
                enqueue(share, turn);
            }
            forget(share);
        }
        if (starts) {
            start(turn);
        } else if (closes) {
            start(turn, () -> endClosing(turn));
        } else if (refusal != null) {
            refuse(turn, refusal);
        }
    }

    private synchronized boolean beginsAtOnce(Turn turn) {
        Share share = share(turn);
        boolean begins = !closed && share.waiting.isEmpty() && mayRun(share);
        if (begins) {
            begin(share);
        }
        forget(share);
        return begins;
    }

    private Share share(Turn turn) {
        return shares.computeIfAbsent(turn.user(), Share::new);
    }

    private void forget(Share share) {
        if (share.running == 0 && share.closing == 0 && share.waiting.isEmpty()) {
            shares.remove(share.user);
        }
    }

    private boolean mayRun(Share share) {
        int free = mostRunning - running;
        return free > 0 && share.running < SHARE * free;
    }

    private void begin(Share share) {
        running++;
        share.running++;
    }

    private void enqueue(Share share, Turn turn) {
        long timeout = turn.target().timeoutNanos();
        Future<?> end = timeout == 0
                ? null
                : timer.schedule(
                        () -> leave(turn, Turn.waitedTooLong(timeout)),
                        timeout - turn.waitedNanos(),
                        TimeUnit.NANOSECONDS);
        if (share.waiting.isEmpty()) {
            waitingUsers.add(share);
        }
        share.waiting.add(new Place(turn, end));
        waiting++;
    }

    private void start(Turn turn) {
        start(turn, () -> end(turn));
    }

    private void start(Turn turn, Runnable whenEnded) {
        try {
            threads.execute(() -> {
                try {
                    turn.perform();
                } finally {
                    whenEnded.run();
                }
            });
        } catch (RejectedExecutionException e) {
            whenEnded.run();
            turn.refuse(
                    new EngineException(ErrorCode.ADMIN_SHUTDOWN, "the server is stopping: connect again later", e));
        }
    }

    private void endClosing(Turn turn) {
        underWay.remove(turn);
        synchronized (this) {
            Share share = share(turn);
            closing--;
            share.closing--;
            forget(share);
        }
    }

    private void end(Turn turn) {
        underWay.remove(turn);
        List<Turn> next = new ArrayList<>();
        synchronized (this) {
            Share share = share(turn);
            running--;
            share.running--;
            forget(share);
            for (Turn each = next(); each != null; each = next()) {
                next.add(each);
            }
        }
        next.forEach(this::start);
    }

    /** Who begins now, of those who wait; null when nobody may. */
    private @Nullable Turn next() {
        for (int i = waitingUsers.size(); i > 0; i--) {
            Share share = waitingUsers.remove();
            if (!mayRun(share)) {
                waitingUsers.add(share);
                continue;
            }
            Place place = share.waiting.remove();
            waiting--;
            begin(share);
            if (!share.waiting.isEmpty()) {
                waitingUsers.add(share);
            }
            if (place.end != null) {
                place.end.cancel(false);
            }
            return place.turn;
        }
        return null;
    }

    /** Takes one that waits out of the queue. Whether it waited: nobody else answers it then. */
    boolean leave(Turn turn) {
        synchronized (this) {
            Share share = shares.get(turn.user());
            if (share == null || !remove(share, turn)) {
                return false;
            }
            waiting--;
            if (share.waiting.isEmpty()) {
                waitingUsers.remove(share);
            }
            forget(share);
        }
        underWay.remove(turn);
        return true;
    }

    private static boolean remove(Share share, Turn turn) {
        return share.waiting.removeIf(place -> {
            boolean found = place.turn == turn;
            if (found && place.end != null) {
                place.end.cancel(false);
            }
            return found;
        });
    }

    private boolean leave(Turn turn, EngineException why) {
        boolean left = leave(turn);
        if (left) {
            turn.refuse(why);
        }
        return left;
    }

    private void refuse(Turn turn, EngineException why) {
        underWay.remove(turn);
        turn.refuse(why);
    }

    /**
     * Ends what waits for a thread or for its connection; what runs already goes on.
     *
     * @param user whose requests are meant
     * @param statement of the connection, or {@link RequestTarget#NO_STATEMENT} for all of it
     * @param run of the statement that is meant with those before it, if its client counts them; 0 for all
     */
    void cancel(String user, String connection, int statement, long run) {
        for (Turn turn : underWay) {
            if (turn.user().equals(user)
                    && turn.target().isWorkOf(connection, statement)
                    && !turn.target().isBehind(run)
                    && !leave(turn, Turn.cancelledWhileWaiting())) {
                turn.cancel();
            }
        }
    }

    /** Whether something of this connection of the user waits or runs. */
    boolean hasWorkOf(String user, String connection) {
        return underWay.stream()
                .anyMatch(turn ->
                        turn.user().equals(user) && turn.target().isWorkOf(connection, RequestTarget.NO_STATEMENT));
    }

    /** Requests that run now. */
    synchronized int running() {
        return running;
    }

    /** Requests that wait for a thread. */
    synchronized int waiting() {
        return waiting;
    }

    /** Refuses what waits; the threads end when what they run does. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        for (Turn turn : underWay) {
            leave(turn, new EngineException(ErrorCode.ADMIN_SHUTDOWN, "the server is stopping: connect again later"));
        }
        threads.shutdown();
        timer.shutdownNow();
    }
}
