package io.zeptodb.engine;

import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.store.CrashDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the database of a spec file stays while it is closed: a new folder of the file system, or one in memory, and then with
 * a log whose transactions lie in several files.
 */
public final class SpecDisk implements AutoCloseable {
    private final @Nullable Path folder;
    private @Nullable CrashDirectory memory;

    private SpecDisk(@Nullable Path folder, @Nullable CrashDirectory memory) {
        this.folder = folder;
        this.memory = memory;
    }

    public static SpecDisk inTemporaryFolder() {
        try {
            return new SpecDisk(Files.createTempDirectory("zepto-spec"), null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static SpecDisk inMemory() {
        return new SpecDisk(null, new CrashDirectory());
    }

    public Database open(Map<String, String> options) {
        if (folder != null) {
            return Engine.open(folder.toString(), options);
        }
        CrashDirectory left = java.util.Objects.requireNonNull(memory).kill();
        memory = left;
        return SmallLog.open(left, options);
    }

    /** Deletes the folder. */
    @Override
    public void close() {
        if (folder != null) {
            delete(folder);
        }
    }

    /** Deletes a folder and what is in it. */
    public static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path path : all) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
