package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.ColumnBuffer;

/** Memory for some thousand rows of a hot segment: one buffer for each column of the layout. Ranges of it belong to runs. */
final class Slab {
    final int capacity;
    final ColumnBuffer[] columns;

    private Slab(int capacity, ColumnBuffer[] columns) {
        this.capacity = capacity;
        this.columns = columns;
    }

    /** All columns or, when memory is refused, none. */
    static Slab allocate(TableLayout layout, int capacity) {
        return new Slab(capacity, allocateColumns(layout, capacity));
    }

    static ColumnBuffer[] allocateColumns(TableLayout layout, int rows) {
        ColumnBuffer[] columns = new ColumnBuffer[layout.types.length];
        int made = 0;
        try {
            for (; made < columns.length; made++) {
                columns[made] = new ColumnBuffer(layout.budget, layout.types[made], rows);
            }
            return columns;
        } finally {
            if (made < columns.length) {
                for (int i = 0; i < made; i++) {
                    columns[i].close();
                }
            }
        }
    }

    /** Whether no view or exported batch holds memory of this slab. */
    boolean isUnshared() {
        for (ColumnBuffer column : columns) {
            if (!column.isUnshared()) {
                return false;
            }
        }
        return true;
    }

    void close() {
        for (ColumnBuffer column : columns) {
            column.close();
        }
    }
}
