package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.partition.SegmentStatistics;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.OutputFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * Columns whose buffers are compressed. How long they are is known only when they are, and must stand before them in the file: they are compressed
 * into a file of their own first, which is not synced and which is gone when the segment is written.
 */
final class CompressedColumns extends BodyColumns {
    private static final String SUFFIX = ".parts";

    private final Directory directory;
    private final String name;
    private final OutputFile parts;
    private final BufferCodec codec;
    private final byte[] piece = new byte[BufferCodec.PIECE_BYTES];
    private final byte[] compressed;
    private final @Nullable SymbolTexts[] symbols;
    private final ColumnStatistics[] statistics;
    private int filled;
    private long copied;

    CompressedColumns(SegmentSpec spec, MergedRows rows, MemoryBudget budget, Directory directory) {
        super(spec, rows, budget);
        this.directory = directory.folder(SegmentFormat.TEMPORARY_FOLDER);
        this.codec = BufferCodec.of(spec.compression());
        this.compressed = new byte[codec.mostBytes()];
        this.symbols = new SymbolTexts[count()];
        this.statistics = new ColumnStatistics[count()];
        this.name = SegmentMetadata.fileName(spec.number()) + SUFFIX;
        this.parts = this.directory.create(name);
    }

    @Override
    ColumnShape measure(int column) {
        try (ColumnGather gather = gather(column)) {
            if (type(column).kind() == TypeKind.SYMBOL) {
                symbols[column] = new SymbolTexts(gather.dictionary(), gather.codes());
            }
            statistics[column] = SegmentStatistics.of(gather.bounds());
            ColumnShape plain = ColumnShape.plain(type(column), rows.rows(), gather.nulls(), gather.heapBytes());
            List<Long> raw = plain.rawBytes();
            List<Long> made = new ArrayList<>();
            ArrowBuf validity = gather.values().validity();
            made.add(compress(plain.nulls() == 0 || validity == null ? 0 : validity.memoryAddress(), raw.get(0)));
            made.add(compress(gather.values().data().memoryAddress(), raw.get(1)));
            if (raw.size() > 2) {
                compressHeaps(gather, raw, made);
            }
            return new ColumnShape(type(column), plain.nulls(), raw, made);
        }
    }

    private long compress(long address, long bytes) {
        if (bytes == 0) {
            return 0;
        }
        long start = begin(bytes);
        add(address, bytes);
        return end(start);
    }

    private void compressHeaps(ColumnGather gather, List<Long> raw, List<Long> made) {
        ColumnGather.HeapPlaces places = new ColumnGather.HeapPlaces();
        long[] start = {0};
        gather.eachLongText((address, length) -> {
            if (places.place(length) == 0) {
                if (places.count() > 1) {
                    made.add(end(start[0]));
                }
                start[0] = begin(raw.get(places.count() + 1));
            }
            add(address, length);
        });
        made.add(end(start[0]));
    }

    /** Begins a buffer, as Arrow has it: its length, then the codec's bytes. Where it begins. */
    private long begin(long rawBytes) {
        long start = parts.length();
        ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        parts.write(length.putLong(rawBytes).flip());
        append(codec.head());
        return start;
    }

    private void add(long address, long bytes) {
        long done = 0;
        while (done < bytes) {
            int count = (int) Math.min(bytes - done, piece.length - filled);
            Memory.copyToArray(address + done, piece, filled, count);
            filled += count;
            done += count;
            if (filled == piece.length) {
                compressPiece();
            }
        }
    }

    private void compressPiece() {
        if (filled > 0) {
            parts.write(compressed, 0, codec.compress(piece, filled, compressed));
            filled = 0;
            budget.poll();
        }
    }

    /** Ends a buffer. Its bytes. */
    private long end(long start) {
        compressPiece();
        append(codec.tail());
        return parts.length() - start;
    }

    private void append(byte[] bytes) {
        parts.write(bytes, 0, bytes.length);
    }

    @Override
    @Nullable
    SymbolTexts symbols(int column) {
        return symbols[column];
    }

    @Override
    ColumnStatistics write(int column, ColumnShape shape, CheckedOutput out) {
        for (long bytes : shape.fileBytes()) {
            out.beginAreaFor(SegmentFormat.padded(bytes));
            for (long done = 0; done < bytes; ) {
                int count = (int) Math.min(bytes - done, piece.length);
                directory.read(name, copied, ByteBuffer.wrap(piece, 0, count));
                out.write(piece, 0, count);
                copied += count;
                done += count;
            }
            out.endBuffer(bytes);
            budget.poll();
        }
        return statistics[column];
    }

    @Override
    public void close() {
        try {
            parts.close();
        } finally {
            directory.delete(name);
        }
    }
}
