package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file of the disk. Not a channel, which an interrupt of any thread that writes would close for all. */
final class DiskFile implements OutputFile {
    private static final int PIECE_BYTES = 1 << 18;

    private final Path path;
    private final RandomAccessFile file;
    private volatile long length;
    private byte @Nullable [] piece;

    private DiskFile(Path path, RandomAccessFile file, long length) {
        this.path = path;
        this.file = file;
        this.length = length;
    }

    static DiskFile create(Path path) {
        return open(path, 0);
    }

    static DiskFile append(Path path, long length) {
        if (!Files.exists(path)) {
            throw FileFailure.of("append to", path.toString(), new NoSuchFileException(path.toString()));
        }
        return open(path, length);
    }

    private static DiskFile open(Path path, long length) {
        try {
            RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
            try {
                long present = file.length();
                if (present < length) {
                    throw new EngineException(
                            ErrorCode.CORRUPTION,
                            "'" + path + "' is cut off: it has " + present + " bytes, at least " + length
                                    + " were expected");
                }
                if (present > length) {
                    file.setLength(length);
                }
                file.seek(length);
                return new DiskFile(path, file, length);
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw FileFailure.of("open", path.toString(), e);
        }
    }

    @Override
    public String name() {
        return String.valueOf(path.getFileName());
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void write(ByteBuffer bytes) {
        if (bytes.hasArray()) {
            write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            bytes.position(bytes.limit());
            return;
        }
        byte[] room = piece;
        if (room == null) {
            room = new byte[PIECE_BYTES];
            piece = room;
        }
        while (bytes.hasRemaining()) {
            int count = Math.min(room.length, bytes.remaining());
            bytes.get(room, 0, count);
            write(room, 0, count);
        }
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
        try {
            file.write(bytes, from, count);
            length = length() + count; // one thread writes, others may read
        } catch (IOException e) {
            throw FileFailure.of("write", path.toString(), e);
        }
    }

    @Override
    public void truncate(long to) {
        try {
            file.setLength(to);
            file.seek(to);
            length = to;
        } catch (IOException e) {
            throw FileFailure.of("cut", path.toString(), e);
        }
    }

    @Override
    public void sync() {
        try {
            file.getFD().sync();
        } catch (IOException e) {
            throw FileFailure.of("sync", path.toString(), e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw FileFailure.of("close", path.toString(), e);
        }
    }
}
