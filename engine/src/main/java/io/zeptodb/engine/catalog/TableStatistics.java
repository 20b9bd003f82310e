package io.zeptodb.engine.catalog;

/**
 * What the planner may know of the rows of tables, at the snapshot it plans for: estimates, which decide the order of joins and never an
 * answer. Answered from what segments know of themselves and from small samples, so that planning reads next to nothing. Thread-safe.
 */
@FunctionalInterface
public interface TableStatistics {
    /** Rows of a table. */
    long rowCount(TableMetadata table);

    /** Bounds of a column over the whole table, as far as they are known. */
    default ColumnStatistics column(TableMetadata table, int ordinal) {
        return ColumnStatistics.UNKNOWN;
    }

    /** How many different values a column may have, or -1 when nothing is known. */
    default double distinct(TableMetadata table, int ordinal) {
        return -1;
    }
}
