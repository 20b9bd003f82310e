package io.zeptodb.server.endpoint;

import io.zeptodb.arrow.BatchStream;
import io.zeptodb.arrow.ResultEncoder;
import io.zeptodb.engine.ArrowRuntime;
import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.jdbc.meta.EngineMeta;
import io.zeptodb.jdbc.meta.EngineStatement;
import io.zeptodb.jdbc.meta.Expected;
import io.zeptodb.jdbc.meta.ParameterWire;
import io.zeptodb.jdbc.meta.ProductInfo;
import io.zeptodb.jdbc.meta.Signatures;
import io.zeptodb.jdbc.meta.WireFormat;
import io.zeptodb.jdbc.wire.WireBytes;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireMessages.Compression;
import io.zeptodb.jdbc.wire.WireProtocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers the messages of our own protocol. Thread-safe; requests of one connection wait for each other. */
final class WireService {
    private static final Logger LOG = LoggerFactory.getLogger(WireService.class);

    private final ServedConnections connections;
    private final BufferAllocator allocator;
    private final List<Integer> versions;
    private final int mostRequestBytes;

    /**
     * The allocator stays the caller's.
     *
     * @param allocator of the database, for the pieces of results
     * @param versions of the protocol that are spoken; none leaves clients with Avatica's
     * @param mostRequestBytes of one request, told to clients
     */
    WireService(
            ServedConnections connections, BufferAllocator allocator, List<Integer> versions, int mostRequestBytes) {
        this.connections = connections;
        this.allocator = allocator;
        this.versions = versions;
        this.mostRequestBytes = mostRequestBytes;
    }

    /**
     * What is sent back.
     *
     * @param message its prefix, its head and what of the payload is small
     * @param piece the rest of the payload, owned by the receiver; or null
     */
    record Answer(byte[] message, @Nullable PieceBuffer piece) {
        static Answer of(Object head) {
            return new Answer(WireBytes.ofHead(head), null);
        }

        long size() {
            return message.length + (piece == null ? 0 : piece.size());
        }

        List<ByteBuffer> buffers() {
            List<ByteBuffer> buffers = new ArrayList<>();
            buffers.add(ByteBuffer.wrap(message));
            if (piece != null) {
                buffers.addAll(piece.bytes());
            }
            return buffers;
        }
    }

    /** Whether there is something at this path. */
    boolean knows(String path) {
        return switch (path) {
            case WireProtocol.OPEN -> !versions.isEmpty();
            case WireProtocol.EXECUTE,
                    WireProtocol.DESCRIBE,
                    WireProtocol.FETCH,
                    WireProtocol.BATCH,
                    WireProtocol.DISCARD,
                    WireProtocol.PING -> versions.contains(1);
            case WireProtocol.LEASE ->
                versions.contains(1) && connections.leases().areWanted();
            default -> false;
        };
    }

    /**
     * Answers a message.
     *
     * @param room for the answer, of who asks
     * @throws Exception what {@link ErrorAnswers} knows the words for
     */
    Answer answer(String path, byte[] body, AnswerRoom.Share room) throws Exception {
        WireBytes message = WireBytes.read(body);
        return switch (path) {
            case WireProtocol.OPEN -> open(message.head(WireMessages.Open.class));
            case WireProtocol.EXECUTE -> execute(message.head(WireMessages.Execute.class), message.payload(), room);
            case WireProtocol.DESCRIBE -> describe(message.head(WireMessages.Describe.class));
            case WireProtocol.FETCH -> fetch(message.head(WireMessages.Fetch.class), room);
            case WireProtocol.BATCH -> batch(message.head(WireMessages.Batch.class), message);
            case WireProtocol.DISCARD -> discard(message.head(WireMessages.Discard.class));
            case WireProtocol.PING -> ping(message.head(WireMessages.Ping.class));
            case WireProtocol.LEASE -> lease(message);
            default -> throw new IOException("nothing is at " + path);
        };
    }

    private Answer open(WireMessages.Open request) throws IOException {
        if (request.connection() == null || request.connection().isEmpty()) {
            throw new IOException("a connection without an id");
        }
        List<Integer> theirs = Objects.requireNonNullElse(request.versions(), List.of());
        int version = WireProtocol.agree(versions, theirs).orElse(0);
        if (version > 0) {
            connections.openExact(request.connection(), request.leases());
        }
        LeaseTerms leases = connections.leases();
        long leaseMillis =
                request.leases() && leases.areWanted() ? leases.every().toMillis() : 0;
        LOG.debug("connection {} was opened with version {}", request.connection(), version);
        return Answer.of(new WireMessages.Opened(version, ProductInfo.VERSION, mostRequestBytes, leaseMillis, true));
    }

    private Answer execute(WireMessages.Execute request, byte[] parameters, AnswerRoom.Share room) throws Exception {
        Turn.concerns(
                RequestTarget.ofRun(request.connection(), request.statement(), request.timeoutNanos(), request.run()));
        return connections.run(request.connection(), engine -> execute(engine, request, parameters, room));
    }

    private Answer execute(EngineMeta engine, WireMessages.Execute request, byte[] parameters, AnswerRoom.Share room)
            throws IOException {
        EngineStatement statement = engine.statement(request.statement());
        statement.begin(request.run());
        if (request.sql() != null) {
            statement.prepare(request.sql(), () -> statement.isCancelled(request.run()));
        }
        Expected expected = request.expected() == null ? Expected.ANYTHING : request.expected();
        expected.check(statement.givesRows());
        List<@Nullable Object> values = ParameterWire.decodeProtobuf(parameters);
        ExecutionOptions options = new ExecutionOptions(
                request.timeoutNanos(),
                Turn.used(request.timeoutNanos()),
                request.maxRows(),
                () -> statement.isCancelled(request.run()));
        if (!statement.givesRows()) {
            long count = statement.update(values, options);
            return Answer.of(new WireMessages.Executed(
                    0, 0, true, count, statement.query().warnings()));
        }
        BatchCursor rows = statement.rows(values, options);
        Compression compression = request.compression() == null ? Compression.NONE : request.compression();
        ServedStream stream =
                new ServedStream(new ResultEncoder(rows, allocator, compression.codec()), statement::cancel);
        long result = statement.hold(stream);
        PieceBuffer piece = new PieceBuffer(allocator, room);
        try {
            boolean last = stream.write(piece, 0, request.fetchRows());
            if (last) {
                statement.release(result);
            }
            Meta.Signature signature =
                    Signatures.ofRows(rows.columns(), statement.query().sql(), List.of(), WireFormat.EXACT);
            byte[] columns = signature.toProto().toByteArray();
            WireMessages.Executed head = new WireMessages.Executed(result, columns.length, last, -1, List.of());
            return new Answer(WireBytes.of(head, columns), piece);
        } catch (RuntimeException | Error e) {
            piece.close();
            statement.release(result); // its client may never come back
            throw e;
        }
    }

    private Answer describe(WireMessages.Describe request) throws Exception {
        Turn.concerns(RequestTarget.of(request.connection(), request.statement()));
        return connections.run(request.connection(), engine -> {
            Meta.Signature signature =
                    Signatures.of(engine.statement(request.statement()).query(), WireFormat.EXACT);
            return new Answer(
                    WireBytes.of(
                            new WireMessages.Described(), signature.toProto().toByteArray()),
                    null);
        });
    }

    /** A result is of a snapshot: it is read beside whatever else its connection does. */
    private Answer fetch(WireMessages.Fetch request, AnswerRoom.Share room) throws Exception {
        Turn.concerns(RequestTarget.of(request));
        return connections.runBeside(request.connection(), engine -> {
            EngineStatement statement = engine.statement(request.statement());
            ServedStream stream = (ServedStream) statement.held(request.result());
            PieceBuffer piece = new PieceBuffer(allocator, room);
            try {
                boolean last = stream.write(piece, request.piece(), request.fetchRows());
                if (last) {
                    statement.release(request.result());
                }
                return new Answer(WireBytes.ofHead(new WireMessages.Fetched(last)), piece);
            } catch (RuntimeException | Error e) {
                piece.close();
                statement.release(request.result()); // there is nothing after an error
                throw e;
            }
        });
    }

    /** The rows are taken apart while nothing of the connection is held: a broken stream stops nobody. */
    private Answer batch(WireMessages.Batch request, WireBytes message) throws Exception {
        Turn.concerns(
                RequestTarget.ofRun(request.connection(), request.statement(), request.timeoutNanos(), request.run()));
        // before its bytes are unpacked, which takes memory: who is not known here gets none, and what waits for its
        // connection is not unpacked yet
        connections.run(request.connection(), engine -> engine.statement(request.statement()));
        try (BatchStream stream =
                BatchStream.read(message.bytes(), message.payloadAt(), allocator, ArrowRuntime.compression())) {
            long[] counts = connections.run(request.connection(), engine -> {
                EngineStatement statement = engine.statement(request.statement());
                statement.begin(request.run());
                ExecutionOptions options = new ExecutionOptions(
                        request.timeoutNanos(),
                        Turn.used(request.timeoutNanos()),
                        0,
                        () -> statement.isCancelled(request.run()));
                return statement.updateColumns(stream.batches(), stream.dictionaries(), options);
            });
            boolean ones = Arrays.stream(counts).allMatch(count -> count == 1);
            return Answer.of(new WireMessages.BatchDone(counts.length, ones ? null : counts));
        }
    }

    private Answer discard(WireMessages.Discard request) throws Exception {
        return connections.runBeside(request.connection(), engine -> {
            engine.statement(request.statement()).release(request.result());
            return Answer.of(new WireMessages.Done());
        });
    }

    /** It comes by itself every few seconds from every client: it waits for nothing, and costs no more than what it names. */
    private Answer lease(WireBytes message) throws IOException {
        if (message.bytes().length > WireProtocol.MOST_LEASE_BYTES) {
            throw tooManyLeases(message.bytes().length + " bytes", WireProtocol.MOST_LEASE_BYTES);
        }
        List<String> ids = message.head(WireMessages.Lease.class).connections();
        if (ids == null) {
            throw new IOException("a lease of nothing");
        } else if (ids.size() > WireProtocol.MOST_LEASES) {
            throw tooManyLeases(ids.size() + " connections", WireProtocol.MOST_LEASES);
        }
        connections.renew(ids);
        return Answer.of(new WireMessages.Done());
    }

    private static EngineException tooManyLeases(String what, int most) {
        return new EngineException(
                ErrorCode.LIMIT_EXCEEDED, "a lease of " + what + " is more than the " + most + " that one may have");
    }

    /** Answered whatever else the connection does: it lives. */
    private Answer ping(WireMessages.Ping request) throws Exception {
        return connections.runBeside(request.connection(), engine -> Answer.of(new WireMessages.Done()));
    }
}
