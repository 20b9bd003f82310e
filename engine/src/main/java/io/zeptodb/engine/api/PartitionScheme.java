package io.zeptodb.engine.api;

/**
 * How a table is split: by time slices of its designated timestamp, by its key, by both or not at all.
 *
 * @param byKey rows of one key form runs
 * @param slice the width of a time slice, or NONE
 */
public record PartitionScheme(boolean byKey, TimeSlice slice) {
    /** One partition, one run. */
    public static final PartitionScheme UNPARTITIONED = new PartitionScheme(false, TimeSlice.NONE);

    public PartitionScheme {
        EngineException.required(slice, "the time slice of a partition scheme");
    }

    /** Width of a time partition; calendar units in UTC. */
    public enum TimeSlice {
        NONE,
        HOUR,
        DAY,
        MONTH
    }
}
