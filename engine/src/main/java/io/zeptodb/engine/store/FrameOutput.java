package io.zeptodb.engine.store;

import java.util.zip.CRC32C;

/**
 * Writes a file of {@link Frame}s that belong together, numbered one after the other. What goes into them are entries; a frame ends between two of
 * them, once it is long enough, so that a file of any length is read and written a piece at a time. The last frame says that it is, so that
 * a file that was cut between two frames is found. {@link FrameInput} reads it. One thread.
 */
public final class FrameOutput {
    /** Payload at which a frame ends, when nothing asks for another. */
    public static final int FRAME_BYTES = 1 << 20;

    /** Flag of the last frame. */
    static final int LAST = 1;

    private static final int FIRST_BYTES = 1 << 12;

    private final OutputFile file;
    private final int kind;
    private final int version;
    private final int frameBytes;
    private final ByteWriter out = new ByteWriter(FIRST_BYTES);
    private final CRC32C crc = new CRC32C();
    private long number;

    /**
     * @param file empty; stays the caller's
     * @param firstNumber of the first frame
     * @param frameBytes a frame of so many bytes takes no further entry
     */
    public FrameOutput(OutputFile file, int kind, int version, long firstNumber, int frameBytes) {
        this.file = file;
        this.kind = kind;
        this.version = version;
        this.number = firstNumber;
        this.frameBytes = frameBytes;
        out.take(Frame.HEADER_BYTES);
    }

    /** Where the next entry is to be written, behind the end. */
    public ByteWriter entry() {
        if (out.length() - Frame.HEADER_BYTES >= frameBytes) {
            end(0);
            out.setLength(0);
            out.take(Frame.HEADER_BYTES);
        }
        return out;
    }

    /** Writes the last frame; the caller syncs. The checksum of the whole file. */
    public int finish() {
        end(LAST);
        return (int) crc.getValue();
    }

    private void end(int flags) {
        Frame.seal(out.bytes(), 0, out.length() - Frame.HEADER_BYTES, kind, flags, version, number, 0);
        number++;
        crc.update(out.bytes(), 0, out.length());
        file.write(out.bytes(), 0, out.length());
    }
}
