package io.zeptodb.engine.partition;

import io.zeptodb.engine.catalog.Catalog;

/** All tables at one commit: the root of the immutable tree. */
public interface DatabaseSnapshot {
    /** Number of the commit that made it; ascends. */
    long sequence();

    Catalog catalog();

    /** The rows of a table of {@link #catalog()}, by its id. */
    TableSnapshot table(long tableId);
}
