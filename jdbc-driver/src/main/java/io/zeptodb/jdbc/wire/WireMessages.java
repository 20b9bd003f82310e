package io.zeptodb.jdbc.wire;

import io.zeptodb.engine.ArrowRuntime;
import io.zeptodb.engine.api.Warning;
import io.zeptodb.jdbc.meta.Expected;
import java.util.List;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.jspecify.annotations.Nullable;

/** The heads of the messages. A field that is 0, false, empty or null where its sender is older means what it meant before the field was there. */
public final class WireMessages {
    private WireMessages() {}

    /**
     * Opens a connection.
     *
     * @param connection the id that the client chose for it, and uses in Avatica's messages as well
     * @param versions that the client speaks
     * @param driver the client's release, for the server's log
     * @param leases whether the client is ready to tell again and again that the connection lives
     */
    public record Open(String connection, List<Integer> versions, String driver, boolean leases) {}

    /**
     * A connection is open.
     *
     * @param version that both sides speak; 0 when there is none and the connection was not opened
     * @param server the server's release
     * @param mostRequestBytes of one request; 0 when the server does not say it, as old ones do not
     * @param leaseMillis after which, again and again, the server wants to hear that the connection lives; 0 when it does not
     * @param cancelsRuns whether a cancellation may name the number of the run that it means
     */
    public record Opened(int version, String server, long mostRequestBytes, long leaseMillis, boolean cancelsRuns) {}

    /**
     * Runs a statement.
     *
     * @param statement its id, which Avatica's createStatement or prepare gave
     * @param sql its text, or null to run what was prepared; the payload has the parameters then, as Avatica's message {@code UpdateBatch}
     * @param maxRows most rows of the result; 0 for all
     * @param timeoutNanos after which the server stops it; 0 for never
     * @param fetchRows a hint: rows that the client wants in one piece; 0 leaves it to the server
     * @param compression of the pieces: the name of Arrow's codec
     * @param run its number among the runs of the statement, by which it can be cancelled before it has come; 0 for none
     */
    public record Execute(
            String connection,
            int statement,
            @Nullable String sql,
            Expected expected,
            long maxRows,
            long timeoutNanos,
            int fetchRows,
            Compression compression,
            long run) {}

    /** How the buffers of batches are compressed. */
    public enum Compression {
        NONE(CodecType.NO_COMPRESSION),
        LZ4(CodecType.LZ4_FRAME),
        ZSTD(CodecType.ZSTD);

        private final CodecType codecType;

        Compression(CodecType codecType) {
            this.codecType = codecType;
        }

        /** A codec of Arrow's for it, for one thread. */
        public CompressionCodec codec() {
            return ArrowRuntime.compression().createCodec(codecType);
        }
    }

    /**
     * A statement ran. Of rows the payload has first their signature, as Avatica's message {@code Signature}, then the first piece of the Arrow stream.
     *
     * @param result which result of the statement it is; 0 when there are no rows
     * @param signatureBytes length of the signature
     * @param last whether the piece is the last
     * @param count rows written, or -1 when there are rows to read
     */
    public record Executed(long result, int signatureBytes, boolean last, long count, List<Warning> warnings) {}

    /**
     * Asks for the next piece of a result.
     *
     * @param piece its number; the one in {@link Executed} is 0
     * @param fetchRows as in {@link Execute}
     * @param run of which it is the result: a cancellation of an earlier one is not meant for this; 0 where its sender does not tell it
     */
    public record Fetch(String connection, int statement, long result, long piece, int fetchRows, long run) {}

    /** The payload is a piece of an Arrow stream. */
    public record Fetched(boolean last) {}

    /**
     * Runs a prepared statement once for each row of parameters, as one commit. The payload is an Arrow IPC stream with a column for each question mark.
     *
     * @param timeoutNanos as in {@link Execute}
     * @param run as in {@link Execute}
     */
    public record Batch(String connection, int statement, long timeoutNanos, long run) {}

    /**
     * A batch ran.
     *
     * @param rows that it had
     * @param counts of rows that each wrote, or null when each wrote one
     */
    public record BatchDone(int rows, long @Nullable [] counts) {}

    /** Asks what a prepared statement is now: its tables may have changed. */
    public record Describe(String connection, int statement) {}

    /** The payload is the statement's signature, as Avatica's message {@code Signature}. */
    public record Described() {}

    /** The client wants no more of a result. */
    public record Discard(String connection, int statement, long result) {}

    /** Whether the server knows the connection. */
    public record Ping(String connection) {}

    /**
     * These connections live: their client is there, though nothing may be asked of them. Those that are not the sender's are passed over, and nobody is told which.
     *
     * @param connections their ids, at most {@value WireProtocol#MOST_LEASES}
     */
    public record Lease(List<String> connections) {}

    /** It is done. */
    public record Done() {}

    /**
     * It failed.
     *
     * @param code the name of an {@code ErrorCode}, or null when it has none
     * @param message with the place in the SQL text, if it has one
     * @param connectionEnded whether the server does not know the connection any more
     * @param counts of what of a batch ran before the failure and stays in the transaction; null when there is none
     */
    public record Failure(
            String state, @Nullable String code, String message, boolean connectionEnded, long @Nullable [] counts) {
        /** Of anything but a batch in a transaction. */
        public static Failure of(String state, @Nullable String code, String message, boolean connectionEnded) {
            return new Failure(state, code, message, connectionEnded, null);
        }
    }
}
