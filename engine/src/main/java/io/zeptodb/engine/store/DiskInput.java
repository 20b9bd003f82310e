package io.zeptodb.engine.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A file of the disk that is read. Not a channel, which an interrupt would close. */
final class DiskInput implements InputFile {
    private final Path path;
    private final RandomAccessFile file;

    private DiskInput(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    static DiskInput open(Path path) {
        try {
            return new DiskInput(path, new RandomAccessFile(path.toFile(), "r"));
        } catch (IOException e) {
            throw FileFailure.of("read", path.toString(), e);
        }
    }

    @Override
    public String path() {
        return path.toString();
    }

    @Override
    public long length() {
        try {
            return file.length();
        } catch (IOException e) {
            throw FileFailure.of("read", path.toString(), e);
        }
    }

    @Override
    public int read(long offset, ByteBuffer target) {
        int start = target.position();
        try {
            file.seek(offset);
            while (target.hasRemaining()) {
                int read = file.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
                if (read < 0) {
                    break;
                }
                target.position(target.position() + read);
            }
        } catch (IOException e) {
            throw FileFailure.of("read", path.toString(), e);
        }
        return target.position() - start;
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
