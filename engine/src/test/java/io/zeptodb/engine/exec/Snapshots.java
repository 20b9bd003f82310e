package io.zeptodb.engine.exec;

import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.partition.DatabaseSnapshot;
import io.zeptodb.engine.partition.TableSnapshot;

/** Snapshots for operators that read no table. */
final class Snapshots {
    static final DatabaseSnapshot EMPTY = new DatabaseSnapshot() {
        @Override
        public long sequence() {
            return 0;
        }

        @Override
        public Catalog catalog() {
            throw new UnsupportedOperationException("no catalog here");
        }

        @Override
        public TableSnapshot table(long tableId) {
            throw new UnsupportedOperationException("no tables here");
        }
    };

    private Snapshots() {}
}
