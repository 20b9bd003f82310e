package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.nio.ByteBuffer;

/** Copies files from one directory to another, or to another name. */
public final class FileCopy {
    private static final int PIECE_BYTES = 1 << 20;

    private FileCopy() {}

    /**
     * Copies the first bytes of a file and waits until they are on the disk; the name needs a sync of the target.
     *
     * @param stopCheck throws when the work shall end; called for every piece
     * @throws EngineException CORRUPTION when the file is shorter or missing; IO_ERROR, DISK_FULL
     */
    public static void copy(Directory from, Directory to, String name, long bytes, Runnable stopCheck) {
        copy(from, name, to, name, bytes, stopCheck);
    }

    /** As {@link #copy(Directory, Directory, String, long, Runnable)}, to another name, which may be in the same directory. */
    public static void copy(Directory from, String name, Directory to, String newName, long bytes, Runnable stopCheck) {
        from.lengthOfNamed(name);
        ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
        try (OutputFile file = to.create(newName)) {
            long at = 0;
            while (at < bytes) {
                stopCheck.run();
                piece.clear().limit((int) Math.min(PIECE_BYTES, bytes - at));
                int read = from.read(name, at, piece);
                if (read <= 0) {
                    throw new EngineException(
                            ErrorCode.CORRUPTION,
                            "'" + from.path(name) + "' is cut off: it ends at offset " + at + ", " + bytes
                                    + " bytes were expected");
                }
                file.write(piece.array(), 0, read);
                at += read;
            }
            file.sync();
        }
    }
}
