package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.catalog.Manifest.DeletedRowsFile;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.partition.DeletedRows;
import io.zeptodb.engine.partition.SegmentOpener.DeletedRowsSink;
import io.zeptodb.engine.store.ByteReader;
import io.zeptodb.engine.store.ByteWriter;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.FrameInput;
import io.zeptodb.engine.store.FrameOutput;
import io.zeptodb.engine.store.InputFile;
import io.zeptodb.engine.store.OutputFile;

/**
 * The file of the rows of a segment that are deleted: {@link FrameOutput} of kind 66, of which the first frame is numbered by the segment. An entry is
 * a block of 65,536 rows of a run in which at least one is deleted; they ascend by run and block:
 *
 * <pre>
 *   run (4), block (2), deleted rows less one (2), then the shorter of: the rows, counted from the block's first, ascending (2 each);
 *   a bitmap (8192) when they are 4096 or more
 * </pre>
 */
public final class DeletionFile {
    private static final int KIND = 66;
    private static final int VERSION = 1;
    private static final int BLOCK_SHIFT = 16;
    private static final int BLOCK_ROWS = 1 << BLOCK_SHIFT;
    private static final int BLOCK_MASK = BLOCK_ROWS - 1;
    private static final int BITMAP_BYTES = BLOCK_ROWS / Byte.SIZE;
    /** As many as make a list as long as the bitmap. */
    private static final int BITMAP_ROWS = BITMAP_BYTES / Short.BYTES;

    private DeletionFile() {}

    /**
     * Writes the deleted rows of a segment into a file of their own, durably but for the file's name, which needs a sync of the folder.
     *
     * @param segment number of it
     * @param generation of the manifest that will name the file
     * @param rows at least one
     */
    public static DeletedRowsFile write(Directory directory, long segment, long generation, DeletedRows rows) {
        return write(directory, segment, generation, rows, FrameOutput.FRAME_BYTES);
    }

    static DeletedRowsFile write(Directory directory, long segment, long generation, DeletedRows rows, int frameBytes) {
        String name = DeletedRowsFile.fileName(segment, generation);
        try (OutputFile file = directory.create(name)) {
            FrameOutput frames = new FrameOutput(file, KIND, VERSION, segment, frameBytes);
            for (int run = rows.nextRun(0); run >= 0; run = rows.nextRun(run + 1)) {
                writeRun(frames, run, rows);
            }
            int checksum = frames.finish();
            file.sync();
            return new DeletedRowsFile(name, file.length(), checksum, rows.count());
        }
    }

    private static void writeRun(FrameOutput frames, int run, DeletedRows rows) {
        int end = rows.end(run);
        int row = rows.nextDeleted(run, 0, end);
        while (row < end) {
            int block = row >>> BLOCK_SHIFT;
            int blockEnd = (int) Math.min((block + 1L) << BLOCK_SHIFT, end);
            int count = blockEnd - row - rows.countLive(run, row, blockEnd);
            ByteWriter out = frames.entry();
            out.putInt(run).putShort(block).putShort(count - 1);
            byte[] bits = count < BITMAP_ROWS ? null : new byte[BITMAP_BYTES];
            for (; row < blockEnd; row = rows.nextDeleted(run, row + 1, blockEnd)) {
                int within = row & BLOCK_MASK;
                if (bits == null) {
                    out.putShort(within);
                } else {
                    bits[within / Byte.SIZE] |= (byte) (1 << within % Byte.SIZE);
                }
            }
            if (bits != null) {
                int at = out.take(BITMAP_BYTES);
                System.arraycopy(bits, 0, out.bytes(), at, BITMAP_BYTES);
            }
            row = rows.nextDeleted(run, blockEnd, end);
        }
    }

    /**
     * Reads the deleted rows of a segment.
     *
     * @throws EngineException CORRUPTION with file and offset; FEATURE_NOT_SUPPORTED for a file of another version
     */
    public static void read(Directory directory, SegmentMetadata segment, DeletedRowsFile file, DeletedRowsSink sink) {
        try (InputFile input = directory.namedInput(file.file())) {
            read(input, segment, file, sink);
        }
    }

    private static void read(InputFile input, SegmentMetadata segment, DeletedRowsFile file, DeletedRowsSink sink) {
        long length = input.length();
        FrameInput frames = new FrameInput(input, length, KIND, VERSION);
        if (length != file.bytes()) {
            throw frames.corrupt("it has " + length + " bytes, " + file.bytes() + " were expected");
        }
        Order order = new Order(segment, sink);
        while (order.rows < file.rows()) {
            ByteReader in = frames.entry();
            if (order.rows == 0 && frames.number() != segment.number()) {
                throw in.corrupt("it is of segment " + frames.number() + ", not " + segment.number());
            }
            order.readBlock(in);
        }
        frames.expectEnd();
        if (order.rows != file.rows() || frames.checksum() != file.checksum()) {
            throw frames.corrupt("it has " + order.rows + " rows and the checksum " + frames.checksum() + ", "
                    + file.rows() + " and " + file.checksum() + " were expected");
        }
    }

    /** Rows are read in their order: none is there twice, and none beyond the segment. */
    private static final class Order {
        private final SegmentMetadata segment;
        private final DeletedRowsSink sink;
        private int run;
        private long next;
        private long rows;

        Order(SegmentMetadata segment, DeletedRowsSink sink) {
            this.segment = segment;
            this.sink = sink;
        }

        void readBlock(ByteReader in) {
            int of = in.getInt();
            if (of < run || of >= segment.rows()) {
                throw in.corrupt("run " + of + " behind run " + run + " of " + segment.rows() + " rows");
            }
            if (of > run) {
                run = of;
                next = 0;
            }
            int first = in.getShort() << BLOCK_SHIFT;
            int count = in.getShort() + 1;
            if (count < BITMAP_ROWS) {
                for (int i = 0; i < count; i++) {
                    take(in, first + in.getShort());
                }
                return;
            }
            int at = in.skip(BITMAP_BYTES);
            long before = rows;
            for (int i = 0; i < BLOCK_ROWS; i++) {
                if ((in.bytes()[at + i / Byte.SIZE] >>> i % Byte.SIZE & 1) != 0) {
                    take(in, first + i);
                }
            }
            if (rows - before != count) {
                throw in.corrupt("a bitmap of " + (rows - before) + " rows, " + count + " were expected");
            }
        }

        private void take(ByteReader in, int row) {
            if (row < next || row >= segment.rows()) {
                throw in.corrupt("row " + row + ", expected one of " + next + " to " + (segment.rows() - 1));
            }
            next = row + 1L;
            rows++;
            sink.deleted(run, row);
        }
    }
}
