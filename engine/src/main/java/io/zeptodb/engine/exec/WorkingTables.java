package io.zeptodb.engine.exec;

import java.util.HashMap;
import java.util.Map;

/** The rows of the last round of each recursion around the plan that runs, by the recursion's number. Immutable; the rows are lent. */
public final class WorkingTables {
    static final WorkingTables NONE = new WorkingTables(Map.of());

    private final Map<Integer, RowStore> rows;

    private WorkingTables(Map<Integer, RowStore> rows) {
        this.rows = rows;
    }

    WorkingTables with(int recursion, RowStore store) {
        Map<Integer, RowStore> more = new HashMap<>(rows);
        more.put(recursion, store);
        return new WorkingTables(more);
    }

    RowStore of(int recursion) {
        RowStore store = rows.get(recursion);
        if (store == null) {
            throw new IllegalStateException("no recursion " + recursion + " around this plan");
        }
        return store;
    }
}
