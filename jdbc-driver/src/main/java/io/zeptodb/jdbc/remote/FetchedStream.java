package io.zeptodb.jdbc.remote;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.value.SqlErrors;
import io.zeptodb.jdbc.wire.WireBytes;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The Arrow stream of a result, in pieces that the server makes as they are asked for. While one is read the next is on its way, so that both sides
 * work at once; there are never more than these two. One thread reads; {@link #close()} may come from another, and ends the wait for a piece.
 */
public final class FetchedStream implements ReadableByteChannel {
    private static final long IDLE_SECONDS = 10;
    private static final byte[] NO_PAYLOAD = {};

    private final ServerTransport transport;
    private final WireMessages.Fetch fetch;
    private WireBytes piece;
    private int at;
    private boolean last;
    private long number;
    private @Nullable Future<WireBytes> next;
    private volatile boolean ended;
    private volatile boolean closed;

    /**
     * Begins with the piece that came with the result.
     *
     * @param fetch of the first piece
     * @param at where the stream begins in the payload
     * @param last whether there is no other piece
     */
    public FetchedStream(ServerTransport transport, WireMessages.Fetch fetch, WireBytes first, int at, boolean last) {
        this.transport = transport;
        this.fetch = fetch;
        this.piece = first;
        this.at = at;
        this.last = last;
        this.ended = last;
    }

    /** Threads that wait for pieces: they end when they have nothing to do, and never keep the JVM alive. */
    private static final class Ahead {
        private static final Executor THREADS = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), action -> {
                    Thread thread = Executors.defaultThreadFactory().newThread(action);
                    thread.setName("zepto-jdbc-fetch");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    @Override
    public int read(ByteBuffer target) {
        if (!target.hasRemaining()) {
            return 0;
        }
        while (at == piece.bytes().length) {
            if (last) {
                return -1;
            }
            take(closed ? null : next);
        }
        int count = Math.min(target.remaining(), piece.bytes().length - at);
        target.put(piece.bytes(), at, count);
        at += count;
        return count;
    }

    private void take(@Nullable Future<WireBytes> ahead) {
        if (closed) {
            throw new EngineException(ErrorCode.STATEMENT_CLOSED, "the result is closed");
        }
        number++;
        WireBytes taken = ahead == null ? ask(number) : await(ahead);
        piece = taken;
        at = taken.payloadAt();
        last = ServerTransport.head(taken, WireMessages.Fetched.class).last();
        next = null;
        if (last) {
            ended = true;
        } else if (!closed) {
            // who reads a second piece reads on: the third is asked for now
            long following = number + 1;
            FutureTask<WireBytes> task = new FutureTask<>(() -> ask(following));
            next = task;
            Ahead.THREADS.execute(task);
        }
    }

    private WireBytes ask(long numberOfPiece) {
        WireMessages.Fetch request = new WireMessages.Fetch(
                fetch.connection(), fetch.statement(), fetch.result(), numberOfPiece, fetch.fetchRows(), fetch.run());
        return transport.call(WireProtocol.FETCH, request, NO_PAYLOAD);
    }

    private static WireBytes await(Future<WireBytes> ahead) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return ahead.get();
                } catch (InterruptedException e) {
                    interrupted = true; // as in the process, where reading does not look at it
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    /** Tells the server that no more is wanted, unless all was read. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (ended || !transport.isInUse()) {
            return;
        }
        try {
            WireMessages.Discard discard =
                    new WireMessages.Discard(fetch.connection(), fetch.statement(), fetch.result());
            transport.call(WireProtocol.DISCARD, discard, NO_PAYLOAD);
        } catch (RuntimeException e) {
            // without the connection the server has nothing left to free
            if (!transport.isBroken() && !SqlErrors.isOfConnection(SqlErrors.translate(e))) {
                throw e;
            }
        }
    }
}
