package io.zeptodb.server.endpoint;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * Reads the body of one request without a thread that waits for its client. What arrives counts against the room that all requests share, see {@link RequestRoom}, until this is closed; a
 * client that is silent or slow loses its turn.
 */
final class RequestBody implements Runnable, AutoCloseable {
    /** A body that is longer than one may be. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        /** @param length of the body, as far as it is known */
        TooLong(long length, long most) {
            super("a request of " + length + " bytes or more is longer than the " + most
                    + " that this server takes: send"
                    + " fewer rows or a shorter statement at once, or start the server with a larger --max-request");
        }
    }

    /** There is no room for it now. */
    static final class NoRoom extends IOException {
        private static final long serialVersionUID = 1L;

        NoRoom(String message) {
            super(message);
        }
    }

    /** A client that takes too long. */
    static final class TooSlow extends IOException {
        private static final long serialVersionUID = 1L;

        TooSlow(long bytes, double seconds) {
            super(String.format(
                    Locale.ROOT,
                    "the request came too slowly: %d bytes of it in %.0f s, and at least %d a second are expected; send"
                            + " it over a faster line, or less at once",
                    bytes,
                    seconds,
                    ArrivalRate.LEAST_BYTES_PER_SECOND));
        }
    }

    private static final int FIRST_BYTES = 1 << 12;

    private final Request request;
    private final RequestRoom room;
    private final String owner;
    private final ArrivalRate rate;
    private final Reader reader;
    private byte[] bytes = {};
    private int count;
    private int first;
    private long taken;
    private boolean closed;

    private RequestBody(Request request, RequestRoom room, String owner, Duration stretch, Reader reader) {
        this.request = request;
        this.room = room;
        this.owner = owner;
        this.rate = new ArrivalRate(stretch, System.nanoTime());
        this.reader = reader;
    }

    /** Who is told once, in whatever thread has the end of the body. */
    interface Reader {
        /** All of it has arrived; the receiver closes it. */
        void arrived(RequestBody body);

        /** @param first byte of the body; 0 when none has arrived */
        void failed(Throwable failure, int first);
    }

    /**
     * Begins to read.
     *
     * @param owner for whom the room is taken
     * @param stretch in each of which so much has to come as {@link ArrivalRate} says
     */
    static void read(Request request, RequestRoom room, String owner, Duration stretch, Reader reader) {
        if (request.getLength() > room.mostOfRequest()) {
            reader.failed(new TooLong(request.getLength(), room.mostOfRequest()), 0);
        } else {
            new RequestBody(request, room, owner, stretch, reader).run();
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
        } catch (OutOfMemoryError e) { // the room is a share of the heap, of which others take too
            fail(new NoRoom("the server's heap has no memory for a request of " + request.getLength()
                    + " bytes now: send it again later, or fewer rows at once, or start the server with a larger heap"
                    + " (-Xmx)"));
            return;
        }
        reader.arrived(this);
    }

    private void append(Content.Chunk chunk) throws IOException {
        int more = chunk.remaining();
        if (count == 0 && more > 0) {
            first = chunk.getByteBuffer().get(chunk.getByteBuffer().position());
        }
        if (!chunk.isLast()) {
            rate.arrived(more, System.nanoTime());
        }
        if (more > room.mostOfRequest() - count) {
            throw new TooLong((long) count + more, room.mostOfRequest());
        }
        if (more > bytes.length - count) {
            // what is announced is not believed before it comes
            int grown = (int)
                    Math.min(room.mostOfRequest(), Math.max(2L * bytes.length, Math.max(FIRST_BYTES, count + more)));
            if (request.getLength() >= count + more) {
                grown = (int) Math.min(grown, request.getLength());
            }
            room.take(owner, grown - bytes.length, grown);
            taken += grown - bytes.length;
            bytes = Arrays.copyOf(bytes, grown);
        }
        chunk.get(bytes, count, more);
        count += more;
    }

    private void fail(Throwable failure) {
        close();
        reader.failed(failure, first);
    }

    /** All of it. */
    byte[] bytes() {
        return bytes;
    }

    /** Its first byte; 0 when it has none. */
    int first() {
        return first;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            room.giveBack(owner, taken);
            bytes = new byte[0];
        }
    }
}
