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
import org.eclipse.jetty.io.EofException;
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
    private static final Function<byte[], byte[]> PROTOBUF_BYTES = bytes -> bytes;
    private static final Function<String, byte[]> JSON_BYTES = text -> text.getBytes(StandardCharsets.UTF_8);

    private final ServedConnections connections;
    private final ClientWatch clients = new ClientWatch();
    private final LocalService protobufService;
    private final LocalService jsonService;
    private final ProtobufHandler protobuf;
    private final JsonHandler json;
    private final WireService wire;
    private final ServerMetrics metrics;
    private final ClientPatience patience;
    private final RequestRoom room;
    private final AnswerRoom answers;
    private final RequestQueue queue;

    /**
     * The allocator stays the caller's; it must be open until the last answer is sent.
     *
     * @param address host and port, told to clients that ask who answered
     * @param allocator of the database, for results on their way
     * @param metrics stay the caller's
     */
    public AvaticaEndpoint(
            ServedConnections connections,
            String address,
            BufferAllocator allocator,
            ServerMetrics metrics,
            EndpointSettings settings) {
        this.connections = connections;
        this.metrics = metrics;
        this.patience = settings.patience();
        this.room = settings.room();
        this.answers = new AnswerRoom(connections.databaseConfig());
        this.queue = new RequestQueue(settings.statementThreads());
        metrics.watchRequests(queue::running, queue::waiting);
        connections.watchWaiting(queue::hasWorkOf);
        this.wire = new WireService(connections, allocator, settings.versions(), room.mostOfRequest());
        this.protobufService = new LocalService(connections.meta(WireFormat.PROTOBUF));
        this.jsonService = new LocalService(connections.meta(WireFormat.JSON));
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
        tellAddress(address);
    }

    /** Host and port as they are when the port was for the system to choose; before the first request. */
    public void tellAddress(String address) {
        RpcMetadataResponse server = new RpcMetadataResponse(address);
        protobufService.setRpcMetadata(server);
        jsonService.setRpcMetadata(server);
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
        Principal principal = Principal.current();
        patience.arriving(request);
        String owner = principal.isNameless() ? Request.getRemoteAddr(request) : " user " + principal.name();
        RequestBody.read(request, room, owner, patience.underWay(), new RequestBody.Reader() {
            @Override
            public void arrived(RequestBody body) {
                patience.answering(request);
                AnswerRoom.Share share = answers.of(owner, principal.limits());
                take(new HttpTurn(principal, body, share, request, response, callback));
            }

            @Override
            public void failed(Throwable failure, int first) {
                refuse(failure, first, request, response, callback);
            }
        });
        return true;
    }

    private void take(HttpTurn turn) {
        if (turn.waitsForNothing()) {
            turn.request.getComponents().getExecutor().execute(turn::perform);
        } else {
            queue.submit(turn);
        }
    }

    /** A request that has arrived over HTTP. */
    private final class HttpTurn extends Turn {
        private final RequestBody body;
        private final AnswerRoom.Share share;
        private final Request request;
        private final Response response;
        private final Callback callback;
        private final String path;
        private final ClientWatch.Exchange exchange;

        HttpTurn(
                Principal principal,
                RequestBody body,
                AnswerRoom.Share share,
                Request request,
                Response response,
                Callback callback) {
            super(principal);
            this.body = body;
            this.share = share;
            this.request = request;
            this.response = response;
            this.callback = callback;
            this.path = Request.getPathInContext(request);
            this.exchange = clients.begin(request, this::clientIsGone);
        }

        @Override
        RequestTarget readTarget() {
            return RequestTarget.of(path, body.bytes());
        }

        @Override
        void run() {
            int first = body.first();
            try (body;
                    exchange) {
                if (path.equals(CANCEL_PATH)) {
                    endExchange();
                    stopOthers(body.bytes(), request, response, callback);
                } else if (path.startsWith(WireProtocol.PREFIX)) {
                    answerOurs();
                } else {
                    answer();
                }
            } catch (RuntimeException | Error e) {
                fail(e, first, request, response, callback);
            }
        }

        @Override
        void refuse(EngineException why) {
            try (body;
                    exchange) {
                LOG.debug("a request is not run: {}", why.getMessage());
                if (path.startsWith(WireProtocol.PREFIX)) {
                    sendOurs(HttpStatus.INTERNAL_SERVER_ERROR_500, WireService.Answer.of(ErrorAnswers.ofOurs(why)));
                } else if (body.isProtobuf()) {
                    sendAvaticas(Encoded.of(protobuf.convertToErrorResponse(why), PROTOBUF_BYTES));
                } else {
                    sendAvaticas(Encoded.of(json.convertToErrorResponse(why), JSON_BYTES));
                }
            } catch (RuntimeException | Error e) {
                fail(e, 0, request, response, callback);
            }
        }

        /** Called until the answer is made. */
        private void clientIsGone() {
            if (queue.leave(this)) {
                LOG.info("a request leaves the queue: its client is gone");
                try (body;
                        exchange) {
                    callback.failed(new EofException("the client is gone"));
                }
                return;
            }
            Thread thread = runner();
            cancel();
            if (thread != null && !waitsForNothing()) {
                connections.cancelRunOf(thread);
            }
        }

        /** Whether it stops others or only asks: it must not wait for a thread behind them. */
        private boolean waitsForNothing() {
            return switch (path) {
                case CANCEL_PATH, WireProtocol.DISCARD, WireProtocol.PING, WireProtocol.LEASE -> true;
                default -> false;
            };
        }

        private void answer() {
            sendAvaticas(
                    body.isProtobuf()
                            ? encoded(protobuf, body.bytes(), PROTOBUF_BYTES, share)
                            : encoded(json, new String(body.bytes(), StandardCharsets.UTF_8), JSON_BYTES, share));
        }

        private void answerOurs() {
            if (!wire.knows(path)) {
                // in the form of a message: a client can tell it from the 404 of a proxy
                sendOurs(HttpStatus.NOT_FOUND_404, WireService.Answer.of(ErrorAnswers.ofUnknownPath()));
                return;
            }
            WireService.Answer answer;
            int status = HttpStatus.OK_200;
            try {
                answer = wire.answer(path, body.bytes(), share);
            } catch (Exception | Error e) {
                status = HttpStatus.INTERNAL_SERVER_ERROR_500;
                answer = WireService.Answer.of(ErrorAnswers.ofOurs(e));
            }
            sendOurs(status, answer);
        }

        private void sendAvaticas(Encoded answer) {
            send(
                    answer.status(),
                    body.isProtobuf() ? "application/octet-stream" : "application/json;charset=utf-8",
                    List.of(ByteBuffer.wrap(answer.body())),
                    answer.body().length,
                    () -> share.giveBack(answer.taken()));
        }

        private void sendOurs(int status, WireService.Answer answer) {
            PieceBuffer piece = answer.piece();
            send(
                    status,
                    WireProtocol.MEDIA_TYPE,
                    answer.buffers(),
                    answer.size(),
                    piece == null ? () -> {} : piece::close);
        }

        private void send(int status, String type, List<ByteBuffer> buffers, long length, Runnable memory) {
            metrics.countExchange(body.bytes().length, length);
            endExchange();
            response.setStatus(status);
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
            patience.leaving(request);
            AutoCloseable whenSent = () -> {
                patience.done(request);
                memory.run();
            };
            new PieceWriter(response, buffers, whenSent, callback).iterate();
        }

        /** Before an answer is written: from here on the client may send its next request. */
        private void endExchange() {
            exchange.close();
            if (exchange.hasLostInput()) {
                response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
            }
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

    /** @param taken of the user's room for answers, until it is sent */
    private record Encoded(int status, byte[] body, long taken) {
        static <T> Encoded of(HandlerResponse<T> answer, Function<T, byte[]> bytes) {
            return new Encoded(answer.getStatusCode(), bytes.apply(answer.getResponse()), 0);
        }
    }

    /** Answers a message of Avatica's. */
    private static <T> Encoded encoded(
            AbstractHandler<T> handler, T message, Function<T, byte[]> bytes, AnswerRoom.Share share) {
        HandlerResponse<T> answer = answered(handler, message);
        byte[] body = bytes.apply(answer.getResponse());
        try {
            share.take(body.length);
            return new Encoded(answer.getStatusCode(), body, body.length);
        } catch (EngineException e) {
            return Encoded.of(handler.convertToErrorResponse(e), bytes);
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

    /** Ends the threads of statements, which the caller has stopped. */
    @Override
    protected void doStop() throws Exception {
        queue.close();
        super.doStop();
    }

    /** Cancels what runs for clients that are gone; to be called every second or so. */
    public void cancelForGoneClients() {
        clients.check();
    }

    /** The body is the id of a connection, a blank, and the id of a statement; without a statement all of them are stopped. */
    private void stopOthers(byte[] body, Request request, Response response, Callback callback) {
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
        int statement = ids.length == 2 ? Integer.parseInt(ids[1]) : RequestTarget.NO_STATEMENT;
        // first what waits: what is found neither waiting nor running had not come yet, or was answered
        queue.cancel(Principal.current().name(), ids[0], statement);
        if (ids.length == 2) {
            connections.cancel(ids[0], statement);
        } else {
            connections.stopAll(ids[0]);
        }
        response.setStatus(HttpStatus.NO_CONTENT_204);
        response.write(true, ByteBuffer.allocate(0), callback);
    }
}
