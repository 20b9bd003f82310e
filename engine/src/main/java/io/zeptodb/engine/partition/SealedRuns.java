package io.zeptodb.engine.partition;

/**
 * Where the runs of a sealed segment are. The arrays are shared and not changed any more.
 *
 * @param keys by run: ascending, but for the NULL key's at the end, which is 0; one 0 in a table without a key
 * @param starts first row of each run, and the number of rows behind the last
 * @param hasNullKey whether the last run is that of the NULL key
 */
public record SealedRuns(long[] keys, int[] starts, boolean hasNullKey) {
    public int count() {
        return keys.length;
    }

    public int rows() {
        return starts[keys.length];
    }
}
