package io.zeptodb.server.endpoint;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Reads the body of one request without a thread that waits for its client. What arrives counts against the room that all requests share, until this is closed; a
 * client that is silent or slow loses its turn.
 */
final class RequestBody implements Runnable, AutoCloseable {
    /** Bytes that may have arrived and are not answered yet, of all requests together and of one. Thread-safe. */
    static final class Room {
        private final long mostTogether;
        private final int mostOfOne;
        private long taken;

        Room(long mostTogether, int mostOfOne) {
            this.mostTogether = mostTogether;
            this.mostOfOne = mostOfOne;
        }

        private synchronized boolean take(long bytes) {
            if (taken + bytes > mostTogether) {
                return false;
            }
            taken += bytes;
            return true;
        }

        private synchronized void giveBack(long bytes) {
            taken -= bytes;
        }
    }

    /** A body that is longer than one may be. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        TooLong(long most) {
            super("a request may have " + most + " bytes");
        }
    }

    /** There is no room for it now. */
    static final class NoRoom extends IOException {
        private static final long serialVersionUID = 1L;

        NoRoom() {
            super("the server has no memory for this request now");
        }
    }

    /** A client that takes too long. */
    static final class TooSlow extends IOException {
        private static final long serialVersionUID = 1L;

        TooSlow() {
            super("the request took too long to arrive");
        }
    }

    private static final int FIRST_BYTES = 1 << 12;
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(30);
    /** Slower than any line that one would send batches over. */
    private static final long LEAST_BYTES_PER_SECOND = 1 << 14;

    private final Request request;
    private final Room room;
    private final Reader reader;
    private final long begin = System.nanoTime();
    private byte[] bytes = {};
    private int count;
    private long taken;
    private boolean closed;

    private RequestBody(Request request, Room room, Reader reader) {
        this.request = request;
        this.room = room;
        this.reader = reader;
    }

    /** Who is told once, in whatever thread has the end of the body. */
    interface Reader {
        /** All of it has arrived; the receiver closes it. */
        void arrived(RequestBody body);

        void failed(Throwable failure);
    }

    /** Begins to read. */
    static void read(Request request, Room room, Reader reader) {
        if (request.getLength() > room.mostOfOne) {
            reader.failed(new TooLong(room.mostOfOne));
        } else {
            new RequestBody(request, room, reader).run();
        }
    }

    /** Takes what is there, and comes again when there is more. */
    @Override
    public void run() {
        try {
            while (true) {
                Content.Chunk chunk = request.read();
                if (chunk == null) {
                    request.demand(this);
                    return;
                }
                if (Content.Chunk.isFailure(chunk)) {
                    fail(chunk.getFailure());
                    return;
                }
                try {
                    append(chunk);
                } finally {
                    chunk.release();
                }
                if (chunk.isLast()) {
                    bytes = count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
                    break;
                }
            }
        } catch (IOException | RuntimeException e) {
            fail(e);
            return;
        }
        reader.arrived(this);
    }

    private void append(Content.Chunk chunk) throws IOException {
        int more = chunk.remaining();
        long expected = GRACE_NANOS + TimeUnit.SECONDS.toNanos(count / LEAST_BYTES_PER_SECOND);
        if (System.nanoTime() - begin > expected) {
            throw new TooSlow();
        }
        if (more > room.mostOfOne - count) {
            throw new TooLong(room.mostOfOne);
        }
        if (more > bytes.length - count) {
            // what is announced is not believed before it comes
            int grown =
                    (int) Math.min(room.mostOfOne, Math.max(2L * bytes.length, Math.max(FIRST_BYTES, count + more)));
            if (request.getLength() >= count + more) {
                grown = (int) Math.min(grown, request.getLength());
            }
            if (!room.take(grown - bytes.length)) {
                throw new NoRoom();
            }
            taken += grown - bytes.length;
            bytes = Arrays.copyOf(bytes, grown);
        }
        chunk.get(bytes, count, more);
        count += more;
    }

    private void fail(Throwable failure) {
        close();
        reader.failed(failure);
    }

    /** All of it. */
    byte[] bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            room.giveBack(taken);
            bytes = new byte[0];
        }
    }
}
