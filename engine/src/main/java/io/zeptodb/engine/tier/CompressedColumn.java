package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnBuffer;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.partition.SealedColumn;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.store.OutputFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * A column of a file whose buffers are compressed: all of them are decompressed when a row is first asked for, into memory of the table or, when the cache
 * has no room there, into a temporary file that is mapped. Thread-safe.
 */
final class CompressedColumn implements FileColumn {
    /** Numbers temporary files of this process. */
    private static final AtomicLong FILES = new AtomicLong();

    /**
     * What was decompressed.
     *
     * @param bytes of it
     * @param inMemory false when it is in a temporary file
     */
    record Loaded(SealedColumn column, long bytes, boolean inMemory) {}

    private final SegmentFile.Mapping file;
    private final SegmentIndex.Column column;
    private final int rows;
    private final AtomicReference<@Nullable Loaded> loaded = new AtomicReference<>();
    /** Racy: who sets it late is taken for unused once. */
    private boolean used;

    private boolean closed;

    CompressedColumn(SegmentFile.Mapping file, SegmentIndex.Column column, int rows) {
        this.file = file;
        this.column = column;
        this.rows = rows;
    }

    @Override
    public SealedColumn rows(int row, int count) {
        Loaded known = loaded.get();
        if (known == null) {
            known = load();
        }
        if (!used) {
            used = true;
        }
        return known.column;
    }

    /** Never: it may be given up at any time, so everybody asks again. */
    @Override
    public @Nullable SealedColumn complete() {
        return null;
    }

    void use() {
        used = true;
    }

    /** Whether it was used since this was last asked. */
    boolean wasUsed() {
        boolean was = used;
        used = false;
        return was;
    }

    boolean isInMemory() {
        Loaded known = loaded.get();
        return known != null && known.inMemory;
    }

    /** What the caller is to free when nobody can read it any more. */
    @Nullable
    Loaded giveUp() {
        return loaded.getAndSet(null);
    }

    private synchronized Loaded load() {
        Loaded known = loaded.get();
        if (known != null) {
            return known;
        }
        if (closed) {
            throw file.closed();
        }
        List<SegmentIndex.Part> parts = parts();
        long bytes = parts.stream().mapToLong(part -> roomFor(part)).sum();
        ColumnCache cache = file.cache();
        boolean inMemory = cache == null || cache.takeMemory(bytes);
        Loaded made;
        try {
            List<ArrowBuf> buffers = inMemory ? intoMemory(parts) : intoFile(parts);
            made = new Loaded(sealed(buffers), bytes, inMemory);
        } catch (RuntimeException e) {
            if (inMemory && cache != null) {
                cache.freedMemory(bytes);
            }
            throw e;
        }
        loaded.set(made);
        if (cache != null) {
            cache.add(this, made);
        }
        return made;
    }

    /** Values, then validity if there is any, then heaps. */
    private List<SegmentIndex.Part> parts() {
        List<SegmentIndex.Part> parts = new ArrayList<>();
        parts.add(column.values());
        if (column.validity() != null) {
            parts.add(column.validity());
        }
        parts.addAll(column.heaps());
        return parts;
    }

    private static long roomFor(SegmentIndex.Part part) {
        return SegmentFormat.padded(part.rawLength());
    }

    private SealedColumn sealed(List<ArrowBuf> buffers) {
        int heaps = column.validity() == null ? 1 : 2;
        ColumnType type = column.type();
        ColumnBuffer values =
                ColumnBuffer.over(type, rows, buffers.get(0), column.validity() == null ? null : buffers.get(1));
        return new SealedColumn(values, buffers.subList(heaps, buffers.size()).toArray(ArrowBuf[]::new));
    }

    private List<ArrowBuf> intoMemory(List<SegmentIndex.Part> parts) {
        List<ArrowBuf> buffers = new ArrayList<>();
        try {
            for (SegmentIndex.Part part : parts) {
                ArrowBuf target = file.budget().allocate(roomFor(part));
                buffers.add(target);
                decompress(part, target);
            }
            return buffers;
        } catch (RuntimeException e) {
            buffers.forEach(ArrowBuf::close);
            throw e;
        }
    }

    private void decompress(SegmentIndex.Part part, ArrowBuf target) {
        long raw = part.rawLength();
        long room = roomFor(part);
        Memory.fill(target.memoryAddress() + raw, room - raw, (byte) 0);
        if (raw == 0) {
            return;
        }
        ArrowBuf source = file.checked(part);
        try {
            if (part.length() < Long.BYTES || source.getLong(0) != raw) {
                throw file.corrupt(part.offset(), "a compressed buffer does not begin with its length " + raw);
            }
            ArrowBuf frames = source.slice(Long.BYTES, part.length() - Long.BYTES);
            String wrong = BufferCodec.of(file.compression()).decompress(frames, target, raw);
            if (wrong != null) {
                throw file.corrupt(part.offset(), "a buffer cannot be decompressed: " + wrong);
            }
        } finally {
            source.getReferenceManager().release();
        }
    }

    /** One buffer at a time goes through memory into a file, which is mapped and has no name any more. */
    private List<ArrowBuf> intoFile(List<SegmentIndex.Part> parts) {
        Directory folder = file.temporary();
        String name = "column-" + FILES.incrementAndGet();
        List<ArrowBuf> buffers = new ArrayList<>();
        try (OutputFile output = folder.create(name)) {
            for (SegmentIndex.Part part : parts) {
                try (MemoryBudget pass = file.budget().child("decompression of '" + name + "'")) {
                    ArrowBuf target = pass.allocate(roomFor(part));
                    try (target) {
                        decompress(part, target);
                        write(target, roomFor(part), output);
                    }
                }
            }
            long at = 0;
            for (SegmentIndex.Part part : parts) {
                buffers.add(map(folder, name, at, part));
                at += roomFor(part);
            }
            return buffers;
        } catch (RuntimeException e) {
            buffers.forEach(buffer -> buffer.getReferenceManager().release());
            throw e;
        } finally {
            folder.delete(name);
        }
    }

    private static void write(ArrowBuf source, long bytes, OutputFile output) {
        byte[] piece = new byte[BufferCodec.PIECE_BYTES];
        for (long done = 0; done < bytes; ) {
            int count = (int) Math.min(bytes - done, piece.length);
            Memory.copyToArray(source.memoryAddress() + done, piece, 0, count);
            output.write(piece, 0, count);
            done += count;
        }
    }

    private ArrowBuf map(Directory folder, String name, long offset, SegmentIndex.Part part) {
        ByteBuffer bytes = folder.map(name, offset, (int) roomFor(part));
        return new MappedMemory(bytes, file.budget().allocator()).whole(part.rawLength());
    }

    @Override
    public synchronized void close() {
        closed = true;
        Loaded known = giveUp();
        if (known == null) {
            return;
        }
        ColumnCache cache = file.cache();
        if (cache != null) {
            cache.remove(this, known);
            if (known.inMemory) {
                cache.freedMemory(known.bytes);
            }
        }
        known.column.close();
    }
}
