package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A flat folder of files: all that a database does to its disk. Thread-safe; a file is written by one thread at a time.
 *
 * <p>What survives a power cut: the bytes of a file that were there at its last {@link OutputFile#sync()}, and the names (made, renamed,
 * deleted) that were there at the last {@link #sync()} of the folder. Everything else may be lost, torn or kept, in any order. A rename is
 * atomic: one sees the old name or the new one.
 *
 * <p>Names are of letters, digits, {@code -}, {@code _} and {@code .}, with no folder in them. Every failure of the system is an
 * {@link EngineException}: FILE_NOT_FOUND, DISK_FULL or IO_ERROR, naming the file and the reason. An interrupt of the calling thread neither
 * fails an operation nor closes a file.
 */
public interface Directory extends AutoCloseable {
    /** What messages call the folder: its absolute path. */
    String location();

    /** What messages call a file: its absolute path. */
    default String path(String name) {
        return location() + "/" + name;
    }

    /** The names of all files, in their order; folders are not among them, nor what cannot be a name of a file here. */
    List<String> list();

    /** Names of files that are nothing of a database's: they cannot be names here. Hidden ones, which begin with a dot, are not among them. */
    default List<String> foreign() {
        return List.of();
    }

    /** Names of the folders in it, but for hidden ones. */
    List<String> folders();

    boolean exists(String name);

    /** Bytes of a file. */
    long length(String name);

    /** Opens a file to read it a piece at a time, and as one file whatever becomes of its name. */
    InputFile input(String name);

    /**
     * Bytes of a file that another one names: when it is not there, the folder is damaged.
     *
     * @throws EngineException CORRUPTION when it is missing
     */
    default long lengthOfNamed(String name) {
        if (!exists(name)) {
            throw new EngineException(
                    ErrorCode.CORRUPTION, "'" + path(name) + "' is missing (offset 0): the database has rows in it");
        }
        return length(name);
    }

    /** Opens a file that another one names. @throws EngineException CORRUPTION when it is missing */
    default InputFile namedInput(String name) {
        lengthOfNamed(name);
        return input(name);
    }

    /** Makes a new, empty file to write; an old one of this name is emptied. The name survives a power cut after {@link #sync()}. */
    OutputFile create(String name);

    /**
     * Opens a file to write behind byte {@code length}; what lies behind is cut off.
     *
     * @throws EngineException CORRUPTION when the file is shorter
     */
    OutputFile append(String name, long length);

    /**
     * Bytes [offset, offset + target.remaining()) of a file into a buffer, less when the file ends before: the number read.
     */
    int read(String name, long offset, ByteBuffer target);

    /** A whole file; for small ones. */
    default byte[] readAll(String name) {
        long length = length(name);
        if (length > Integer.MAX_VALUE - Long.SIZE) {
            throw new IllegalArgumentException(path(name) + " has " + length + " bytes: too many for an array");
        }
        byte[] bytes = new byte[(int) length];
        int read = read(name, 0, ByteBuffer.wrap(bytes));
        return read == bytes.length ? bytes : java.util.Arrays.copyOf(bytes, read);
    }

    /**
     * The memory of a part of a file: a read-only direct buffer over the file's pages, little-endian. It stays valid when the file is deleted. It
     * is given back when the collector finds it unreachable; who knows that nobody reads it any more may unmap it before.
     *
     * @throws EngineException CORRUPTION when the file ends before the part does
     */
    ByteBuffer map(String name, long offset, int length);

    /** Gives a file another name; a file that had it is replaced. Survives a power cut after {@link #sync()}. */
    void rename(String from, String to);

    /** Deletes a file; does nothing when there is none. */
    void delete(String name);

    /** Makes the names durable: files made, renamed and deleted until now. */
    void sync();

    /** Bytes that can still be written, as the system tells it; Long.MAX_VALUE when it does not. */
    long freeBytes();

    /**
     * A folder inside this one, made when it is not there.
     *
     * @param name as that of a file
     */
    Directory folder(String name);

    /**
     * Deletes a folder inside this one with the files in it; does nothing when there is none.
     *
     * @param name as that of a file
     */
    void deleteFolder(String name);

    /**
     * Takes the folder for this process, until the lock is closed.
     *
     * @param name of the file that is locked, made when it is not there; it ends in {@code .lock}, and such files are not opened otherwise
     * @param shared whether others may have it shared too
     * @throws EngineException DATABASE_LOCKED naming the process that has it
     */
    DirectoryLock lock(String name, boolean shared);

    /** Deletes the file of a lock; does nothing when there is none. Who holds it does not notice, so that should be nobody. */
    void deleteLock(String name);

    @Override
    void close();
}
