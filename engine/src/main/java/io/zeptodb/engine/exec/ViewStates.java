package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.ViewMetadata;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What a database keeps of its materialized views. Thread-safe; the engine owns it and closes it when no statement runs any more. */
public final class ViewStates implements AutoCloseable {
    /** A view may take one of so many parts of the memory limit. */
    private static final int LIMIT_PARTS = 4;

    /** Of a plan that is run outside of a database. */
    static final ViewStates NONE = new ViewStates(null, () -> Catalog.EMPTY);

    private final @Nullable MemoryBudget memory;
    private final Supplier<Catalog> catalog;
    private final Map<Long, ViewState> states = new HashMap<>();
    private boolean closed;

    /**
     * @param memory the database's, of which each view takes a child
     * @param catalog the present one
     */
    public ViewStates(@Nullable MemoryBudget memory, Supplier<Catalog> catalog) {
        this.memory = memory;
        this.catalog = catalog;
    }

    /** What is kept of a view; null when it is not, or no longer, one of the database. */
    synchronized @Nullable ViewState of(long viewId) {
        ViewState known = states.get(viewId);
        if (known != null || closed || memory == null) {
            return known;
        }
        for (ViewMetadata view : catalog.get().views()) {
            if (view.id() == viewId) {
                MemoryBudget own =
                        memory.child("materialized view " + view.name(), memory.limitBytes() / LIMIT_PARTS, () -> {});
                ViewState made = new ViewState(own);
                states.put(viewId, made);
                return made;
            }
        }
        return null;
    }

    /** Gives up what is kept of views that the database no longer has. */
    public void retain() {
        List<ViewState> gone;
        synchronized (this) {
            Set<Long> present = new HashSet<>();
            catalog.get().views().forEach(view -> present.add(view.id()));
            gone = removeOthers(states, present);
        }
        gone.forEach(ViewState::close);
    }

    /** Removes all but the present ones from what is kept; the values that went, for the caller to close outside of its lock. */
    static <K, V> List<V> removeOthers(Map<K, V> kept, Set<? extends K> present) {
        List<V> gone = new ArrayList<>();
        kept.entrySet().removeIf(entry -> {
            boolean stays = present.contains(entry.getKey());
            if (!stays) {
                gone.add(entry.getValue());
            }
            return !stays;
        });
        return gone;
    }

    @Override
    public void close() {
        List<ViewState> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(states.values());
            states.clear();
        }
        new Closing().each(all, ViewState::close).finish();
    }
}
