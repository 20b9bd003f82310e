package io.zeptodb.server.monitoring;

import io.zeptodb.server.answer.WholeAnswer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers {@code GET /metrics} with the figures of the server in the text format of Prometheus, to whom the server lets in. */
public final class MetricsEndpoint extends Handler.Abstract {
    private static final String PATH = "/metrics";

    private final ServerMetrics metrics;

    /** The metrics stay the caller's. */
    public MetricsEndpoint(ServerMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!HttpMethod.GET.is(request.getMethod())
                || !Request.getPathInContext(request).equals(PATH)) {
            return false;
        }
        byte[] text = metrics.scrape().getBytes(StandardCharsets.UTF_8);
        new WholeAnswer(HttpStatus.OK_200, "text/plain; version=0.0.4; charset=utf-8", text).send(response, callback);
        return true;
    }
}
