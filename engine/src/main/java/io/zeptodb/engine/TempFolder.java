package io.zeptodb.engine;

import io.zeptodb.engine.api.TempConfig;
import io.zeptodb.engine.exec.spill.SpillSpace;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.FileDirectory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The folder in which the queries of a database put what does not fit memory. */
final class TempFolder {
    /** Name inside the folder of a database. */
    static final String NAME = "tmp";

    private static final String PREFIX = "zepto-";

    private TempFolder() {}

    /**
     * Room for the temporary files of a database; its folder is made when the first query needs it and deleted by {@code close()}.
     *
     * @param database the folder of the database, null for one in memory or one that is only read
     */
    static SpillSpace space(TempConfig config, @Nullable Directory database) {
        if (database != null && config.directory().isEmpty()) {
            return space(config, () -> database, NAME);
        }
        String base = config.directory().isEmpty() ? System.getProperty("java.io.tmpdir") : config.directory();
        String name = PREFIX + ProcessHandle.current().pid() + "-"
                + Long.toHexString(ThreadLocalRandom.current().nextLong());
        return space(config, () -> FileDirectory.open(base), name);
    }

    private static SpillSpace space(TempConfig config, Supplier<Directory> base, String name) {
        return new SpillSpace(
                () -> base.get().folder(name),
                config::limitBytes,
                () -> base.get().deleteFolder(name));
    }

    /** Deletes what a process that was killed has left in the folder of a database. */
    static void empty(Directory database) {
        database.deleteFolder(NAME);
    }
}
