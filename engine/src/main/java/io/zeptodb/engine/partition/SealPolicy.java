package io.zeptodb.engine.partition;

/**
 * When a hot segment is sealed without being asked.
 *
 * @param sealRows rows at which any hot segment is
 * @param passedSliceRows rows at which one is whose time slice has passed, that is, when rows have come for a later slice; fewer
 *     stay hot, so that single late rows do not make a segment each
 */
public record SealPolicy(int sealRows, int passedSliceRows) {
    private static final int PASSED_SLICE_ROWS = 4096;

    public static SealPolicy ofSealRows(int sealRows) {
        return new SealPolicy(sealRows, Math.min(sealRows, PASSED_SLICE_ROWS));
    }
}
