package io.zeptodb.engine;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ResourceGroup;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.MemoryBudget;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The resource groups of a database's sessions, by name. One whose sessions are closed stays as long as a statement or somebody outside holds memory of it, and is
 * ended when the next session comes or goes. Thread-safe.
 */
final class SessionGroups implements AutoCloseable {
    private final MemoryBudget database;
    private final SessionGroup none;
    private final Map<String, SessionGroup> byName = new HashMap<>();
    /** Those without sessions. */
    private final Set<SessionGroup> idle = new HashSet<>();

    private boolean closed;

    /** @param database stays the caller's */
    SessionGroups(MemoryBudget database) {
        this.database = database;
        this.none = SessionGroup.ofDatabase(database);
    }

    /** The group of a session that is opened; it is to {@link #leave}. */
    synchronized SessionGroup enter(@Nullable ResourceGroup wanted) {
        endUnused();
        if (wanted == null) {
            return none;
        }
        SessionGroup group = of(wanted);
        idle.remove(group);
        group.enter(wanted.memoryLimitBytes());
        return group;
    }

    private SessionGroup of(ResourceGroup wanted) {
        if (closed) {
            throw new EngineException(ErrorCode.CLOSED, Engine.CLOSED);
        }
        return byName.computeIfAbsent(
                wanted.name(),
                name -> SessionGroup.of(name, database.group(name, wanted.memoryLimitBytes(), wanted.limitName())));
    }

    synchronized void leave(SessionGroup group) {
        if (!group.isOfDatabase() && group.leave()) {
            idle.add(group);
        }
        endUnused();
    }

    /** For memory that outlives cursors and sessions of a group. */
    synchronized BufferAllocator allocator(ResourceGroup wanted) {
        return of(wanted).handOut();
    }

    private void endUnused() {
        idle.removeIf(group -> group.endIfUnused() && byName.remove(group.name(), group));
    }

    /** Groups that there are. */
    synchronized int count() {
        return byName.size();
    }

    /** After all sessions and statements. @throws EngineException INTERNAL_ERROR naming a group of which a byte is held */
    @Override
    public synchronized void close() {
        closed = true;
        Closing closing = new Closing().each(byName.values(), SessionGroup::end);
        idle.clear();
        closing.finish();
    }
}
