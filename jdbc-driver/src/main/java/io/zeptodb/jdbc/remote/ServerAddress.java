package io.zeptodb.jdbc.remote;

import java.net.URI;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is and how it is spoken to. Immutable.
 *
 * @param uri of its root, with a slash at the end
 * @param authorization the value of the header that says who asks, or null for nobody
 * @param tls what its certificate is checked with, or null for plain HTTP
 * @param connectTimeoutMillis until a server that is not there is given up; 0 for never
 * @param responseTimeoutMillis until a server that does not answer is given up; 0 for never
 */
public record ServerAddress(
        URI uri,
        @Nullable String authorization,
        @Nullable SSLContext tls,
        int connectTimeoutMillis,
        int responseTimeoutMillis) {
    /** Without what must not be told. */
    @Override
    public String toString() {
        return uri.toString();
    }
}
