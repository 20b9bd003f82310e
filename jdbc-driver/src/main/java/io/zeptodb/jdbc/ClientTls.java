package io.zeptodb.jdbc;

import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.tls.TlsIdentity;
import io.zeptodb.jdbc.value.SqlErrors;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** What a client checks its server's certificate with, and shows of itself. */
final class ClientTls {
    private ClientTls() {}

    /** @throws SQLException 22023 naming the file that cannot be used */
    static SSLContext context(String authorities, String certificate, String key) throws SQLException {
        if (certificate.isEmpty() && !key.isEmpty()) {
            throw SqlErrors.of(
                    ErrorCode.INVALID_OPTION.sqlState(),
                    "option '" + RemoteOption.TLS_KEY.key() + "' has no use without " + RemoteOption.TLS_CERT.key());
        }
        try {
            return TlsIdentity.context(file(authorities), file(certificate), file(key), null);
        } catch (IOException e) {
            throw SqlErrors.of(ErrorCode.INVALID_OPTION.sqlState(), 0, String.valueOf(e.getMessage()), e);
        }
    }

    private static @Nullable Path file(String name) {
        return name.isEmpty() ? null : Path.of(name);
    }
}
