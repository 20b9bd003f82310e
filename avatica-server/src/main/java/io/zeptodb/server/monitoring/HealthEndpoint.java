package io.zeptodb.server.monitoring;

import io.zeptodb.jdbc.meta.ProductInfo;
import io.zeptodb.server.answer.WholeAnswer;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers those who watch the server: {@code GET /health} is 200 as long as the process answers, {@code GET /ready} is 200 while it takes statements and 503 when it
 * is stopping or its database is closed. Neither tells more than that, so neither asks who wants to know.
 */
public final class HealthEndpoint extends Handler.Abstract {
    private static final String HEALTH = "/health";
    private static final String READY = "/ready";

    private final BooleanSupplier ready;

    public HealthEndpoint(BooleanSupplier ready) {
        this.ready = ready;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = Request.getPathInContext(request);
        boolean isGet = HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod());
        if (!isGet || !(path.equals(HEALTH) || path.equals(READY))) {
            return false;
        }
        boolean good = path.equals(HEALTH) || ready.getAsBoolean();
        byte[] text = ("{\"status\":\"" + (good ? "up" : "down") + "\",\"version\":\"" + ProductInfo.VERSION + "\"}\n")
                .getBytes(StandardCharsets.UTF_8);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        int status = good ? HttpStatus.OK_200 : HttpStatus.SERVICE_UNAVAILABLE_503;
        new WholeAnswer(status, "application/json", text).send(response, callback);
        return true;
    }
}
