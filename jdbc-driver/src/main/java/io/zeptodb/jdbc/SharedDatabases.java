package io.zeptodb.jdbc;

import io.zeptodb.engine.Engine;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.EngineOption;
import io.zeptodb.engine.api.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The databases that connections share, in memory by name and on disk by folder, each open as long as somebody holds a lease of it. Thread-safe; opening and
 * closing exclude each other, so that a name never means a database that is going away.
 */
final class SharedDatabases {
    private static final String FOLDER = "file:";
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
        return open("mem:" + name, options, () -> Engine.open(options));
    }

    /**
     * The database of this folder, opened when it is not.
     *
     * @throws EngineException as {@link Engine#open(String, Map)}; INVALID_OPTION when it is open with other options than those given
     */
    static Lease openFolder(String path, Map<String, String> options) {
        return open(FOLDER + folder(path), options, () -> Engine.open(path, options));
    }

    /** Two paths to one folder are one database, also when the first of them is what makes it: then links are followed as far as there is something. */
    private static String folder(String path) {
        try {
            Path absolute = Path.of(path).toAbsolutePath().normalize();
            Path there = absolute;
            while (!Files.exists(there) && there.getParent() != null) {
                there = there.getParent();
            }
            return there.toRealPath()
                    .resolve(there.relativize(absolute))
                    .normalize()
                    .toString();
        } catch (InvalidPathException | IOException e) {
            return path; // opening it will tell what is wrong
        }
    }

    private static Lease open(String name, Map<String, String> options, Supplier<Database> opener) {
        synchronized (BY_NAME) {
            Shared shared = BY_NAME.get(name);
            if (shared == null || shared.database.isClosed()) {
                shared = new Shared(opener.get(), options);
                BY_NAME.put(name, shared);
            } else {
                checkSame(name, shared.options, options);
            }
            shared.leases++;
            Shared leased = shared;
            return new Lease(leased.database, () -> release(name, leased));
        }
    }

    /** What is not asked takes what is there, but for the right to write: who does not ask to read only wants to. */
    private static void checkSame(String name, Map<String, String> open, Map<String, String> asked) {
        String access = EngineOption.ACCESS_MODE.key();
        if (open.containsKey(access) && !asked.containsKey(access)) {
            checkSame(name, open, Map.of(access, EngineOption.ACCESS_MODE.defaultValue()));
        }
        for (Map.Entry<String, String> option : asked.entrySet()) {
            String current = open.get(option.getKey());
            if (!option.getValue().equals(current)) {
                throw new EngineException(
                        ErrorCode.INVALID_OPTION,
                        "the database '" + name.substring(name.indexOf(':') + 1) + "' is open already with "
                                + option.getKey() + " = "
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
