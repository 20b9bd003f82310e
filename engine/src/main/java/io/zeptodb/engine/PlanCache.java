package io.zeptodb.engine;

import io.zeptodb.engine.plan.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Plans by text, catalog version and the options that plans depend on; the least recently used go first. Thread-safe. */
final class PlanCache {
    private static final float LOAD_FACTOR = 0.75f;
    private static final int FIRST_CAPACITY = 16;

    private final Map<Key, Planned> plans;

    PlanCache(int capacity) {
        plans = new LinkedHashMap<>(FIRST_CAPACITY, LOAD_FACTOR, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Key, Planned> eldest) {
                return size() > capacity;
            }
        };
    }

    /** @param readable the names, in lower case, of the tables and views that the statement can see; null for all */
    record Key(
            String sql,
            long catalogVersion,
            boolean asofDefaultLeft,
            boolean useMaterializedViews,
            @Nullable Set<String> readable) {
        /** The same for somebody who sees everything. */
        Key ofEverything() {
            return new Key(sql, catalogVersion, asofDefaultLeft, useMaterializedViews, null);
        }
    }

    /** A statement, and the sizes of tables that its plan was made for. */
    record Planned(Statement statement, TableSizes sizes) {}

    synchronized @Nullable Planned get(Key key) {
        return plans.get(key);
    }

    synchronized void put(Key key, Planned plan) {
        plans.put(key, plan);
    }

    synchronized void clear() {
        plans.clear();
    }
}
