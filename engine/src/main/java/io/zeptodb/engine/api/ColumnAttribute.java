package io.zeptodb.engine.api;

/**
 * How the values of a column lie, or are indexed, so that rows are found by them (kdb+'s s#, g# and p#). An attribute changes no answer, only how it is
 * found.
 */
public enum ColumnAttribute {
    /** Rows are found by scanning. */
    NONE,
    /** Values ascend in time order, for each partition key: found by binary search, ranges too. */
    SORTED,
    /** A hash index from value to rows. */
    GROUPED,
    /** Equal values lie together: an index from value to ranges of rows. */
    PARTED
}
