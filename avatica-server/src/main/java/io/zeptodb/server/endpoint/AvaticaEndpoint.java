package io.zeptodb.server.endpoint;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.meta.WireFormat;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import io.zeptodb.server.access.Principal;
import io.zeptodb.server.answer.Refusal;
import io.zeptodb.server.monitoring.ServerMetrics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.calcite.avatica.metrics.noop.NoopMetricsSystem;
import org.apache.calcite.avatica.remote.AbstractHandler;
import org.apache.calcite.avatica.remote.Handler.HandlerResponse;
import org.apache.calcite.avatica.remote.JsonHandler;
import org.apache.calcite.avatica.remote.LocalService;
import org.apache.calcite.avatica.remote.ProtobufHandler;
import org.apache.calcite.avatica.remote.Service.RpcMetadataResponse;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers Avatica's requests, and those of our own protocol below an address of theirs. Both forms of Avatica's come to one address, for a client does not
 * say which it speaks: a protobuf message begins with the tag of its first field, which no JSON text does. Who asks was found out before: see
 * {@link io.zeptodb.server.access.Principal#current()}.
 */
public final class AvaticaEndpoint extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(AvaticaEndpoint.class);

    private static final String CANCEL_PATH = "/cancel";
    /** Field 1, a text: what every protobuf message of Avatica begins with. */
    private static final byte PROTOBUF_START = 0x0A;

    private static final int MOST_STATEMENTS = 256;
    /** Running and waiting together: one user does not keep all threads from the others. */
    private static final int MOST_OF_USER = 192;

    private static final int MOST_WAITING = 4_096;
    private static final long IDLE_THREAD_SECONDS = 30;

    private final ServedConnections connections;
    private final ClientWatch clients = new ClientWatch();
    private final ProtobufHandler protobuf;
    private final JsonHandler json;
    private final WireService wire;
    private final ServerMetrics metrics;
    private final ClientPatience patience;
    private final RequestRoom room;
    private final AnswerRoom answers;
    /** Requests of each user that are run or wait for it. */
    private final Map<String, AtomicInteger> underWay = new ConcurrentHashMap<>();

    /** Apart from the threads of HTTP: those are there for cancellations and for those who watch, however much runs. */
    private final ThreadPoolExecutor statements;

    /**
     * The allocator stays the caller's; it must be open until the last answer is sent.
     *
     * @param address host and port, told to clients that ask who answered
     * @param allocator of the database, for results on their way
     * @param versions of our own protocol that are spoken
     * @param metrics stay the caller's
     * @param room for requests
     */
    public AvaticaEndpoint(
            ServedConnections connections,
            String address,
            BufferAllocator allocator,
            List<Integer> versions,
            ServerMetrics metrics,
            RequestRoom room,
            ClientPatience patience) {
        this.connections = connections;
        this.metrics = metrics;
        this.patience = patience;
        this.room = room;
        this.answers = new AnswerRoom(connections.databaseConfig());
        this.statements = statementThreads();
        this.wire = new WireService(connections, allocator, versions, room.mostOfRequest());
        RpcMetadataResponse server = new RpcMetadataResponse(address);
        LocalService protobufService = new LocalService(connections.meta(WireFormat.PROTOBUF));
        LocalService jsonService = new LocalService(connections.meta(WireFormat.JSON));
        protobufService.setRpcMetadata(server);
        jsonService.setRpcMetadata(server);
        this.protobuf =
                new ProtobufHandler(protobufService, new CheckedTranslation(), NoopMetricsSystem.getInstance()) {
                    @Override
                    public HandlerResponse<byte[]> convertToErrorResponse(Exception e) {
                        return super.convertToErrorResponse(ErrorAnswers.of(e));
                    }
                };
        this.json = new JsonHandler(jsonService, NoopMetricsSystem.getInstance()) {
            @Override
            public HandlerResponse<String> convertToErrorResponse(Exception e) {
                return super.convertToErrorResponse(ErrorAnswers.of(e));
            }
        };
        protobuf.setRpcMetadata(server);
        json.setRpcMetadata(server);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!HttpMethod.POST.is(request.getMethod())) {
            response.getHeaders().put(HttpHeader.ALLOW, HttpMethod.POST.asString());
            Response.writeError(
                    request,
                    response,
                    callback,
                    HttpStatus.METHOD_NOT_ALLOWED_405,
                    "this is a ZeptoDB server: connect with jdbc:zepto://"
                            + request.getHttpURI().getAuthority() + "/");
            return true;
        }
        String path = Request.getPathInContext(request);
        // what stops others must not wait for a thread behind them
        Executor threads =
                path.equals(CANCEL_PATH) || path.equals(WireProtocol.DISCARD) || path.equals(WireProtocol.PING)
                        ? request.getComponents().getExecutor()
                        : statements;
        Principal principal = Principal.current();
        patience.arriving(request);
        String owner = principal.isNameless() ? Request.getRemoteAddr(request) : " user " + principal.name();
        RequestBody.read(request, room, owner, patience.underWay(), new RequestBody.Reader() {
            @Override
            public void arrived(RequestBody body) {
                patience.answering(request);
                AnswerRoom.Share share = answers.of(owner, principal.limits());
                execute(threads, principal, body, share, request, response, callback);
            }

            @Override
            public void failed(Throwable failure, int first) {
                refuse(failure, first, request, response, callback);
            }
        });
        return true;
    }

    private void execute(
            Executor threads,
            Principal principal,
            RequestBody body,
            AnswerRoom.Share share,
            Request request,
            Response response,
            Callback callback) {
        AtomicInteger ofUser = underWay.computeIfAbsent(principal.name(), name -> new AtomicInteger());
        if (threads == statements && ofUser.incrementAndGet() > MOST_OF_USER) {
            ofUser.decrementAndGet();
            refuseWork(MOST_OF_USER + " requests of this user are under way", body, request, response, callback);
            return;
        }
        try {
            threads.execute(() -> principal.run(() -> {
                int first = body.bytes().length == 0 ? 0 : body.bytes()[0];
                try (body) {
                    respond(body.bytes(), share, request, response, callback);
                } catch (RuntimeException | Error e) {
                    fail(e, first, request, response, callback);
                } finally {
                    if (threads == statements) {
                        ofUser.decrementAndGet();
                    }
                }
            }));
        } catch (RejectedExecutionException e) {
            if (threads == statements) {
                ofUser.decrementAndGet();
            }
            refuseWork("too much is under way", body, request, response, callback);
        }
    }

    /** In the protocol of the request, as long as nothing was answered yet. */
    private static void fail(Throwable failure, int first, Request request, Response response, Callback callback) {
        if (response.isCommitted()) {
            LOG.error("an answer could not be sent", failure);
            callback.failed(failure);
            return;
        }
        response.reset();
        WireMessages.Failure words = ErrorAnswers.ofOurs(failure);
        ErrorCode code = words.code() == null ? ErrorCode.INTERNAL_ERROR : ErrorCode.valueOf(words.code());
        new Refusal(HttpStatus.INTERNAL_SERVER_ERROR_500, code, words.message())
                .send(first, request, response, callback);
    }

    private static void refuseWork(
            String why, RequestBody body, Request request, Response response, Callback callback) {
        body.close();
        Response.writeError(request, response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, why);
    }

    private void respond(byte[] body, AnswerRoom.Share share, Request request, Response response, Callback callback) {
        String path = Request.getPathInContext(request);
        if (path.equals(CANCEL_PATH)) {
            cancel(body, request, response, callback);
        } else if (path.startsWith(WireProtocol.PREFIX)) {
            answerOurs(path, body, share, request, response, callback);
        } else {
            answer(body, share, request, response, callback);
        }
    }

    /** A body that did not come as it should. The connection ends with it: nobody knows where the next request begins. */
    private static void refuse(Throwable failure, int first, Request request, Response response, Callback callback) {
        int status;
        ErrorCode code;
        if (failure instanceof RequestBody.TooLong) {
            status = HttpStatus.PAYLOAD_TOO_LARGE_413;
            code = ErrorCode.LIMIT_EXCEEDED;
        } else if (failure instanceof RequestBody.NoRoom) {
            status = HttpStatus.SERVICE_UNAVAILABLE_503;
            code = ErrorCode.OUT_OF_MEMORY;
        } else if (failure instanceof RequestBody.TooSlow) {
            status = HttpStatus.REQUEST_TIMEOUT_408;
            code = ErrorCode.LIMIT_EXCEEDED;
        } else {
            LOG.debug("a request did not arrive", failure);
            callback.failed(failure);
            return;
        }
        LOG.warn("a request was refused: {}", failure.getMessage());
        response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        Refusal refusal = new Refusal(status, code, String.valueOf(failure.getMessage()));
        if (first == 0) {
            refusal.send(request, response, callback);
        } else {
            refusal.send(first, request, response, callback);
        }
    }

    private void answer(byte[] body, AnswerRoom.Share share, Request request, Response response, Callback callback) {
        boolean isProtobuf = body.length > 0 && body[0] == PROTOBUF_START;
        Encoded answer;
        try (ClientWatch.Exchange exchange = clients.begin(request)) {
            answer = isProtobuf
                    ? encoded(protobuf, body, bytes -> bytes, share)
                    : encoded(
                            json,
                            new String(body, StandardCharsets.UTF_8),
                            text -> text.getBytes(StandardCharsets.UTF_8),
                            share);
            endExchange(exchange, response);
        }
        metrics.countExchange(body.length, answer.body().length);
        response.setStatus(answer.status());
        response.getHeaders()
                .put(
                        HttpHeader.CONTENT_TYPE,
                        isProtobuf ? "application/octet-stream" : "application/json;charset=utf-8");
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.body().length);
        patience.leaving(request);
        AutoCloseable whenSent = () -> {
            patience.done(request);
            share.giveBack(answer.taken());
        };
        new PieceWriter(response, List.of(ByteBuffer.wrap(answer.body())), whenSent, callback).iterate();
    }

    /** @param taken of the user's room for answers, until it is sent */
    private record Encoded(int status, byte[] body, long taken) {}

    /** Answers a message of Avatica's. */
    private static <T> Encoded encoded(
            AbstractHandler<T> handler, T message, Function<T, byte[]> bytes, AnswerRoom.Share share) {
        HandlerResponse<T> answer = answered(handler, message);
        byte[] body = bytes.apply(answer.getResponse());
        try {
            share.take(body.length);
            return new Encoded(answer.getStatusCode(), body, body.length);
        } catch (EngineException e) {
            HandlerResponse<T> refusal = handler.convertToErrorResponse(e);
            return new Encoded(refusal.getStatusCode(), bytes.apply(refusal.getResponse()), 0);
        }
    }

    /** Avatica's handlers tell exceptions to their clients, but no errors. */
    private static <T> HandlerResponse<T> answered(AbstractHandler<T> handler, T request) {
        try {
            return handler.apply(request);
        } catch (Error e) {
            return handler.convertToErrorResponse(ErrorAnswers.ofError(e));
        }
    }

    private void answerOurs(
            String path, byte[] body, AnswerRoom.Share share, Request request, Response response, Callback callback) {
        if (!wire.knows(path)) {
            Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
            return;
        }
        WireService.Answer answer;
        long received = body.length;
        int status = HttpStatus.OK_200;
        try (ClientWatch.Exchange exchange = clients.begin(request)) {
            try {
                answer = wire.answer(path, body, share);
            } catch (Exception | Error e) {
                status = HttpStatus.INTERNAL_SERVER_ERROR_500;
                answer = WireService.Answer.of(ErrorAnswers.ofOurs(e));
            }
            endExchange(exchange, response);
        }
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, WireProtocol.MEDIA_TYPE);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, answer.size());
        metrics.countExchange(received, answer.size());
        PieceBuffer piece = answer.piece();
        patience.leaving(request);
        AutoCloseable whenSent = () -> {
            patience.done(request);
            if (piece != null) {
                piece.close();
            }
        };
        new PieceWriter(response, answer.buffers(), whenSent, callback).iterate();
    }

    /** Before an answer is written: from here on the client may send its next request. */
    private static void endExchange(ClientWatch.Exchange exchange, Response response) {
        exchange.close();
        if (exchange.hasLostInput()) {
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        }
    }

    private static ThreadPoolExecutor statementThreads() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                MOST_STATEMENTS,
                MOST_STATEMENTS,
                IDLE_THREAD_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                action -> new Thread(action, "zepto-statement-" + number.incrementAndGet()));
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Ends the threads of statements, which the caller has stopped. */
    @Override
    protected void doStop() throws Exception {
        statements.shutdown();
        super.doStop();
    }

    /** Cancels what runs for clients that are gone; to be called every second or so. */
    public void cancelForGoneClients() {
        clients.check(connections::cancelRunOf);
    }

    /** The body is the id of a connection, a blank, and the id of a statement; without a statement all of them are stopped. */
    private void cancel(byte[] body, Request request, Response response, Callback callback) {
        String[] ids = new String(body, StandardCharsets.US_ASCII).strip().split(" ", -1);
        if (ids.length > 2 || (ids.length == 2 && !ids[1].matches("\\d{1,9}"))) {
            Response.writeError(
                    request,
                    response,
                    callback,
                    HttpStatus.BAD_REQUEST_400,
                    "expected CONNECTION or CONNECTION STATEMENT");
            return;
        }
        if (ids.length == 2) {
            connections.cancel(ids[0], Integer.parseInt(ids[1]));
        } else {
            connections.stopAll(ids[0]);
        }
        response.setStatus(HttpStatus.NO_CONTENT_204);
        response.write(true, ByteBuffer.allocate(0), callback);
    }
}
