package io.zeptodb.engine;

import java.util.concurrent.atomic.LongAdder;

/** Counters of statements since a database was opened. Thread-safe. */
final class EngineCounters {
    final LongAdder rowsScanned = new LongAdder();
    final LongAdder queries = new LongAdder();
    volatile long lastQueryNanos;

    void ended(long nanos) {
        queries.increment();
        lastQueryNanos = nanos;
    }
}
