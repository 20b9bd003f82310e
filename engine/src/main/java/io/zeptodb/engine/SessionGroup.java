package io.zeptodb.engine;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.MemoryBudget;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Where statements and transactions of sessions take their memory: that of a resource group, or the database's. {@link SessionGroups} makes, counts and ends it;
 * {@link #open} may be called by any thread.
 */
final class SessionGroup {
    private final String name;
    private final MemoryBudget memory;
    private final boolean isOfDatabase;
    private int sessions;
    private boolean handedOut;
    private boolean ended;

    private SessionGroup(String name, MemoryBudget memory, boolean isOfDatabase) {
        this.name = name;
        this.memory = memory;
        this.isOfDatabase = isOfDatabase;
    }

    /** Of the sessions that are in no group. @param memory stays the caller's */
    static SessionGroup ofDatabase(MemoryBudget memory) {
        return new SessionGroup("", memory, true);
    }

    /** @param memory the group's from now on */
    static SessionGroup of(String name, MemoryBudget memory) {
        return new SessionGroup(name, memory, false);
    }

    String name() {
        return name;
    }

    boolean isOfDatabase() {
        return isOfDatabase;
    }

    /**
     * Makes something that takes memory of the group, and gives it back before it is closed.
     *
     * @throws EngineException CLOSED when the last session was closed meanwhile
     */
    <T> T open(Function<MemoryBudget, T> maker) {
        if (isOfDatabase) {
            return maker.apply(memory); // closed after all that uses it
        }
        synchronized (this) {
            if (ended) {
                throw new EngineException(ErrorCode.CLOSED, "session is closed");
            }
            return maker.apply(memory);
        }
    }

    /** Counts a session, whose limit is the one that holds from here on. */
    synchronized void enter(long limitBytes) {
        sessions++;
        memory.setLimitBytes(limitBytes);
    }

    /** @return whether it was the last session */
    synchronized boolean leave() {
        sessions--;
        return sessions == 0;
    }

    /** For memory of whoever uses the sessions: from here on the group lasts as long as the database, for nobody says when that is over. */
    synchronized BufferAllocator handOut() {
        handedOut = true;
        return memory.allocator();
    }

    /** Ends a group that has neither sessions nor memory. @return whether it has ended */
    synchronized boolean endIfUnused() {
        if (sessions == 0 && !handedOut && memory.isUnused()) {
            end();
        }
        return ended;
    }

    /** @throws EngineException INTERNAL_ERROR when a byte of it is held */
    synchronized void end() {
        ended = true;
        memory.close();
    }
}
