package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folders in which statements may read and write files. Links and {@code ..} are followed before a path is looked at, so that neither leads
 * out. Immutable and thread-safe.
 */
public final class AllowedPaths {
    private static final String PARENT = "..";

    private final @Nullable List<String> folders;

    /** @param folders null allows every path */
    public AllowedPaths(@Nullable List<String> folders) {
        this.folders = folders;
    }

    /**
     * Refuses a path outside of the folders, whether there is anything or not.
     *
     * @param what does so, for the message: "COPY", "BACKUP"
     * @throws EngineException ACCESS_DENIED
     */
    public void check(String what, String path) {
        if (folders != null && !isWithin(path)) {
            throw new EngineException(
                    ErrorCode.ACCESS_DENIED,
                    what + " may not use '" + path + "': "
                            + (folders.isEmpty()
                                    ? "no folder is allowed here (option allowed_paths)"
                                    : "allowed_paths has " + String.join(", ", folders)));
        }
    }

    /** Whether each of these folders lies within one that is allowed here. */
    public boolean contains(@Nullable List<String> others) {
        return folders == null || (others != null && others.stream().allMatch(this::isWithin));
    }

    private boolean isWithin(String path) {
        List<String> allowed = folders;
        Path real = real(path);
        if (allowed == null || real == null) {
            return allowed == null;
        }
        for (String folder : allowed) {
            Path root = real(folder);
            if (root != null && real.startsWith(root)) {
                return true;
            }
        }
        return false;
    }

    /** The path without links; null when it leads through something that cannot be followed. */
    private static @Nullable Path real(String text) {
        try {
            Path existing = Path.of(text).toAbsolutePath();
            Deque<String> missing = new ArrayDeque<>();
            while (existing != null && !Files.exists(existing)) {
                if (Files.isSymbolicLink(existing) || existing.getFileName() == null) {
                    return null; // a link to nothing may lead anywhere once there is something
                }
                missing.push(existing.getFileName().toString());
                existing = existing.getParent();
            }
            if (existing == null || missing.contains(PARENT)) {
                return null;
            }
            Path real = existing.toRealPath();
            for (String name : missing) {
                real = real.resolve(name);
            }
            return real.normalize();
        } catch (IOException | InvalidPathException e) {
            return null;
        }
    }
}
