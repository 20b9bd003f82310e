package io.zeptodb.server.endpoint;

import io.zeptodb.arrow.ResultEncoder;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.meta.EngineStatement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A result on its way to a client, piece by piece. The first piece is small, so that its client soon has rows; the next ones grow, so that many rows need few
 * round trips. Thread-safe: a close stops the making of a piece and waits for its end.
 */
final class ServedStream implements EngineStatement.ServedResult {
    private static final long FIRST_BYTES = 1 << 18;
    private static final long MOST_BYTES = 1 << 22;

    private static final long MILLIS_BETWEEN_STOPS = 20;

    private final ResultEncoder encoder;
    private final Runnable stop;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;
    private long pieces;
    private long enoughBytes = FIRST_BYTES;

    /**
     * Takes over the encoder.
     *
     * @param stop ends what is made of the result now; from any thread
     */
    ServedStream(ResultEncoder encoder, Runnable stop) {
        this.encoder = encoder;
        this.stop = stop;
    }

    /**
     * Writes the next piece.
     *
     * @param number which the client takes it for, from 0
     * @param fetchRows that the client wants in one piece; 0 for as many as is best
     * @return whether it is the last; the result is freed then
     */
    boolean write(PieceBuffer out, long number, int fetchRows) {
        lock.lock();
        try {
            if (closed) {
                throw new EngineException(ErrorCode.STATEMENT_CLOSED, "the result is closed");
            }
            if (number != pieces) {
                throw new EngineException(
                        ErrorCode.INVALID_STATEMENT,
                        "piece " + number + " of a result was asked for, but they are sent in order and " + pieces
                                + " were sent");
            }
            pieces++;
            boolean ended = encoder.encode(out, enoughBytes, fetchRows > 0 ? fetchRows : Long.MAX_VALUE);
            enoughBytes = Math.min(2 * enoughBytes, MOST_BYTES);
            return ended;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean isBusy() {
        return lock.isLocked();
    }

    @Override
    public void close() {
        boolean interrupted = false;
        while (!lock.tryLock()) {
            stop.run();
            try {
                if (lock.tryLock(MILLIS_BETWEEN_STOPS, TimeUnit.MILLISECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true; // memory that is being written cannot be given back
            }
        }
        try {
            closed = true;
            encoder.close();
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
