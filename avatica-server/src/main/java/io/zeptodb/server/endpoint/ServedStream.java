package io.zeptodb.server.endpoint;

import io.zeptodb.arrow.ResultEncoder;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.meta.EngineStatement;

/**
 * A result on its way to a client, piece by piece. The first piece is small, so that its client soon has rows; the next ones grow, so that many rows need few
 * round trips. One thread at a time.
 */
final class ServedStream implements EngineStatement.ServedResult {
    private static final long FIRST_BYTES = 1 << 18;
    private static final long MOST_BYTES = 1 << 22;

    private final ResultEncoder encoder;
    private long pieces;
    private long enoughBytes = FIRST_BYTES;

    /** Takes over the encoder. */
    ServedStream(ResultEncoder encoder) {
        this.encoder = encoder;
    }

    /**
     * Writes the next piece.
     *
     * @param number which the client takes it for, from 0
     * @param fetchRows that the client wants in one piece; 0 for as many as is best
     * @return whether it is the last; the result is freed then
     */
    boolean write(PieceBuffer out, long number, int fetchRows) {
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
    }

    @Override
    public void close() {
        encoder.close();
    }
}
