package io.zeptodb.jdbc.remote;

import java.net.URI;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where a server is and how it is spoken to. Immutable.
 *
 * @param uri of its root, with a slash at the end
 * @param authorization the value of the header that says who asks, or null for nobody
 * @param tls what its certificate is checked with, or null for plain HTTP
 * @param tlsFiles the names of the files that {@code tls} was made of: it is another object for each connection
 * @param connectTimeoutMillis until a server that is not there is given up; 0 for never
 * @param responseTimeoutMillis until a server that does not answer is given up; 0 for never
 */
public record ServerAddress(
        URI uri,
        @Nullable String authorization,
        @Nullable SSLContext tls,
        List<String> tlsFiles,
        int connectTimeoutMillis,
        int responseTimeoutMillis) {
    /** The same with a server given up after this many milliseconds at most, in connecting as in waiting for an answer. */
    ServerAddress withTimeouts(int most) {
        int connect = connectTimeoutMillis == 0 ? most : Math.min(most, connectTimeoutMillis);
        return new ServerAddress(uri, authorization, tls, tlsFiles, connect, most);
    }

    /** Without what must not be told. */
    @Override
    public String toString() {
        return uri.toString();
    }
}
