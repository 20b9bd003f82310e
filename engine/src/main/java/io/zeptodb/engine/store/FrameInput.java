package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads a file of {@link Frame}s, one at a time; whatever is wrong with it is CORRUPTION with file and offset. One thread. */
public final class FrameInput {
    private final InputFile file;
    private final long limit;
    private final int kind;
    private final int leastVersion;
    private final int version;
    private final CRC32C crc = new CRC32C();
    private long position;
    private @Nullable ByteReader present;
    private long number;
    private int presentVersion;
    private boolean isLast;

    /**
     * @param file stays the caller's
     * @param limit bytes of it that count
     * @param kind that all frames must have
     * @param version of their layout that is read here
     */
    public FrameInput(InputFile file, long limit, int kind, int version) {
        this(file, limit, kind, version, version);
    }

    /**
     * As the other, for layouts of several versions.
     *
     * @param leastVersion that is still read; {@link #version()} tells which it is
     */
    public FrameInput(InputFile file, long limit, int kind, int leastVersion, int version) {
        this.file = file;
        this.leastVersion = leastVersion;
        this.limit = limit;
        this.kind = kind;
        this.version = version;
    }

    /**
     * The payload of the next frame; null behind the last one that counts.
     *
     * @throws EngineException CORRUPTION; FEATURE_NOT_SUPPORTED for another version
     */
    public @Nullable ByteReader next() {
        if (position == limit) {
            return null;
        }
        byte[] header = bytes(new byte[Frame.HEADER_BYTES], 0, Frame.HEADER_BYTES);
        ByteBuffer view = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        if (!Frame.startsAt(view, 0)) {
            throw corrupt("no record begins there");
        }
        int length = Frame.length(view, 0);
        if (length > limit - position - Frame.HEADER_BYTES) {
            throw corrupt("a record has " + length + " bytes, more than the file");
        }
        byte[] frame = bytes(Arrays.copyOf(header, Frame.HEADER_BYTES + length), Frame.HEADER_BYTES, length);
        if (!Frame.isWhole(frame, 0, frame.length)) {
            throw corrupt("a record does not have its checksum");
        }
        checkKind(view);
        crc.update(frame, 0, frame.length);
        number = Frame.number(view, 0);
        isLast = (Frame.flags(view, 0) & FrameOutput.LAST) != 0;
        ByteReader payload = new ByteReader(frame, Frame.HEADER_BYTES, frame.length, file.path(), position);
        position += frame.length;
        present = payload;
        return payload;
    }

    private byte[] bytes(byte[] into, int from, int count) {
        if (limit - position < from + count || file.read(position + from, ByteBuffer.wrap(into, from, count)) < count) {
            throw corrupt("a record is cut off");
        }
        return into;
    }

    private void checkKind(ByteBuffer header) {
        if (Frame.kind(header, 0) != kind) {
            throw corrupt("a record is of kind " + Frame.kind(header, 0) + ", expected " + kind);
        }
        int found = Frame.version(header, 0);
        if (found < leastVersion || found > version) {
            throw new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "'" + file.path() + "' was written by " + (found > version ? "a newer" : "an earlier")
                            + " version: its layout is " + found + ", this one reads "
                            + (leastVersion == version ? "" : leastVersion + " to ") + version);
        }
        presentVersion = found;
    }

    /** Version of the layout of the frame that {@link #next()} or {@link #entry()} gave last. */
    public int version() {
        return presentVersion;
    }

    /** Number of the frame that {@link #next()} or {@link #entry()} gave last. */
    public long number() {
        return number;
    }

    /**
     * Where the next entry of what {@link FrameOutput} wrote is: in the present frame, or at the begin of the next one.
     *
     * @throws EngineException as {@link #next()}, and CORRUPTION when there is no further entry, or a frame that is not the next one
     */
    public ByteReader entry() {
        ByteReader known = present;
        while (known == null || known.remaining() == 0) {
            long before = number;
            boolean isFirst = known == null;
            if (isLast) {
                throw corrupt("it ends too early");
            }
            known = next();
            if (known == null) {
                throw corrupt("the last of its records are missing");
            }
            if (!isFirst && number != before + 1) {
                throw corrupt("record " + number + " follows record " + before);
            }
        }
        return known;
    }

    /** There is nothing more, and the last frame that was read says so. */
    public void expectEnd() {
        ByteReader known = present;
        if (known != null) {
            known.expectEnd();
        }
        if (!isLast) {
            throw corrupt("the last of its records are missing");
        }
        if (position != limit || file.length() != limit) {
            throw corrupt("it has bytes behind its last record");
        }
    }

    /** Of the bytes that were read. */
    public int checksum() {
        return (int) crc.getValue();
    }

    /** CORRUPTION at the present place. */
    public EngineException corrupt(String what) {
        return new EngineException(
                ErrorCode.CORRUPTION, "'" + file.path() + "' is damaged at offset " + position + ": " + what);
    }
}
