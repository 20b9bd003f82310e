package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A folder of the file system. Channels are opened for each operation or not used at all, because an interrupt closes a channel, and with it
 * everybody's file: an operation that an interrupt ended is done again and the interrupt kept.
 */
public final class FileDirectory implements Directory {
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

    /** Whether a path is the one of another folder, or lies below it, whatever links lead there; it need not be there. */
    public static boolean isWithin(String path, Directory outer) {
        return outer instanceof FileDirectory known && isWithin(pathOf(path), known.folder);
    }

    private static boolean isWithin(Path folder, Path outer) {
        Path there = folder;
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        if (there == null) {
            return false;
        }
        try {
            for (Path above = there.toRealPath(); above != null; above = above.getParent()) {
                if (Files.isSameFile(above, outer)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw FileFailure.of("find", there.toString(), e);
        }
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
                Path there = folder.getParent();
                while (there != null && !Files.isDirectory(there)) {
                    there = there.getParent();
                }
                Files.createDirectories(folder);
                syncMade(folder, there);
            }
        } catch (IOException e) {
            throw FileFailure.of("make folder", folder.toString(), e);
        }
        return new FileDirectory(folder);
    }

    /** Makes the names of new folders durable, up to the one that was there before. */
    private static void syncMade(Path folder, @Nullable Path there) throws IOException {
        Path parent = folder.getParent();
        while (parent != null) {
            syncFolder(parent);
            if (parent.equals(there)) {
                return;
            }
            parent = parent.getParent();
        }
    }

    @Override
    public String location() {
        return folder.toString();
    }

    private Path resolve(String name) {
        return folder.resolve(FileNames.any(name));
    }

    /** A file to be opened: no lock, which closing any handle of its file would give up. */
    private Path file(String name) {
        return folder.resolve(FileNames.ofFile(name));
    }

    @Override
    public String path(String name) {
        return resolve(name).toString();
    }

    @Override
    public List<String> list() {
        return names(FileNames::isName, false);
    }

    @Override
    public List<String> foreign() {
        return names(name -> !FileNames.isName(name) && !name.startsWith("."), false);
    }

    @Override
    public List<String> folders() {
        return names(name -> !name.startsWith("."), true);
    }

    private List<String> names(Predicate<String> wanted, boolean folders) {
        List<String> names = new ArrayList<>();
        try {
            for (Path file : filesIn(folder)) {
                String name = String.valueOf(file.getFileName());
                if (wanted.test(name) && Files.isDirectory(file) == folders) {
                    names.add(name);
                }
            }
        } catch (IOException e) {
            throw FileFailure.of("list", location(), e);
        }
        names.sort(null);
        return names;
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            files.forEach(found::add);
        } catch (DirectoryIteratorException e) {
            throw new IOException(e.getMessage(), e);
        }
        return found;
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
    public InputFile input(String name) {
        return DiskInput.open(file(name));
    }

    @Override
    public OutputFile create(String name) {
        return DiskFile.create(file(name));
    }

    @Override
    public OutputFile append(String name, long length) {
        return DiskFile.append(file(name), length);
    }

    @Override
    public int read(String name, long offset, ByteBuffer target) {
        Path path = file(name);
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
        Path path = file(name);
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
            Files.move(file(from), file(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw FileFailure.of("rename to '" + to + "'", path(from), e);
        }
    }

    @Override
    public void delete(String name) {
        try {
            Files.deleteIfExists(file(name));
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
    public void deleteFolder(String name) {
        Path inner = resolve(name);
        if (!Files.isDirectory(inner, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            for (Path file : filesIn(inner)) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(inner);
        } catch (IOException e) {
            throw FileFailure.of("delete", inner.toString(), e);
        }
    }

    @Override
    public DirectoryLock lock(String name, boolean shared) {
        return FileLocks.lock(folder.resolve(FileNames.ofLock(name)), location(), shared);
    }

    @Override
    public void deleteLock(String name) {
        try {
            Files.deleteIfExists(folder.resolve(FileNames.ofLock(name)));
        } catch (IOException e) {
            throw FileFailure.of("delete", path(name), e);
        }
    }

    @Override
    public void close() {}
}
