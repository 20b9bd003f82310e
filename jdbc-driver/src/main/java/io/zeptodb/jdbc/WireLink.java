package io.zeptodb.jdbc;

import io.zeptodb.arrow.BatchStream;
import io.zeptodb.arrow.ResultDecoder;
import io.zeptodb.engine.ArrowRuntime;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.jdbc.meta.Expected;
import io.zeptodb.jdbc.meta.ParameterWire;
import io.zeptodb.jdbc.meta.Signatures;
import io.zeptodb.jdbc.remote.FetchedStream;
import io.zeptodb.jdbc.remote.ServerTransport;
import io.zeptodb.jdbc.value.SqlErrors;
import io.zeptodb.jdbc.wire.WireBytes;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireMessages.Compression;
import io.zeptodb.jdbc.wire.WireOutput;
import io.zeptodb.jdbc.wire.WireProtocol;
import java.io.IOException;
import java.nio.channels.Channels;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.proto.Common;
import org.jspecify.annotations.Nullable;

/**
 * A statement on a server that speaks our protocol: its rows come as an Arrow stream, its time-outs are the server's. What the protocol has no message for goes
 * through {@link ServerLink}.
 */
final class WireLink implements StatementLink {
    private static final byte[] NO_PARAMETERS = {};

    private final AvaticaStatement statement;
    private final ServerLink avatica;
    private final ServerTransport transport;
    private final BufferAllocator allocator;
    private final Compression compression;
    private final @Nullable ServerCancellation byNumber;
    /** Runs of this statement that were sent: their numbers. */
    private volatile long runs;

    /** @param byNumber when the server takes numbers of runs to cancel */
    WireLink(
            AvaticaStatement statement,
            ServerLink avatica,
            ServerTransport transport,
            BufferAllocator allocator,
            Compression compression,
            @Nullable ServerCancellation byNumber) {
        this.statement = statement;
        this.avatica = avatica;
        this.transport = transport;
        this.allocator = allocator;
        this.compression = compression;
        this.byNumber = byNumber;
    }

    @Override
    public Outcome execute(String sql, Expected expected, ExecutionOptions options) throws SQLException {
        return run(sql, expected, options, NO_PARAMETERS);
    }

    @Override
    public Outcome execute(@Nullable Object[] parameters, Expected expected, ExecutionOptions options)
            throws SQLException {
        return run(null, expected, options, ParameterWire.encodeProtobuf(parameters));
    }

    private Outcome run(@Nullable String sql, Expected expected, ExecutionOptions options, byte[] parameters)
            throws SQLException {
        String connection = statement.handle.connectionId;
        int id = statement.handle.id;
        int fetchRows = statement.getFetchSize();
        WireMessages.Execute request = new WireMessages.Execute(
                connection,
                id,
                sql,
                expected,
                options.maxRows(),
                options.timeoutNanos(),
                fetchRows,
                compression,
                begin(options));
        WireBytes answer = transport.call(WireProtocol.EXECUTE, request, parameters);
        WireMessages.Executed executed = ServerTransport.head(answer, WireMessages.Executed.class);
        if (executed.count() >= 0) {
            return Outcome.ofCount(executed.count(), Objects.requireNonNullElse(executed.warnings(), List.of()));
        }
        int streamAt = answer.payloadAt() + executed.signatureBytes();
        WireMessages.Fetch fetch =
                new WireMessages.Fetch(connection, id, executed.result(), 0, fetchRows, request.run());
        FetchedStream stream = new FetchedStream(transport, fetch, answer, streamAt, executed.last());
        try {
            Meta.Signature signature = signature(answer, executed.signatureBytes());
            ResultDecoder rows = new ResultDecoder(
                    Signatures.columns(signature),
                    stream,
                    allocator,
                    ArrowRuntime.compression(),
                    transport::brokenResult);
            return Outcome.ofRows(signature, rows);
        } catch (RuntimeException | SQLException | Error e) {
            try (stream) {
                throw e;
            }
        }
    }

    /** The number of a run. Who cancels either sees it, or was seen here before anything is sent. */
    private long begin(ExecutionOptions options) {
        long run = runs + 1; // one thread at a time
        runs = run;
        ServerLink.checkNotCancelled(options);
        return run;
    }

    private static Meta.Signature signature(WireBytes answer, int bytes) throws SQLException {
        try {
            return Meta.Signature.fromProto(
                    Common.Signature.parser().parseFrom(answer.bytes(), answer.payloadAt(), bytes));
        } catch (IOException | IllegalArgumentException e) {
            throw SqlErrors.of(
                    SqlErrors.PROTOCOL_VIOLATION, 0, "the columns of a result cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public long[] executeBatch(List<@Nullable Object[]> parameterRows, ExecutionOptions options) throws SQLException {
        return avatica.executeBatch(parameterRows, options);
    }

    @Override
    public long[] executeColumns(
            List<VectorSchemaRoot> batches, @Nullable DictionaryProvider dictionaries, ExecutionOptions options)
            throws SQLException {
        WireOutput message = new WireOutput(new WireMessages.Batch(
                statement.handle.connectionId, statement.handle.id, options.timeoutNanos(), begin(options)));
        try {
            BatchStream.write(batches, dictionaries, compression.codec(), Channels.newChannel(message));
        } catch (IOException e) {
            throw new IllegalStateException("a stream in memory does not fail", e);
        }
        WireBytes answer = transport.call(WireProtocol.BATCH, message);
        WireMessages.BatchDone done = ServerTransport.head(answer, WireMessages.BatchDone.class);
        if (done.counts() != null) {
            return done.counts();
        }
        long[] counts = new long[done.rows()];
        Arrays.fill(counts, 1);
        return counts;
    }

    @Override
    public Meta.Signature describe(Meta.Signature last) throws SQLException {
        WireMessages.Describe request = new WireMessages.Describe(statement.handle.connectionId, statement.handle.id);
        WireBytes answer = transport.call(WireProtocol.DESCRIBE, request, NO_PARAMETERS);
        return signature(answer, answer.bytes().length - answer.payloadAt());
    }

    @Override
    public void cancel() {
        if (byNumber == null || avatica.isAsking()) {
            avatica.cancel();
        } else {
            byNumber.cancel(statement.handle, runs);
        }
    }
}
