package io.zeptodb.server.endpoint;

import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.server.access.Principal;
import io.zeptodb.server.answer.Refusal;
import io.zeptodb.server.monitoring.ServerMetrics;
import org.apache.arrow.memory.BufferAllocator;
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

    private final HttpTurn.Parts parts;
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
        this.patience = settings.patience();
        this.room = settings.room();
        this.answers = new AnswerRoom(connections.databaseConfig());
        this.queue = new RequestQueue(settings.statementThreads());
        metrics.watchRequests(queue::running, queue::waiting);
        connections.watchWaiting(queue::hasWorkOf);
        this.parts = new HttpTurn.Parts(
                connections,
                queue,
                new ClientWatch(),
                new AvaticaService(connections),
                new WireService(connections, allocator, settings.versions(), room.mostOfRequest()),
                metrics,
                patience);
        tellAddress(address);
    }

    /** Host and port as they are when the port was for the system to choose; before the first request. */
    public void tellAddress(String address) {
        parts.avatica().tellAddress(address);
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
                take(new HttpTurn(parts, principal, body, share, request, response, callback));
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
            turn.executor().execute(turn::perform);
        } else {
            queue.submit(turn);
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

    /** Ends the threads of statements, which the caller has stopped. */
    @Override
    protected void doStop() throws Exception {
        queue.close();
        super.doStop();
    }

    /** Cancels what runs for clients that are gone; to be called every second or so. */
    public void cancelForGoneClients() {
        parts.clients().check();
    }
}
