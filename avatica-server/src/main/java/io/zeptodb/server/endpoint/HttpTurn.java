package io.zeptodb.server.endpoint;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import io.zeptodb.server.access.Principal;
import io.zeptodb.server.answer.Refusal;
import io.zeptodb.server.monitoring.ServerMetrics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request that has arrived over HTTP: in Avatica's protocol, in ours, or to cancel something. */
final class HttpTurn extends Turn {
    private static final Logger LOG = LoggerFactory.getLogger(HttpTurn.class);
    private static final String CANCEL_PATH = "/cancel";

    /** What all requests of an endpoint are answered with. It stays the endpoint's. */
    record Parts(
            ServedConnections connections,
            RequestQueue queue,
            ClientWatch clients,
            AvaticaService avatica,
            WireService wire,
            ServerMetrics metrics,
            ClientPatience patience) {}

    private final Parts parts;
    private final RequestBody body;
    private final AnswerRoom.Share share;
    private final Request request;
    private final Response response;
    private final Callback callback;
    private final String path;
    private final ClientWatch.Exchange exchange;

    HttpTurn(
            Parts parts,
            Principal principal,
            RequestBody body,
            AnswerRoom.Share share,
            Request request,
            Response response,
            Callback callback) {
        super(principal);
        this.parts = parts;
        this.body = body;
        this.share = share;
        this.request = request;
        this.response = response;
        this.callback = callback;
        this.path = Request.getPathInContext(request);
        this.exchange = parts.clients().begin(request, this::clientIsGone);
    }

    /** Of the endpoint's threads, for what waits for nothing. */
    Executor executor() {
        return request.getComponents().getExecutor();
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
                stopOthers();
            } else if (path.startsWith(WireProtocol.PREFIX)) {
                answerOurs();
            } else {
                sendAvaticas(parts.avatica().answer(body.bytes(), share));
            }
        } catch (RuntimeException | Error e) {
            fail(e, first);
        }
    }

    @Override
    void refuse(EngineException why) {
        try (body;
                exchange) {
            LOG.debug("a request is not run: {}", why.getMessage());
            if (path.startsWith(WireProtocol.PREFIX)) {
                sendOurs(HttpStatus.INTERNAL_SERVER_ERROR_500, WireService.Answer.of(ErrorAnswers.ofOurs(why)));
            } else {
                sendAvaticas(parts.avatica().refusal(body.bytes(), why));
            }
        } catch (RuntimeException | Error e) {
            fail(e, 0);
        }
    }

    /** Called until the answer is made. */
    private void clientIsGone() {
        if (parts.queue().leave(this)) {
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
            parts.connections().cancelRunOf(thread);
        }
    }

    /** Whether it stops others or only asks: it must not wait for a thread behind them. */
    boolean waitsForNothing() {
        return switch (path) {
            case CANCEL_PATH, WireProtocol.DISCARD, WireProtocol.PING, WireProtocol.LEASE -> true;
            default -> false;
        };
    }

    private void answerOurs() {
        if (!parts.wire().knows(path)) {
            // in the form of a message: a client can tell it from the 404 of a proxy
            sendOurs(HttpStatus.NOT_FOUND_404, WireService.Answer.of(ErrorAnswers.ofUnknownPath()));
            return;
        }
        WireService.Answer answer;
        int status = HttpStatus.OK_200;
        try {
            answer = parts.wire().answer(path, body.bytes(), share);
        } catch (Exception | Error e) {
            status = HttpStatus.INTERNAL_SERVER_ERROR_500;
            answer = WireService.Answer.of(ErrorAnswers.ofOurs(e));
        }
        sendOurs(status, answer);
    }

    private void sendAvaticas(AvaticaService.Answer answer) {
        send(
                answer.status(),
                answer.form().mediaType(),
                List.of(ByteBuffer.wrap(answer.body())),
                answer.body().length,
                () -> share.giveBack(answer.taken()));
    }

    private void sendOurs(int status, WireService.Answer answer) {
        PieceBuffer piece = answer.piece();
        send(status, WireProtocol.MEDIA_TYPE, answer.buffers(), answer.size(), piece == null ? () -> {} : piece::close);
    }

    private void send(int status, String type, List<ByteBuffer> buffers, long length, Runnable memory) {
        parts.metrics().countExchange(body.bytes().length, length);
        endExchange();
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, length);
        parts.patience().leaving(request);
        AutoCloseable whenSent = () -> {
            parts.patience().done(request);
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

    /** In the protocol of the request, as long as nothing was answered yet. */
    private void fail(Throwable failure, int first) {
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

    /**
     * The body is the id of a connection, a blank, and the id of a statement; without a statement all of them are stopped. A number behind them says which run of
     * the statement is meant, if its client counts them: it may come later than this, and one behind it goes on.
     */
    private void stopOthers() {
        String[] ids =
                new String(body.bytes(), StandardCharsets.US_ASCII).strip().split(" ", -1);
        if (ids.length > 3
                || (ids.length > 1 && !ids[1].matches("\\d{1,9}"))
                || (ids.length > 2 && !ids[2].matches("\\d{1,18}"))) {
            Response.writeError(
                    request,
                    response,
                    callback,
                    HttpStatus.BAD_REQUEST_400,
                    "expected CONNECTION, CONNECTION STATEMENT or CONNECTION STATEMENT RUN");
            return;
        }
        int statement = ids.length > 1 ? Integer.parseInt(ids[1]) : RequestTarget.NO_STATEMENT;
        // first what waits: what is found neither waiting nor running had not come yet, or was answered
        long run = ids.length > 2 ? Long.parseLong(ids[2]) : 0;
        parts.queue().cancel(user(), ids[0], statement, run);
        if (ids.length > 1) {
            parts.connections().cancel(ids[0], statement, run);
        } else {
            parts.connections().stopAll(ids[0]);
        }
        response.setStatus(HttpStatus.NO_CONTENT_204);
        response.write(true, ByteBuffer.allocate(0), callback);
    }
}
