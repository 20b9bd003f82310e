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

    /** The TTL in the largest unit that it is a whole number of, e.g. {@code 30 DAYS}; empty without one. */
    public String ttlText() {
        return hasTtl() ? ageText(ttlNanos) : "";
    }

    /** A length of time in the largest unit, days at most, that it is a whole number of: {@code 36 HOURS}. */
    public static String ageText(long nanos) {
        if (nanos % CivilDate.DAY_NANOS == 0) {
            return nanos / CivilDate.DAY_NANOS + " DAYS";
        }
        if (nanos % TemporalText.HOUR_NANOS == 0) {
            return nanos / TemporalText.HOUR_NANOS + " HOURS";
        }
        if (nanos % TemporalText.MINUTE_NANOS == 0) {
            return nanos / TemporalText.MINUTE_NANOS + " MINUTES";
        }
        return nanos % TemporalText.SECOND_NANOS == 0
                ? nanos / TemporalText.SECOND_NANOS + " SECONDS"
                : nanos + " NANOSECONDS";
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
