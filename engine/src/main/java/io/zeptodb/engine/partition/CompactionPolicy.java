package io.zeptodb.engine.partition;

/**
 * Which sealed segments of a partition are written anew as one.
 *
 * @param smallRows a segment of fewer rows is small
 * @param leastSmall so many small ones are merged
 * @param mostRows of a merged segment
 * @param deletedShare a segment of which this share of the rows is deleted is written anew, without them
 */
public record CompactionPolicy(long smallRows, int leastSmall, long mostRows, double deletedShare) {
    private static final int SMALL_PART = 4;
    private static final int LEAST_SMALL = 4;
    private static final double DELETED_SHARE = 0.3;

    public static CompactionPolicy ofSealRows(int sealRows) {
        return new CompactionPolicy(sealRows / SMALL_PART, LEAST_SMALL, sealRows, DELETED_SHARE);
    }
}
