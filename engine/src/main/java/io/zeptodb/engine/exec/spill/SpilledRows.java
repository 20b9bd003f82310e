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
import io.zeptodb.engine.store.OutputFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Rows in a temporary file: appended, {@link #finish}ed, then read in their order as often as asked, and deleted by {@link #close}. A page of
 * them is in memory while they are written, one for each reader while they are read. One thread writes; readers are one thread each.
 */
public final class SpilledRows implements AutoCloseable {
    /** Rows that are added at a time, before it is asked whether the page is full: bounds what long texts can take. */
    private static final int STEP_ROWS = 256;

    private static final int LEAST_PAGE_BYTES = 1 << 14;
    private static final int MOST_PAGE_BYTES = 1 << 18;
    /** Pages that fit the memory which is left when a query begins to spill. */
    private static final int PAGES = 256;

    private final SpillSpace space;
    private final MemoryBudget budget;
    private final List<ColumnType> types;
    /** The columns that are in the file. */
    private final int[] kept;

    private final List<WritableColumn> page = new ArrayList<>();
    private final @Nullable SymbolDictionary[] dictionaries;
    private final long pageBytes;
    private final int[] step = new int[STEP_ROWS];
    private @Nullable OutputFile file;
    private @Nullable ChecksummedChannel channel;
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
        this.space = space;
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
        ChecksummedChannel out = channel;
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
        try {
            ArrowMessages.writeBatch(page, pageRows, budget.allocator(), out);
        } catch (IOException e) {
            throw failure("write", e);
        }
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
            reserved += bytes;
        }
    }

    private ChecksummedChannel begin() {
        OutputFile created = space.create();
        file = created;
        name = created.name();
        ChecksummedChannel out = new ChecksummedChannel(created);
        channel = out;
        try {
            ArrowMessages.writeSchema(
                    java.util.stream.IntStream.of(kept).mapToObj(types::get).toList(), out);
        } catch (IOException e) {
            throw failure("write", e);
        }
        out.takeChecksum();
        offsets[0] = out.position();
        return out;
    }

    private EngineException failure(String verb, IOException e) {
        return new EngineException(
                ErrorCode.IO_ERROR, "cannot " + verb + " '" + space.directory().path(name) + "': " + e.getMessage(), e);
    }

    /** Ends the writing and gives its memory back. */
    public void finish() {
        if (pageRows > 0) {
            flush();
        }
        ChecksummedChannel out = channel;
        if (out != null) {
            try {
                ArrowMessages.writeEnd(out);
            } catch (IOException e) {
                throw failure("write", e);
            }
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
        private @Nullable ArrowRecordBatch held;
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
                int read = space.directory().read(name, offsets[next], message.nioBuffer(0, length));
                whole = read == length && ChecksummedChannel.checksum(message.nioBuffer(0, length)) == checksums[next];
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
            try {
                ArrowRecordBatch record = ArrowMessages.read(message, length, filled);
                held = record;
                next++;
                return batch.set(record.getLength(), null);
            } catch (IOException e) {
                throw failure("read", e);
            }
        }

        @Override
        public void close() {
            ArrowRecordBatch record = held;
            held = null;
            if (record != null) {
                record.close();
            }
        }
    }
}
