package io.zeptodb.jdbc;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.avatica.Meta;

/**
 * Asks a server to stop a statement. Avatica has no message for it, so this is a request of its own, beside the protocol: a POST to
 * {@value #PATH} with the connection's and the statement's id, or the connection's alone. It has a connection of its own too, for those of the pool may all be
 * waiting for statements. Thread-safe.
 */
final class ServerCancellation {
    /** Below the server's address. */
    static final String PATH = "cancel";

    private static final int TIMEOUT_MILLIS = 10_000;

    private final String address;

    ServerCancellation(String httpAddress) {
        this.address = httpAddress + PATH;
    }

    void cancel(Meta.StatementHandle statement) {
        post(statement.connectionId + " " + statement.id);
    }

    /** Stops all statements of a connection, which takes no more of them: it is about to be closed. */
    void stopAll(String connectionId) {
        post(connectionId);
    }

    private void post(String ids) {
        byte[] body = ids.getBytes(StandardCharsets.US_ASCII);
        try {
            URL url = URI.create(address).toURL();
            HttpURLConnection connection = (HttpURLConnection) url.openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setFixedLengthStreamingMode(body.length);
            try {
                connection.getOutputStream().write(body);
                int status = connection.getResponseCode();
                if (status != HttpURLConnection.HTTP_NO_CONTENT) {
                    throw new EngineException(
                            ErrorCode.FEATURE_NOT_SUPPORTED,
                            "the server at " + address + " did not take a cancellation: HTTP status " + status);
                }
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            throw new EngineException(
                    ErrorCode.IO_ERROR, "cannot ask the server to cancel a statement: " + e.getMessage(), e);
        }
    }
}
