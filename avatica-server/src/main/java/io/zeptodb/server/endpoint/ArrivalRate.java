package io.zeptodb.server.endpoint;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How fast a request comes in. In each stretch of time so many bytes have to come, however many came before: who sends most of a request at once and the rest a byte at
 * a time is found out at the end of the second stretch. One thread at a time.
 */
final class ArrivalRate {
    /** Slower than any line that one would send batches over. */
    static final long LEAST_BYTES_PER_SECOND = 1 << 14;

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final long stretchNanos;
    private long beginNanos;
    private long bytes;

    /** @param nowNanos when the first byte is waited for, as {@link System#nanoTime()} */
    ArrivalRate(Duration stretch, long nowNanos) {
        this.stretchNanos = stretch.toNanos();
        this.beginNanos = nowNanos;
    }

    /** Some more bytes have come, and not the last. @throws RequestBody.TooSlow when they are too few */
    void arrived(int more, long nowNanos) throws RequestBody.TooSlow {
        bytes += more;
        long nanos = nowNanos - beginNanos;
        if (nanos < stretchNanos) {
            return;
        }
        double seconds = nanos / NANOS_PER_SECOND;
        if (bytes < LEAST_BYTES_PER_SECOND * seconds) {
            throw new RequestBody.TooSlow(bytes, seconds);
        }
        beginNanos = nowNanos;
        bytes = 0;
    }
}
