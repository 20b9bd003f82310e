package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.EndMark;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.SegmentCompression;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.SealedColumn;
import io.zeptodb.engine.partition.SealedRuns;
import io.zeptodb.engine.partition.SegmentColumns;
import io.zeptodb.engine.store.Directory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * A segment's file. Nothing of it is read before it is asked for: the index with the first question, a column's memory is mapped with its first
 * row, a block is compared with its checksum before the first byte of it is used. Thread-safe.
 */
public final class SegmentFile implements SegmentColumns {
    private final Directory directory;
    private final SegmentMetadata metadata;
    private final TableMetadata table;
    private final MemoryBudget budget;

    private final @Nullable ColumnCache cache;

    private volatile @Nullable Open open;
    /** The bytes behind the columns; null while nothing is mapped. */
    private volatile @Nullable EndMark endMark;

    private boolean closed;

    /** What is there once the index was read. */
    private static final class Open {
        final SegmentIndex index;
        final @Nullable MappedArea[] areas;
        final @Nullable FileColumn[] columns;

        Open(SegmentIndex index) {
            this.index = index;
            this.areas = new MappedArea[index.areas().size()];
            this.columns = new FileColumn[index.columns().size()];
        }
    }

    /**
     * Opens nothing.
     *
     * @param table that the segment is of, as it is now or was since the segment was written
     * @param budget of the table, or of the database: the index of runs is taken of it, mapped memory is not
     */
    public SegmentFile(Directory directory, SegmentMetadata metadata, TableMetadata table, MemoryBudget budget) {
        this(directory, metadata, table, budget, null);
    }

    /**
     * Opens nothing.
     *
     * @param table as above
     * @param budget as above; columns that are compressed are decompressed into it
     * @param cache which decides what stays decompressed; null: everything does
     */
    public SegmentFile(
            Directory directory,
            SegmentMetadata metadata,
            TableMetadata table,
            MemoryBudget budget,
            @Nullable ColumnCache cache) {
        this.directory = directory;
        this.metadata = metadata;
        this.table = table;
        this.budget = budget;
        this.cache = cache;
    }

    /** Whether a reader has asked for anything of it. */
    public boolean isOpen() {
        return open != null;
    }

    @Override
    public SealedRuns runs() {
        return opened().index.runs();
    }

    @Override
    public SealedColumn column(int column, int row, int count) {
        return mapped(column).rows(row, count);
    }

    @Override
    public @Nullable SealedColumn complete(int column) {
        return mapped(column).complete();
    }

    /** Arrow's end of stream begins with four such bytes. */
    @Override
    public @Nullable EndMark endMark() {
        return endMark;
    }

    @Override
    public EngineException cutShort() {
        String cut = cutShort(directory, metadata.file());
        String found = cut != null
                ? cut
                : "'" + directory.path(metadata.file().name()) + "' was cut short or written over while it is open";
        return new EngineException(ErrorCode.CORRUPTION, found + "; restore the file from a backup");
    }

    /**
     * What is wrong with a file that is shorter than it was written.
     *
     * @return null when it is not shorter, or gone: a file that was deleted stays readable where it is mapped
     */
    public static @Nullable String cutShort(Directory directory, SegmentMetadata.Contents file) {
        long bytes;
        try {
            bytes = directory.length(file.name());
        } catch (EngineException e) {
            if (e.code() == ErrorCode.FILE_NOT_FOUND) {
                return null;
            }
            throw e;
        }
        return bytes >= file.bytes()
                ? null
                : "'" + directory.path(file.name()) + "' was cut short while it is open: the file has " + bytes
                        + " bytes, the manifest expects " + file.bytes();
    }

    private Open opened() {
        Open known = open;
        return known == null ? openNow() : known;
    }

    private synchronized Open openNow() {
        Open known = open;
        if (known != null) {
            return known;
        }
        if (closed) {
            throw closedError();
        }
        SegmentIndex index = SegmentTail.read(directory, metadata);
        checkTable(index);
        budget.reserveHeap(SegmentIndex.runBytes(index.runs().count()));
        Open made = new Open(index);
        open = made;
        return made;
    }

    private void checkTable(SegmentIndex index) {
        boolean same = index.tableId() == table.id()
                && index.columns().size() == metadata.columns().size() + 1
                && index.compression() == metadata.file().compression();
        for (int i = 0; same && i < metadata.columns().size(); i++) {
            SegmentIndex.Column column = index.columns().get(i);
            int ordinal = table.ordinalOfId(column.id());
            same = column.id() == metadata.columns().get(i).id()
                    && (ordinal < 0 || table.schema().typeOf(ordinal).equals(column.type()));
        }
        if (!same) {
            throw SegmentTail.corrupt(
                    directory.path(metadata.file().name()),
                    0,
                    "the columns of the file, of table " + index.tableId()
                            + ", are not those that the manifest names of '" + table.name() + "', table " + table.id());
        }
    }

    private FileColumn mapped(int column) {
        Open now = opened();
        FileColumn known = now.columns[column];
        return known == null ? map(now, column) : known;
    }

    private synchronized FileColumn map(Open now, int place) {
        if (closed) {
            throw closedError();
        }
        FileColumn known = now.columns[place];
        if (known != null) {
            return known;
        }
        SegmentIndex.Column column = now.index.columns().get(place);
        int rows = now.index.runs().rows();
        FileColumn made = now.index.compression() == SegmentCompression.NONE
                ? mapColumn(now, column, rows)
                : new CompressedColumn(new Mapping(now), column, rows);
        now.columns[place] = made;
        return made;
    }

    private MappedColumn mapColumn(Open now, SegmentIndex.Column column, int rows) {
        MappedArea validity = column.validity() == null ? null : area(now, column.validity());
        MappedArea values = area(now, column.values());
        List<MappedArea> heaps = new ArrayList<>();
        for (SegmentIndex.Part heap : column.heaps()) {
            heaps.add(area(now, heap));
        }
        return new MappedColumn(column, rows, values, validity, heaps);
    }

    /** What a compressed column needs of its file. */
    final class Mapping {
        private final Open now;

        private Mapping(Open now) {
            this.now = now;
        }

        @Nullable
        ColumnCache cache() {
            return cache;
        }

        /** Where temporary files are made. */
        Directory temporary() {
            return directory.folder(SegmentFormat.TEMPORARY_FOLDER);
        }

        MemoryBudget budget() {
            return budget;
        }

        SegmentCompression compression() {
            return now.index.compression();
        }

        /** The bytes of a part, which agree with their checksums; the caller gives the hold back. */
        ArrowBuf checked(SegmentIndex.Part part) {
            MappedArea area = locked(part);
            area.check(part.offset(), part.length());
            return area.buffer(part);
        }

        private MappedArea locked(SegmentIndex.Part part) {
            synchronized (SegmentFile.this) {
                if (closed) {
                    throw closed();
                }
                return area(now, part);
            }
        }

        EngineException corrupt(long offset, String what) {
            return SegmentTail.corrupt(directory.path(metadata.file().name()), offset, what);
        }

        EngineException closed() {
            return closedError();
        }
    }

    private EngineException closedError() {
        return new EngineException(
                ErrorCode.CLOSED, "segment '" + metadata.file().name() + "' is closed");
    }

    private MappedArea area(Open now, SegmentIndex.Part part) {
        int at = 0;
        List<SegmentIndex.Area> areas = now.index.areas();
        while (at < areas.size() - 1
                && part.offset() >= areas.get(at).offset() + areas.get(at).length()) {
            at++;
        }
        MappedArea known = mapArea(now, at);
        if (endMark == null) {
            endMark = mapArea(now, areas.size() - 1).endMark();
        }
        if (!known.contains(part)) {
            throw SegmentTail.corrupt(
                    directory.path(metadata.file().name()), part.offset(), "a buffer goes beyond its area");
        }
        return known;
    }

    private MappedArea mapArea(Open now, int place) {
        MappedArea known = now.areas[place];
        if (known == null) {
            known = new MappedArea(
                    directory, metadata.file().name(), now.index.areas().get(place), budget.allocator());
            now.areas[place] = known;
        }
        return known;
    }

    /**
     * Reads the whole file and compares every block with its checksum, whether it is in use or not. Maps nothing.
     *
     * @param stopCheck throws when the work shall end; called now and then
     * @return rows of the file
     * @throws EngineException CORRUPTION at the first block that is damaged, or when the file is missing; IO_ERROR
     */
    public long verify(Runnable stopCheck) {
        SegmentIndex index = SegmentTail.read(directory, metadata);
        checkTable(index);
        ByteBuffer block = ByteBuffer.allocate(SegmentFormat.BLOCK_BYTES);
        CRC32C crc = new CRC32C();
        for (SegmentIndex.Area area : index.areas()) {
            for (int i = 0; i < area.checksums().length; i++) {
                long from = (long) i * SegmentFormat.BLOCK_BYTES;
                block.clear().limit((int) Math.min(SegmentFormat.BLOCK_BYTES, area.length() - from));
                directory.read(metadata.file().name(), area.offset() + from, block);
                crc.reset();
                crc.update(block.flip());
                MappedArea.check(directory.path(metadata.file().name()), area, i, (int) crc.getValue());
                stopCheck.run();
            }
        }
        return index.runs().rows();
    }

    @Override
    public synchronized void close() {
        closed = true;
        Open known = open;
        open = null;
        endMark = null;
        if (known == null) {
            return;
        }
        budget.reserveHeap(-SegmentIndex.runBytes(known.index.runs().count()));
        for (FileColumn column : known.columns) {
            if (column != null) {
                column.close();
            }
        }
        for (MappedArea area : known.areas) {
            if (area != null) {
                area.release();
            }
        }
    }
}
