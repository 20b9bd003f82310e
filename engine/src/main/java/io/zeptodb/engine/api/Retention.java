package io.zeptodb.engine.api;

/**
 * How long a table keeps its rows, and where they are to go with age.
 *
 * @param ttlNanos a time slice whose end is longer ago than this is dropped as a whole; 0 for never
 * @param storagePolicy tiers and ages as {@code SET STORAGE POLICY} wrote them, e.g. {@code WARM 7 DAYS, COLD 30 DAYS}: kept and shown, nothing moves
 *     by it yet; empty for none
 */
public record Retention(long ttlNanos, String storagePolicy) {
    /** Rows are kept for ever, where they are. */
    public static final Retention NONE = new Retention(0, "");

    public Retention {
        EngineException.required(storagePolicy, "the storage policy of a table");
        if (ttlNanos < 0) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "the TTL of a table must be positive, or 0 for none, got " + ttlNanos + " ns");
        }
    }

    public boolean hasTtl() {
        return ttlNanos > 0;
    }

    public Retention withTtl(long nanos) {
        return new Retention(nanos, storagePolicy);
    }

    public Retention withStoragePolicy(String policy) {
        return new Retention(ttlNanos, policy);
    }
}
