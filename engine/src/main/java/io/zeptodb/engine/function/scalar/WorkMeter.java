package io.zeptodb.engine.function.scalar;

/**
 * Adds up the bytes that a kernel goes over, and asks each so many whether the statement shall stop: rows of long texts make one batch take minutes,
 * rows of short ones never come to a question that the operators have not asked already. One thread, one batch.
 */
final class WorkMeter {
    /** Bytes between two questions: some microseconds of most work, some milliseconds of the slowest. */
    private static final int BYTES = 1 << 16;

    private final Runnable stopCheck;
    private long bytes;

    /** @param stopCheck throws when the statement shall stop */
    WorkMeter(Runnable stopCheck) {
        this.stopCheck = stopCheck;
    }

    /** Says that so many bytes are gone over now. */
    void add(int more) {
        bytes += more;
        if (bytes >= BYTES) {
            bytes = 0;
            stopCheck.run();
        }
    }
}
