package io.zeptodb.engine.exec;

/** Compares two rows of a {@link RowStore} by number. */
@FunctionalInterface
interface RowComparator {
    /** Negative, zero or positive as the first row comes before, with or after the other. */
    int compare(int row, int other);
}
