package io.zeptodb.server.access;

import io.zeptodb.engine.api.ErrorCode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.apache.calcite.avatica.AvaticaSeverity;
import org.apache.calcite.avatica.remote.JsonService;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service.ErrorResponse;
import org.apache.calcite.avatica.remote.Service.RpcMetadataResponse;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
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
    private static final String ROOT = "/";
    /** Field 1, a text: what every protobuf message of Avatica begins with. */
    private static final int PROTOBUF_START = 0x0A;

    private static final int JSON_START = '{';
    private static final List<String> CHALLENGES =
            List.of("Basic realm=\"ZeptoDB\", charset=\"UTF-8\"", "Bearer realm=\"ZeptoDB\"");
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
        Authenticator.Outcome outcome = authenticator == null
                ? new Authenticator.Silent()
                : authenticator.authenticate(request.getHeaders().get(HttpHeader.AUTHORIZATION), address(request));
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

    private static void refuse(Authenticator.Outcome outcome, Request request, Response response, Callback callback)
            throws IOException {
        int status = HttpStatus.UNAUTHORIZED_401;
        String message = WRONG;
        if (outcome instanceof Authenticator.Later later) {
            status = HttpStatus.TOO_MANY_REQUESTS_429;
            message = "no login is taken now: too many have failed, or are under way; come again in " + later.seconds()
                    + " s";
            response.getHeaders().put(HttpHeader.RETRY_AFTER, later.seconds());
        } else {
            CHALLENGES.forEach(challenge -> response.getHeaders().add(HttpHeader.WWW_AUTHENTICATE, challenge));
        }
        if (outcome instanceof Authenticator.Silent) {
            Response.writeError(request, response, callback, status, "who asks? log in with Basic or Bearer");
            return;
        }
        if (HttpMethod.POST.is(request.getMethod())
                && Request.getPathInContext(request).equals(ROOT)) {
            refuseMessage(status, message, request, response, callback);
        } else {
            Response.writeError(request, response, callback, status, message);
        }
    }

    /** Waits without a thread for the first bytes of a message, which tell its form. */
    private static void refuseMessage(
            int status, String message, Request request, Response response, Callback callback) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
            request.demand(() -> refuseMessage(status, message, request, response, callback));
            return;
        } else if (Content.Chunk.isFailure(chunk)) {
            callback.failed(chunk.getFailure());
            return;
        }
        int first = chunk.hasRemaining()
                ? chunk.getByteBuffer().get(chunk.getByteBuffer().position())
                : 0;
        chunk.release();
        byte[] body = avaticaError(first, response, status, message);
        if (body == null) {
            Response.writeError(request, response, callback, status, message);
            return;
        }
        response.getHeaders().remove(HttpHeader.WWW_AUTHENTICATE);
        response.setStatus(HttpStatus.INTERNAL_SERVER_ERROR_500);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    /** The answer in the form of the question, which its first byte tells; null when it is none of Avatica's. */
    private static byte @Nullable [] avaticaError(int first, Response response, int status, String message) {
        boolean wrong = status == HttpStatus.UNAUTHORIZED_401;
        ErrorResponse error = new ErrorResponse(
                List.of(),
                message,
                wrong ? ErrorResponse.UNAUTHORIZED_ERROR_CODE : ErrorResponse.UNKNOWN_ERROR_CODE,
                (wrong ? ErrorCode.INVALID_AUTHORIZATION : ErrorCode.TOO_MANY_OPEN).sqlState(),
                AvaticaSeverity.ERROR,
                new RpcMetadataResponse("zepto"));
        try {
            if (first == PROTOBUF_START) {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/octet-stream");
                return new ProtobufTranslationImpl().serializeResponse(error);
            } else if (first == JSON_START) {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json;charset=utf-8");
                return JsonService.MAPPER.writeValueAsString(error).getBytes(StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new IllegalStateException("a few texts can be written down", e);
        }
        return null;
    }
}
