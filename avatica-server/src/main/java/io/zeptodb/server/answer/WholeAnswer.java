package io.zeptodb.server.answer;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * An answer that is little and whole, sent at once. Immutable.
 *
 * @param status of HTTP
 * @param type of the body, as the header has it
 */
public record WholeAnswer(int status, String type, byte[] body) {
    /** Other headers stay as they are. */
    public void send(Response response, Callback callback) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
        response.write(true, ByteBuffer.wrap(body), callback);
    }
}
