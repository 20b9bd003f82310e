package io.zeptodb.server.answer;

import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.wire.WireBytes;
import io.zeptodb.jdbc.wire.WireMessages;
import io.zeptodb.jdbc.wire.WireProtocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.calcite.avatica.AvaticaSeverity;
import org.apache.calcite.avatica.remote.JsonService;
import org.apache.calcite.avatica.remote.ProtobufTranslationImpl;
import org.apache.calcite.avatica.remote.Service.ErrorResponse;
import org.apache.calcite.avatica.remote.Service.RpcMetadataResponse;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Why a request is not answered, told in the protocol that it was asked in: our own as a message of ours, Avatica's as one of Avatica's, anything else as text.
 * Avatica's clients read the SQLSTATE of an answer only when its status is 500, and ask again without end at 503: that is what they get instead of the status.
 * Immutable.
 *
 * @param status of HTTP
 * @param code whose SQLSTATE is told
 * @param message what is refused and what to do about it; nothing of the server's inside
 */
public record Refusal(int status, ErrorCode code, String message) {
    private static final String AVATICA_PATH = "/";

    /** Of a request of whose body nothing was read: its first byte, which tells the form of an Avatica message, is waited for without a thread. */
    public void send(Request request, Response response, Callback callback) {
        if (!HttpMethod.POST.is(request.getMethod()) || !isAvaticas(request)) {
            send(0, request, response, callback);
            return;
        }
        Content.Chunk chunk = request.read();
        if (chunk == null) {
            request.demand(() -> send(request, response, callback));
            return;
        } else if (Content.Chunk.isFailure(chunk)) {
            callback.failed(chunk.getFailure());
            return;
        }
        int first = chunk.hasRemaining()
                ? chunk.getByteBuffer().get(chunk.getByteBuffer().position())
                : 0;
        chunk.release();
        send(first, request, response, callback);
    }

    /** @param first byte of the body; 0 when there is none */
    public void send(int first, Request request, Response response, Callback callback) {
        AvaticaForm form = isAvaticas(request) ? AvaticaForm.beginningWith(first) : null;
        int answered = status;
        byte[] body;
        String type;
        if (Request.getPathInContext(request).startsWith(WireProtocol.PREFIX)) {
            type = WireProtocol.MEDIA_TYPE;
            body = WireBytes.ofHead(WireMessages.Failure.of(code.sqlState(), code.name(), message, false));
        } else if (form != null) {
            answered = HttpStatus.INTERNAL_SERVER_ERROR_500;
            type = form.mediaType();
            body = avaticaError(form);
        } else {
            type = "text/plain;charset=utf-8";
            body = (message + "\n").getBytes(StandardCharsets.UTF_8);
        }
        if (answered != HttpStatus.UNAUTHORIZED_401) {
            response.getHeaders().remove(HttpHeader.WWW_AUTHENTICATE);
        }
        new WholeAnswer(answered, type, body).send(response, callback);
    }

    private static boolean isAvaticas(Request request) {
        return Request.getPathInContext(request).equals(AVATICA_PATH);
    }

    private byte[] avaticaError(AvaticaForm form) {
        ErrorResponse error = new ErrorResponse(
                List.of(),
                message,
                code == ErrorCode.INVALID_AUTHORIZATION
                        ? ErrorResponse.UNAUTHORIZED_ERROR_CODE
                        : ErrorResponse.UNKNOWN_ERROR_CODE,
                code.sqlState(),
                AvaticaSeverity.ERROR,
                new RpcMetadataResponse("zepto"));
        try {
            return form == AvaticaForm.PROTOBUF
                    ? new ProtobufTranslationImpl().serializeResponse(error)
                    : JsonService.MAPPER.writeValueAsString(error).getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("a few texts can be written down", e);
        }
    }
}
