package io.zeptodb.engine;

import java.time.Instant;

/** The clocks of a database. Thread-safe. */
interface EngineClock {
    /** Nanoseconds since 1970-01-01 UTC. */
    long epochNanos();

    /** Nanoseconds for durations only. */
    long monotonicNanos();

    /** The machine's clocks. */
    EngineClock SYSTEM = new EngineClock() {
        private static final long NANOS_PER_SECOND = 1_000_000_000L;

        @Override
        public long epochNanos() {
            Instant now = Instant.now();
            return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
        }

        @Override
        public long monotonicNanos() {
            return System.nanoTime();
        }
    };
}
