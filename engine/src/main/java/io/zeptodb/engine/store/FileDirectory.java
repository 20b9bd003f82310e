package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A folder of the file system. Channels are opened for each operation or not used at all, because an interrupt closes a channel, and with it
 * everybody's file: an operation that an interrupt ended is done again and the interrupt kept.
 */
public final class FileDirectory implements Directory {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]*");

    private final Path folder;

    private interface Action<T> {
        T run() throws IOException;
    }

    private FileDirectory(Path folder) {
        this.folder = folder;
    }

    /**
     * Opens a folder, and makes it with those above it when it is not there.
     *
     * @throws EngineException IO_ERROR when it is no folder or cannot be made
     */
    public static FileDirectory open(String path) {
        Path folder = pathOf(path);
        return at(folder);
    }

    /**
     * Opens a folder that must be there.
     *
     * @throws EngineException FILE_NOT_FOUND; IO_ERROR when it is no folder
     */
    public static FileDirectory openExisting(String path) {
        Path folder = pathOf(path);
        if (!Files.exists(folder)) {
            throw new EngineException(
                    ErrorCode.FILE_NOT_FOUND, "cannot open database '" + folder + "': no such folder");
        }
        return at(folder);
    }

    private static Path pathOf(String path) {
        try {
            return Path.of(path).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new EngineException(ErrorCode.FILE_NOT_FOUND, "'" + path + "' is not a path: " + e.getReason(), e);
        }
    }

    private static FileDirectory at(Path folder) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new EngineException(
                    ErrorCode.IO_ERROR, "cannot open database '" + folder + "': it is a file, not a folder");
        }
        try {
            // a folder that is there may lie behind a link that createDirectories would stumble over
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                Path parent = folder.getParent();
                if (parent != null) {
                    syncFolder(parent);
                }
            }
        } catch (IOException e) {
            throw FileFailure.of("make folder", folder.toString(), e);
        }
        return new FileDirectory(folder);
    }

    @Override
    public String location() {
        return folder.toString();
    }

    private Path resolve(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no name of a file of a database");
        }
        return folder.resolve(name);
    }

    @Override
    public String path(String name) {
        return resolve(name).toString();
    }

    @Override
    public List<String> list() {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (!Files.isDirectory(file)) {
                    names.add(String.valueOf(file.getFileName()));
                }
            }
        } catch (IOException e) {
            throw FileFailure.of("list", location(), e);
        }
        names.sort(null);
        return names;
    }

    @Override
    public boolean exists(String name) {
        return Files.exists(resolve(name));
    }

    @Override
    public long length(String name) {
        try {
            return Files.size(resolve(name));
        } catch (IOException e) {
            throw FileFailure.of("read", path(name), e);
        }
    }

    @Override
    public OutputFile create(String name) {
        return DiskFile.create(resolve(name));
    }

    @Override
    public OutputFile append(String name, long length) {
        return DiskFile.append(resolve(name), length);
    }

    @Override
    public int read(String name, long offset, ByteBuffer target) {
        Path path = resolve(name);
        int start = target.position();
        return uninterrupted("read", path, () -> {
            target.position(start);
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                long at = offset;
                while (target.hasRemaining()) {
                    int read = channel.read(target, at);
                    if (read < 0) {
                        break;
                    }
                    at += read;
                }
            }
            return target.position() - start;
        });
    }

    @Override
    public ByteBuffer map(String name, long offset, int length) {
        Path path = resolve(name);
        return uninterrupted("map", path, () -> {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                if (offset + length > channel.size()) {
                    throw new EngineException(
                            ErrorCode.CORRUPTION,
                            "'" + path + "' is cut off: it has " + channel.size() + " bytes, " + length
                                    + " were expected at offset " + offset);
                }
                return channel.map(FileChannel.MapMode.READ_ONLY, offset, length)
                        .order(ByteOrder.LITTLE_ENDIAN);
            }
        });
    }

    /** Does it again when an interrupt has closed the channel; the interrupt is kept for the caller. */
    private static <T> T uninterrupted(String verb, Path path, Action<T> action) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return action.run();
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                    Thread.interrupted(); // or the next try would end as this one did
                } catch (IOException e) {
                    throw FileFailure.of(verb, path.toString(), e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void rename(String from, String to) {
        try {
            Files.move(resolve(from), resolve(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw FileFailure.of("rename", path(from), e);
        }
    }

    @Override
    public void delete(String name) {
        try {
            Files.deleteIfExists(resolve(name));
        } catch (IOException e) {
            throw FileFailure.of("delete", path(name), e);
        }
    }

    @Override
    public void sync() {
        uninterrupted("sync", folder, () -> {
            syncFolder(folder);
            return true;
        });
    }

    private static void syncFolder(Path folder) throws IOException {
        if (isWindows()) {
            return; // a folder cannot be opened there, and names are written through
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static boolean isWindows() {
        return java.io.File.separatorChar == '\\';
    }

    @Override
    public long freeBytes() {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return Long.MAX_VALUE; // only a hint: the write itself tells
        }
    }

    @Override
    public Directory folder(String name) {
        return at(resolve(name));
    }

    @Override
    public DirectoryLock lock(String name, boolean shared) {
        return FileLocks.lock(resolve(name), location(), shared);
    }

    @Override
    public void close() {}
}
