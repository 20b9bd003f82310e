package io.zeptodb.engine.catalog;

/**
 * What is known of a column of a segment without reading it. For integers, DATE, TIME and TIMESTAMP the bounds are in {@code minLong} and
 * {@code maxLong}, for REAL and DOUBLE in {@code minDouble} and {@code maxDouble} (NaN counts as greater than every number). Other kinds
 * have no bounds.
 *
 * @param hasBounds whether the bounds mean anything: at least one value that is not NULL, of a kind that has bounds
 * @param nullCount rows that are NULL, or -1 when unknown
 */
public record ColumnStatistics(
        boolean hasBounds, long minLong, long maxLong, double minDouble, double maxDouble, long nullCount) {
    /** Nothing is known. */
    public static final ColumnStatistics UNKNOWN = new ColumnStatistics(false, 0, 0, 0, 0, -1);

    public static ColumnStatistics ofLongs(long min, long max, long nullCount) {
        return new ColumnStatistics(true, min, max, 0, 0, nullCount);
    }

    public static ColumnStatistics ofDoubles(double min, double max, long nullCount) {
        return new ColumnStatistics(true, 0, 0, min, max, nullCount);
    }
}
