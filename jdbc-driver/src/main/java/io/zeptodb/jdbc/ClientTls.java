package io.zeptodb.jdbc;

import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.value.SqlErrors;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import javax.net.ssl.SSLContext;

/** What a client checks its server's certificate with, and shows of itself. */
final class ClientTls {
    private ClientTls() {}

    /** @throws SQLException 22023 naming the file that cannot be used */
    static SSLContext context(String authorities, String certificate, String key) throws SQLException {
        if (!authorities.isEmpty() || !certificate.isEmpty() || !key.isEmpty()) {
            throw SqlErrors.unsupported("files of certificates");
        }
        try {
            return SSLContext.getDefault();
        } catch (GeneralSecurityException e) {
            throw SqlErrors.of(ErrorCode.INVALID_OPTION.sqlState(), 0, "TLS is not to be had: " + e.getMessage(), e);
        }
    }
}
