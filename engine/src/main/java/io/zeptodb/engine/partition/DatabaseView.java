package io.zeptodb.engine.partition;

import io.zeptodb.engine.catalog.Catalog;

/**
 * The root of the immutable tree.
 *
 * @param logFrame the last record of the log that it shows
 */
record DatabaseView(long sequence, Catalog catalog, TableMap<TableView> tables, long logFrame)
        implements DatabaseSnapshot {
    @Override
    public TableSnapshot table(long tableId) {
        TableView view = tables.get(tableId);
        if (view == null) {
            throw new IllegalArgumentException("table " + tableId + " is not in snapshot " + sequence);
        }
        return view;
    }
}
