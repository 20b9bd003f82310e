package io.zeptodb.engine.exec.spill;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ArrowMessages;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.exec.Operator;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.store.OutputFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * Rows in a temporary file: appended, {@link #finish}ed, then read in their order as often as asked, and deleted by {@link #close}. A page of
 * them is in memory while they are written, one for each reader while they are read. One thread writes; readers are one thread each.
 */
public final class SpilledRows implements AutoCloseable {
    /** Rows that are added at a time, before it is asked whether the page is full: bounds what long texts can take. */
    private static final int STEP_ROWS = 256;

    private static final int READ_BYTES = 1 << 16;
    private static final int LEAST_PAGE_BYTES = 1 << 14;
    private static final int MOST_PAGE_BYTES = 1 << 18;
    /** Pages that fit the memory which is left when a query begins to spill. */
    private static final int PAGES = 256;

    private final SpillSpace space;
    private final LongConsumer written;
    private final MemoryBudget budget;
    private final List<ColumnType> types;
    /** The columns that are in the file. */
    private final int[] kept;

    private final List<WritableColumn> page = new ArrayList<>();
    private final @Nullable SymbolDictionary[] dictionaries;
    private final long pageBytes;
    private final int[] step = new int[STEP_ROWS];
    private @Nullable OutputFile file;
    private @Nullable ChecksummedFile channel;
    private String name = "";
    private long[] offsets = new long[8];
    private int[] checksums = new int[8];
    private int pages;
    private int pageRows;
    private long rowCount;
    private long reserved;
    private long largestPage;

    /**
     * @param types of all columns
     * @param used the columns that are kept, null for all; the others come back empty and must not be read
     */
    public SpilledRows(SpillSpace space, MemoryBudget budget, List<ColumnType> types, @Nullable BitSet used) {
        this(space, budget, types, used, bytes -> {});
    }

    /** @param written told of the bytes that are put on disk */
    public SpilledRows(
            SpillSpace space,
            MemoryBudget budget,
            List<ColumnType> types,
            @Nullable BitSet used,
            LongConsumer written) {
        this.space = space;
        this.written = written;
        this.budget = budget;
        this.types = types;
        this.kept = used == null
                ? java.util.stream.IntStream.range(0, types.size()).toArray()
                : used.stream().filter(i -> i < types.size()).toArray();
        this.dictionaries = new SymbolDictionary[kept.length];
        this.pageBytes = pageBytes(budget);
        for (int column : kept) {
            page.add(new WritableColumn(budget, types.get(column)));
        }
    }

    /** Bytes at which a page is written, and so about the memory of a file that is written or read. */
    public static long pageBytes(MemoryBudget budget) {
        return Math.max(LEAST_PAGE_BYTES, Math.min(MOST_PAGE_BYTES, budget.availableBytes() / PAGES));
    }

    public long rowCount() {
        return rowCount;
    }

    /** Memory of a reader at most. */
    public long largestPageBytes() {
        return largestPage;
    }

    /** Appends the selected rows of a batch. */
    public void append(Batch batch) {
        SelectionVector selection = batch.selection();
        if (selection != null) {
            append(batch.columns(), selection.positions(), 0, selection.count());
            return;
        }
        for (int from = 0; from < batch.rowCount(); from += STEP_ROWS) {
            int count = Math.min(STEP_ROWS, batch.rowCount() - from);
            for (int i = 0; i < kept.length; i++) {
                page.get(i).append(batch.column(kept[i]), from, count);
            }
            added(count);
        }
    }

    /** Appends rows {@code positions[from, from + count)}. */
    public void append(ColumnVector[] columns, int[] positions, int from, int count) {
        for (int at = from; at < from + count; at += STEP_ROWS) {
            int length = Math.min(STEP_ROWS, from + count - at);
            System.arraycopy(positions, at, step, 0, length);
            for (int i = 0; i < kept.length; i++) {
                page.get(i).append(columns[kept[i]], step, length);
            }
            added(length);
        }
    }

    private void added(int count) {
        pageRows += count;
        rowCount += count;
        if (pageRows + STEP_ROWS > Batch.ROWS) {
            flush();
            return;
        }
        long bytes = 0;
        for (WritableColumn column : page) {
            bytes += column.usedBytes();
        }
        if (bytes >= pageBytes) {
            flush();
        }
    }

    private void flush() {
        budget.poll();
        ChecksummedFile out = channel;
        if (out == null) {
            out = begin();
        }
        // taken before it is written: the file may fail half-way
        long bound = 0;
        for (WritableColumn column : page) {
            bound += column.usedBytes();
        }
        take(bound);
        if (pages + 1 >= offsets.length) {
            offsets = Arrays.copyOf(offsets, offsets.length * 2);
            checksums = Arrays.copyOf(checksums, checksums.length * 2);
        }
        ArrowMessages.writeBatch(page, pageRows, budget.allocator(), out.piece(), out);
        checksums[pages++] = out.takeChecksum();
        offsets[pages] = out.position();
        largestPage = Math.max(largestPage, offsets[pages] - offsets[pages - 1]);
        pageRows = 0;
        // metadata and padding, and less than was taken where heaps were not full
        take(out.position() - reserved);
        for (int i = 0; i < kept.length; i++) {
            dictionaries[i] = page.get(i).vector().dictionary();
            page.get(i).clear();
        }
    }

    private void take(long bytes) {
        if (bytes > 0) {
            space.reserve(bytes);
            written.accept(bytes);
            reserved += bytes;
        }
    }

    private ChecksummedFile begin() {
        OutputFile created = space.create();
        file = created;
        name = created.name();
        ChecksummedFile out = new ChecksummedFile(created);
        channel = out;
        ArrowMessages.writeSchema(
                java.util.stream.IntStream.of(kept).mapToObj(types::get).toList(), out);
        out.takeChecksum();
        offsets[0] = out.position();
        return out;
    }

    /** Ends the writing and gives its memory back. */
    public void finish() {
        if (pageRows > 0) {
            flush();
        }
        ChecksummedFile out = channel;
        if (out != null) {
            ArrowMessages.writeEnd(out);
        }
        closeWriting();
    }

    private void closeWriting() {
        page.forEach(WritableColumn::close);
        channel = null;
        OutputFile open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }

    /** The rows, from the first on; the caller closes it before this. */
    public Operator read() {
        return new Reader();
    }

    @Override
    public void close() {
        try {
            closeWriting();
        } finally {
            if (!name.isEmpty()) {
                String gone = name;
                name = "";
                space.release(gone, reserved);
                reserved = 0;
            }
        }
    }

    private final class Reader implements Operator {
        private final ColumnVector[] columns =
                types.stream().map(ColumnVector::new).toArray(ColumnVector[]::new);
        private final List<ColumnVector> filled = new ArrayList<>();
        private final Batch batch = new Batch(columns);
        private final byte[] piece = new byte[READ_BYTES];
        private ArrowMessages.@Nullable Page held;
        private int next;

        Reader() {
            for (int i = 0; i < kept.length; i++) {
                filled.add(columns[kept[i]]);
                columns[kept[i]].withDictionary(dictionaries[i]);
            }
        }

        @Override
        public @Nullable Batch next() {
            close();
            if (next == pages) {
                return null;
            }
            budget.poll();
            int length = (int) (offsets[next + 1] - offsets[next]);
            ArrowBuf message = budget.allocate(length);
            boolean whole = false;
            try {
                whole = readInto(message.memoryAddress(), offsets[next], length) == checksums[next];
            } finally {
                if (!whole) {
                    message.close();
                }
            }
            if (!whole) {
                throw new EngineException(
                        ErrorCode.CORRUPTION,
                        "the temporary file '" + space.directory().path(name) + "' is not as it was written: " + length
                                + " bytes at offset " + offsets[next] + " do not have their checksum");
            }
            ArrowMessages.Page read = ArrowMessages.read(message, length, filled);
            held = read;
            next++;
            return batch.set(read.rowCount(), null);
        }

        /** Copies bytes of the file to memory; gives their checksum, which is none of the file's where it ends before. */
        private int readInto(long address, long offset, int length) {
            CRC32C crc = new CRC32C();
            for (int at = 0; at < length; at += piece.length) {
                int count = Math.min(piece.length, length - at);
                int read = space.directory().read(name, offset + at, ByteBuffer.wrap(piece, 0, count));
                Memory.copyFromArray(piece, 0, address + at, read);
                crc.update(piece, 0, read);
            }
            return (int) crc.getValue();
        }

        @Override
        public void close() {
            ArrowMessages.Page record = held;
            held = null;
            if (record != null) {
                record.close();
            }
        }
    }
}
