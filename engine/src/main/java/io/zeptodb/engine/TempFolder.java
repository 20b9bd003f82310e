package io.zeptodb.engine;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TempConfig;
import io.zeptodb.engine.exec.spill.SpillSpace;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.DirectoryLock;
import io.zeptodb.engine.store.FileDirectory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which the queries of a database put what does not fit memory. Either it is {@code tmp} in the folder of the database, whose lock
 * holds for it too, or one beside those of other databases, and of others who use the system's folder, with a file beside it that is locked as long
 * as its process lives. Who makes one deletes those whose file nobody has locked: their processes were killed.
 */
final class TempFolder {
    /** Name inside the folder of a database. */
    static final String NAME = "tmp";

    private static final String PREFIX = "zepto-";
    private static final String LOCK = ".lock";
    private static final Pattern LOCKS = Pattern.compile(PREFIX + "[0-9]+-[0-9a-f]+\\" + LOCK);

    private final String path;
    /** By the option, not by the system. */
    private final boolean configured;
    /** What {@link #open} made, for {@link #remove}. */
    private @Nullable Directory base;

    private @Nullable DirectoryLock lock;
    private String name = "";

    private TempFolder(String configured) {
        this.configured = !configured.isEmpty();
        this.path = this.configured ? configured : System.getProperty("java.io.tmpdir");
    }

    /**
     * Room for the temporary files of a database; its folder is made when the first query needs it and deleted by {@code close()}.
     *
     * @param database the folder of the database, null for one in memory or one that is only read
     */
    static SpillSpace space(TempConfig config, @Nullable Directory database) {
        if (database != null && config.directory().isEmpty()) {
            return new SpillSpace(() -> database.folder(NAME), config::limitBytes, () -> database.deleteFolder(NAME));
        }
        TempFolder folder = new TempFolder(config.directory());
        return new SpillSpace(folder::open, config::limitBytes, folder::remove);
    }

    /** Deletes what a process that was killed has left in the folder of a database. */
    static void empty(Directory database) {
        database.deleteFolder(NAME);
    }

    private Directory open() {
        try {
            return make();
        } catch (EngineException e) {
            throw new EngineException(
                    e.code() == ErrorCode.FILE_NOT_FOUND ? ErrorCode.IO_ERROR : e.code(),
                    "no temporary files of queries can be made in '" + path + "', the folder that "
                            + (configured ? "temp_directory names" : "the system names (temp_directory is not set)")
                            + ": " + e.getMessage(),
                    e);
        }
    }

    private Directory make() {
        Directory parent = FileDirectory.open(path);
        sweep(parent);
        while (true) {
            String fresh = PREFIX + ProcessHandle.current().pid() + "-"
                    + Long.toHexString(ThreadLocalRandom.current().nextLong());
            DirectoryLock held;
            try {
                held = parent.lock(fresh + LOCK, false);
            } catch (EngineException e) {
                if (e.code() == ErrorCode.DATABASE_LOCKED) {
                    continue; // another process swept it before it was locked
                }
                throw e;
            }
            if (!parent.exists(fresh + LOCK)) {
                held.close(); // as above, but faster
                continue;
            }
            base = parent;
            lock = held;
            name = fresh;
            return parent.folder(fresh);
        }
    }

    private void remove() {
        Directory parent = base;
        DirectoryLock held = lock;
        if (parent == null || held == null) {
            return;
        }
        try {
            parent.deleteFolder(name);
        } finally {
            held.close();
            parent.deleteLock(name + LOCK);
        }
    }

    /** Deletes the folders of processes that are gone. */
    private static void sweep(Directory parent) {
        for (String file : parent.list()) {
            if (LOCKS.matcher(file).matches() && sweepFolder(parent, file)) {
                parent.deleteLock(file);
            }
        }
    }

    /** Whether nobody has the folder of this lock, and it is gone now. */
    private static boolean sweepFolder(Directory parent, String file) {
        // shared: that writes nothing into a file that might be anybody's, and others who sweep do no harm
        try (DirectoryLock nobodyElse = parent.lock(file, true)) {
            parent.deleteFolder(file.substring(0, file.length() - LOCK.length()));
            return true;
        } catch (EngineException e) {
            return false; // in use, or another user's: it is there to be swept by its owner
        }
    }
}
