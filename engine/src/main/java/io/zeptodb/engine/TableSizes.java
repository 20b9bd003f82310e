package io.zeptodb.engine;

import io.zeptodb.engine.partition.DatabaseSnapshot;
import java.util.Map;

/**
 * How many rows the tables had that a plan was made for. A plan whose joins were ordered for an empty table is not the one for a million
 * rows: it is made anew when a table has grown or shrunk beyond a factor. Immutable.
 *
 * @param tables rows by the table's id; none for a plan that does not depend on sizes
 */
record TableSizes(Map<Long, Long> tables) {
    private static final long FACTOR = 8;
    /** Among so few rows every order is as good. */
    private static final long SMALL = 1_000;

    TableSizes {
        tables = Map.copyOf(tables);
    }

    boolean isEmpty() {
        return tables.isEmpty();
    }

    /** Whether the plan still suits; a snapshot of another catalog version than the plan's is not asked. */
    boolean suit(DatabaseSnapshot snapshot) {
        for (Map.Entry<Long, Long> table : tables.entrySet()) {
            long now = snapshot.table(table.getKey()).rowCount();
            long then = table.getValue();
            if (now > (then + SMALL) * FACTOR || then > (now + SMALL) * FACTOR) {
                return false;
            }
        }
        return true;
    }
}
