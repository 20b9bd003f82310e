package io.zeptodb.jdbc;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.HashMap;
import java.util.Map;

/**
 * The in-memory databases that connections share by name, each open as long as somebody holds a lease of it. Thread-safe; opening and
 * closing exclude each other, so that a name never means a database that is going away.
 */
final class SharedDatabases {
    private static final Map<String, Shared> BY_NAME = new HashMap<>();

    private SharedDatabases() {}

    private static final class Shared {
        private final Database database;
        private final Map<String, String> options;
        private int leases;

        Shared(Database database, Map<String, String> options) {
            this.database = database;
            this.options = options;
        }
    }

    /** A hold on a database. Closing the last one closes the database; closing twice is harmless. */
    static final class Lease implements AutoCloseable {
        private final Database database;
        private final Runnable release;
        private boolean released;

        private Lease(Database database, Runnable release) {
            this.database = database;
            this.release = release;
        }

        Database database() {
            return database;
        }

        @Override
        public synchronized void close() {
            if (!released) {
                released = true;
                release.run();
            }
        }
    }

    /** A database of one's own. */
    static Lease openPrivate(Map<String, String> options) {
        Database database = Engine.open(options);
        return new Lease(database, database::close);
    }

    /**
     * The database of this name, opened when it is not.
     *
     * @throws EngineException INVALID_OPTION when it is open with other options than those given
     */
    static Lease openNamed(String name, Map<String, String> options) {
        synchronized (BY_NAME) {
            Shared shared = BY_NAME.get(name);
            if (shared == null || shared.database.isClosed()) {
                shared = new Shared(Engine.open(options), options);
                BY_NAME.put(name, shared);
            } else {
                checkSame(name, shared.options, options);
            }
            shared.leases++;
            Shared leased = shared;
            return new Lease(leased.database, () -> release(name, leased));
        }
    }

    private static void checkSame(String name, Map<String, String> open, Map<String, String> asked) {
        for (Map.Entry<String, String> option : asked.entrySet()) {
            String current = open.get(option.getKey());
            if (!option.getValue().equals(current)) {
                throw new EngineException(
                        ErrorCode.INVALID_OPTION,
                        "the database '" + name + "' is open already with " + option.getKey() + " = "
                                + (current == null ? "its default" : current) + ", not " + option.getValue()
                                + ": options are given by the first connection");
            }
        }
    }

    private static void release(String name, Shared shared) {
        synchronized (BY_NAME) {
            shared.leases--;
            if (shared.leases == 0) {
                BY_NAME.remove(name, shared);
                shared.database.close();
            }
        }
    }
}
