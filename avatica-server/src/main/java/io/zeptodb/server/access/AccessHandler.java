package io.zeptodb.server.access;

import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.wire.WireProtocol;
import io.zeptodb.server.answer.Refusal;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request through when it is known who asks, and says so to the thread that answers it: {@link Principal#current()}. A request that a web page sent is
 * refused, or any page that a user opens could reach the database of his machine: it has an Origin, and where there is no login, a Host that is not local.
 *
 * <p>Who says nothing is asked with 401. A wrong login is 401 too, but for messages of Avatica: its clients tell the SQLSTATE of an answer only when it is
 * 500, so that is what they get, with 28000. Who has to come again later is told so with 429, or 53300: his password may be right.
 */
final class AccessHandler extends Handler.Wrapper {
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");
    private static final List<String> CHALLENGES =
            List.of("Basic " + WireProtocol.REALM + ", charset=\"UTF-8\"", "Bearer " + WireProtocol.REALM);
    private static final String WRONG = "the login is refused: no such user, or a wrong password or token";

    private final @Nullable Authenticator authenticator;
    private final @Nullable Principal nameless;
    private final boolean onlyLocalNames;
    private final Runnable refused;

    /**
     * @param authenticator null when there are no users
     * @param nameless who asks without a login; null when nobody may
     * @param onlyLocalNames whether the Host of a request must be one of this machine
     * @param refused is told of each login that is refused
     */
    AccessHandler(
            @Nullable Authenticator authenticator,
            @Nullable Principal nameless,
            boolean onlyLocalNames,
            Runnable refused) {
        this.authenticator = authenticator;
        this.nameless = nameless;
        this.onlyLocalNames = onlyLocalNames;
        this.refused = refused;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (request.getHeaders().contains(HttpHeader.ORIGIN)
                || (onlyLocalNames && !LOCAL_NAMES.contains(Request.getServerName(request)))) {
            Response.writeError(request, response, callback, HttpStatus.FORBIDDEN_403, "not for web pages");
            return true;
        }
        if (authenticator == null) {
            return handle(new Authenticator.Silent(), request, response, callback);
        }
        CompletableFuture<Authenticator.Outcome> found =
                authenticator.authenticate(request.getHeaders().get(HttpHeader.AUTHORIZATION), address(request));
        if (found.isDone()) {
            return handle(found.join(), request, response, callback);
        }
        // a hash takes its time: others need the thread
        Executor threads = request.getComponents().getExecutor();
        var unused = found.thenAcceptAsync(outcome -> handleLater(outcome, request, response, callback), threads)
                .exceptionally(
                        failure -> { // the server is stopping
                            callback.failed(failure);
                            return null;
                        });
        return true;
    }

    private void handleLater(Authenticator.Outcome outcome, Request request, Response response, Callback callback) {
        try {
            if (!handle(outcome, request, response, callback)) {
                Response.writeError(request, response, callback, HttpStatus.NOT_FOUND_404);
            }
        } catch (Exception | Error e) {
            Response.writeError(request, response, callback, e);
        }
    }

    private boolean handle(Authenticator.Outcome outcome, Request request, Response response, Callback callback)
            throws Exception {
        if (outcome instanceof Authenticator.Known known) {
            return handleFor(known.principal(), request, response, callback);
        } else if (outcome instanceof Authenticator.Silent && nameless != null) {
            return handleFor(nameless, request, response, callback);
        }
        if (!(outcome instanceof Authenticator.Silent)) {
            refused.run();
            // a stranger keeps no socket
            response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
        }
        refuse(outcome, request, response, callback);
        return true;
    }

    @Override
    protected void doStop() throws Exception {
        if (authenticator != null) {
            authenticator.close();
        }
        super.doStop();
    }

    private boolean handleFor(Principal principal, Request request, Response response, Callback callback)
            throws Exception {
        Principal.set(principal);
        try {
            return super.handle(request, response, callback);
        } finally {
            Principal.set(null);
        }
    }

    private static String address(Request request) {
        return request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress remote
                ? String.valueOf(remote.getAddress())
                : "";
    }

    private static void refuse(Authenticator.Outcome outcome, Request request, Response response, Callback callback) {
        if (outcome instanceof Authenticator.Later later) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, later.seconds());
            String message = "no login is taken now: too many have failed, or are under way; come again in "
                    + later.seconds() + " s";
            new Refusal(HttpStatus.TOO_MANY_REQUESTS_429, ErrorCode.TOO_MANY_OPEN, message)
                    .send(request, response, callback);
            return;
        }
        CHALLENGES.forEach(challenge -> response.getHeaders().add(HttpHeader.WWW_AUTHENTICATE, challenge));
        if (outcome instanceof Authenticator.Silent) {
            Response.writeError(
                    request, response, callback, HttpStatus.UNAUTHORIZED_401, "who asks? log in with Basic or Bearer");
        } else {
            new Refusal(HttpStatus.UNAUTHORIZED_401, ErrorCode.INVALID_AUTHORIZATION, WRONG)
                    .send(request, response, callback);
        }
    }
}
