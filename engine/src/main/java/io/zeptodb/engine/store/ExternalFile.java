package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of a user's that COPY reads or writes, compressed when its name ends in {@code .gz}. Written under another name beside it and
 * renamed at the end, so that a reader never sees half of it and a failed COPY leaves what was there.
 */
public final class ExternalFile {
    private static final Logger LOG = LoggerFactory.getLogger(ExternalFile.class);
    private static final int BUFFER_BYTES = 1 << 16;
    /** Of what is not whole yet. */
    private static final String PART_PREFIX = ".zepto-";

    private static final String PART_SUFFIX = ".part";
    /** Of Unix: the bits of a mode that tell what is there, and what they are for a pipe. */
    private static final int FILE_KIND = 0xF000;

    private static final int PIPE = 0x1000;

    private final Path path;
    private final AtomicLong bytesRead = new AtomicLong();

    /** @throws EngineException FILE_NOT_FOUND when the text is no path of this system */
    public ExternalFile(String path) {
        try {
            this.path = Path.of(path);
        } catch (InvalidPathException e) {
            throw new EngineException(ErrorCode.FILE_NOT_FOUND, "'" + path + "' is not a path: " + e.getReason(), e);
        }
    }

    public Path path() {
        return path;
    }

    private boolean compressed() {
        return path.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
    }

    /** Bytes on disk. */
    public long size() {
        try {
            return Files.size(path);
        } catch (IOException e) {
            throw failure("read", e);
        }
    }

    /** Bytes taken from disk so far by the stream that {@link #open} gave; any thread. */
    public long bytesRead() {
        return bytesRead.get();
    }

    /** The content, decompressed; the caller closes it. */
    public InputStream open() {
        checkKind("read");
        try {
            InputStream raw =
                    new Counting(new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES), bytesRead);
            try {
                return compressed() ? new GZIPInputStream(raw, BUFFER_BYTES) : raw;
            } catch (IOException | RuntimeException e) {
                raw.close();
                throw e;
            }
        } catch (IOException e) {
            throw failure("read", e);
        }
    }

    /** The bytes as they lie on the disk, at any place; the caller closes it. */
    public Bytes openBytes() {
        checkKind("read");
        try {
            return new Bytes(FileChannel.open(path, StandardOpenOption.READ));
        } catch (IOException e) {
            throw failure("read", e);
        }
    }

    /**
     * Begins to write; {@link Output#commit()} makes it the file. What is no file, as a device, is written into and stays what it is; a link stays
     * one, to what is written.
     */
    public Output create() {
        checkKind("write");
        try {
            Path target = target();
            boolean replaces = Files.exists(target);
            if (replaces && !Files.isRegularFile(target)) {
                return output(target, null, Files.newOutputStream(target, StandardOpenOption.WRITE));
            }
            // a name of its own: two that write the same file do not write into each other, and what the user has there
            // stays
            Path part = target.resolveSibling(PART_PREFIX + UUID.randomUUID() + PART_SUFFIX);
            OutputStream bytes = Files.newOutputStream(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return output(target, part, bytes);
        } catch (IOException e) {
            throw failure("write", e);
        }
    }

    /** The file that is meant, at the end of links. */
    private Path target() throws IOException {
        if (!Files.isSymbolicLink(path)) {
            return path.toAbsolutePath();
        } else if (Files.exists(path)) {
            return path.toRealPath();
        }
        throw new EngineException(
                ErrorCode.FILE_NOT_FOUND, "cannot write '" + path + "': it is a link to what is not there");
    }

    private Output output(Path target, @Nullable Path part, OutputStream bytes) throws IOException {
        Output output = new Output(target, part, bytes);
        try {
            if (part != null) {
                keepPermissions(target, part);
            }
            output.stream = compressing(bytes);
            return output;
        } catch (IOException | RuntimeException e) {
            output.close();
            throw e;
        }
    }

    /** Who could not read what is replaced shall not read what replaces it. */
    private static void keepPermissions(Path old, Path part) throws IOException {
        PosixFileAttributeView there = Files.getFileAttributeView(old, PosixFileAttributeView.class);
        if (there != null && Files.exists(old)) {
            Files.setPosixFilePermissions(part, there.readAttributes().permissions());
        }
    }

    private OutputStream compressing(OutputStream bytes) throws IOException {
        OutputStream raw = new BufferedOutputStream(bytes, BUFFER_BYTES);
        return compressed() ? new GZIPOutputStream(raw, BUFFER_BYTES) : raw;
    }

    private void checkKind(String verb) {
        if (Files.isDirectory(path)) {
            throw new EngineException(
                    ErrorCode.IO_ERROR,
                    path.toString().isEmpty()
                            ? "cannot " + verb + " '': the path is empty"
                            : "cannot " + verb + " '" + path + "': it is a folder");
        }
        if (isNamedPipe()) {
            throw new EngineException(
                    ErrorCode.IO_ERROR,
                    "cannot " + verb + " '" + path + "': it is a named pipe, and nobody may ever come to its other end;"
                            + " take a file, or /dev/stdin");
        }
    }

    /** Opening one waits without end for its other end. A pipe without a name, as behind /dev/stdin, is open already. */
    private boolean isNamedPipe() {
        try {
            Object mode = Files.getAttribute(path, "unix:mode");
            if (!(mode instanceof Integer bits) || (bits & FILE_KIND) != PIPE) {
                return false;
            }
            return Files.exists(path.toRealPath());
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false; // not there, or not a system that has them
        }
    }

    /** An error of the file system as the engine's, naming the file. */
    public EngineException failure(String verb, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new EngineException(
                    ErrorCode.FILE_NOT_FOUND, "cannot " + verb + " '" + path + "': no such file or folder", e);
        }
        return new EngineException(ErrorCode.IO_ERROR, "cannot " + verb + " '" + path + "': " + reason(e), e);
    }

    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        } else if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        } else if (e instanceof EOFException) {
            return "the compressed data ends before its end: the file is torn";
        } else if (e instanceof ZipException) {
            return "the compressed data is damaged: " + e.getMessage();
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /** A file being read, at any place. One thread. */
    public final class Bytes implements AutoCloseable {
        private final FileChannel channel;

        private Bytes(FileChannel channel) {
            this.channel = channel;
        }

        /** Bytes on disk. */
        public long size() {
            try {
                return channel.size();
            } catch (IOException e) {
                throw failure("read", e);
            }
        }

        /** Fills the buffer from this place on; less only where the file ends. */
        public void read(long position, ByteBuffer into) {
            long at = position;
            try {
                while (into.hasRemaining()) {
                    int read = channel.read(into, at);
                    if (read < 0) {
                        return;
                    }
                    at += read;
                }
            } catch (IOException e) {
                throw failure("read", e);
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw failure("read", e);
            }
        }
    }

    /** A file being written. */
    public final class Output implements AutoCloseable {
        private final Path target;
        /** Null when there is nothing to rename. */
        private final @Nullable Path part;

        private OutputStream stream;
        private boolean open = true;
        private boolean committed;

        private Output(Path target, @Nullable Path part, OutputStream stream) {
            this.target = target;
            this.part = part;
            this.stream = stream;
        }

        public OutputStream stream() {
            return stream;
        }

        /** Ends the file and gives it its name. */
        public void commit() {
            try {
                open = false;
                stream.close();
                if (part != null) {
                    // in one step: at each moment there is the old file or the new one
                    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                }
                committed = true;
            } catch (IOException e) {
                throw failure("write", e);
            }
        }

        /** Removes what was written unless it was committed. */
        @Override
        public void close() {
            if (committed) {
                return;
            }
            try {
                if (open) {
                    open = false;
                    stream.close();
                }
            } catch (IOException e) {
                // what is buffered finds no more room than what came before it: that has been said
                LOG.debug("the unfinished part of '{}' was not closed", path, e);
            }
            try {
                if (part != null) {
                    Files.deleteIfExists(part);
                }
            } catch (IOException e) {
                throw failure("remove the unfinished part of", e);
            }
        }
    }

    private static final class Counting extends FilterInputStream {
        private final AtomicLong count;

        Counting(InputStream in, AtomicLong count) {
            super(in);
            this.count = count;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            if (value >= 0) {
                count.incrementAndGet();
            }
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read > 0) {
                count.addAndGet(read);
            }
            return read;
        }
    }
}
