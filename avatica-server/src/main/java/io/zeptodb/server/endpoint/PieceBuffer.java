package io.zeptodb.server.endpoint;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** Bytes that grow in memory of the database, for the time between their making and the end of their sending. One thread at a time. */
final class PieceBuffer implements WritableByteChannel {
    private static final int FIRST_BYTES = 1 << 13;
    private static final int MOST_BYTES_AT_ONCE = 1 << 20;

    private final BufferAllocator allocator;
    private final AnswerRoom.Share room;
    private final List<ArrowBuf> parts = new ArrayList<>();
    private long size;
    private long taken;
    private boolean open = true;

    /** @param room what the user has for answers: the buffer counts there until it is closed */
    PieceBuffer(BufferAllocator allocator, AnswerRoom.Share room) {
        this.allocator = allocator;
        this.room = room;
    }

    /** Takes all of it. */
    @Override
    public int write(ByteBuffer source) {
        int count = source.remaining();
        while (source.hasRemaining()) {
            ArrowBuf part = parts.isEmpty() ? grow() : parts.get(parts.size() - 1);
            if (part.writerIndex() == part.capacity()) {
                part = grow();
            }
            int fits = (int) Math.min(source.remaining(), part.capacity() - part.writerIndex());
            ByteBuffer slice = source.slice(source.position(), fits);
            part.setBytes(part.writerIndex(), slice);
            part.writerIndex(part.writerIndex() + fits);
            source.position(source.position() + fits);
        }
        size += count;
        return count;
    }

    private ArrowBuf grow() {
        long bytes = Math.min(Math.max(FIRST_BYTES, size), MOST_BYTES_AT_ONCE);
        room.take(bytes);
        taken += bytes;
        ArrowBuf part = allocator.buffer(bytes);
        parts.add(part);
        return part;
    }

    long size() {
        return size;
    }

    /** The bytes where they lie, valid until {@link #close()}. */
    List<ByteBuffer> bytes() {
        List<ByteBuffer> bytes = new ArrayList<>(parts.size());
        for (ArrowBuf part : parts) {
            bytes.add(part.nioBuffer(0, (int) part.writerIndex()));
        }
        return bytes;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            parts.forEach(ArrowBuf::close);
            room.giveBack(taken);
        }
    }
}
