package io.zeptodb.jdbc;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts the calls of a connection that a server has not answered yet. Thread-safe. */
final class CallsUnderWay {
    private final AtomicInteger count = new AtomicInteger();
    private final Call call = count::decrementAndGet;

    /** One call; closed when it is answered. */
    interface Call extends AutoCloseable {
        @Override
        void close();
    }

    Call begin() {
        count.incrementAndGet();
        return call;
    }

    boolean any() {
        return count.get() > 0;
    }
}
