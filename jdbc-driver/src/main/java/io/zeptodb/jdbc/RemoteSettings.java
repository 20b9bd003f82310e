package io.zeptodb.jdbc;

import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.remote.ServerAddress;
import io.zeptodb.jdbc.value.SqlErrors;
import io.zeptodb.jdbc.wire.WireMessages.Compression;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The options of a connection to a server, checked.
 *
 * @param user the name that was given, empty for none
 * @param fetchSize rows; 0 leaves it to the server
 * @param rowFormat whether results shall come as rows of Avatica's
 */
record RemoteSettings(ServerAddress address, String user, int fetchSize, Compression compression, boolean rowFormat) {
    /** @throws SQLException 22023 naming the option that is wrong */
    static RemoteSettings of(ZeptoUrl url) throws SQLException {
        Map<String, String> options = url.options();
        boolean tls = choice(RemoteOption.TLS, options).equals("true");
        ServerAddress address = new ServerAddress(
                URI.create((tls ? "https://" : "http://") + url.place() + ":" + url.port() + "/"),
                authorization(options),
                tls ? context(options) : null,
                tlsFiles(options),
                number(RemoteOption.HTTP_CONNECTION_TIMEOUT, options),
                number(RemoteOption.HTTP_RESPONSE_TIMEOUT, options));
        if (!tls) {
            checkUnused(RemoteOption.TLS_CA, options);
            checkUnused(RemoteOption.TLS_CERT, options);
            checkUnused(RemoteOption.TLS_KEY, options);
        }
        return new RemoteSettings(
                address,
                text(RemoteOption.USER, options),
                number(RemoteOption.FETCH_SIZE, options),
                Compression.valueOf(choice(RemoteOption.COMPRESSION, options).toUpperCase(Locale.ROOT)),
                choice(RemoteOption.RESULT_FORMAT, options).equals("rows"));
    }

    private static String text(RemoteOption option, Map<String, String> options) {
        return options.getOrDefault(option.key(), option.defaultValue());
    }

    private static String choice(RemoteOption option, Map<String, String> options) throws SQLException {
        String value = text(option, options).toLowerCase(Locale.ROOT);
        if (!option.choices().contains(value)) {
            throw refused(option, text(option, options), "one of " + String.join(", ", option.choices()));
        }
        return value;
    }

    private static int number(RemoteOption option, Map<String, String> options) throws SQLException {
        String value = text(option, options);
        try {
            int number = Integer.parseInt(value.strip());
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw refused(option, value, "a number from 0 to " + Integer.MAX_VALUE);
        }
        throw refused(option, value, "a number from 0 to " + Integer.MAX_VALUE);
    }

    private static SQLException refused(RemoteOption option, String value, String expected) {
        return SqlErrors.of(
                ErrorCode.INVALID_OPTION.sqlState(),
                "option '" + option.key() + "' wants " + expected + ", got '" + value + "'");
    }

    private static void checkUnused(RemoteOption option, Map<String, String> options) throws SQLException {
        if (!text(option, options).isEmpty()) {
            throw SqlErrors.of(
                    ErrorCode.INVALID_OPTION.sqlState(),
                    "option '" + option.key() + "' has no use without " + RemoteOption.TLS.key() + "=true");
        }
    }

    /** The header that says who asks. */
    private static @Nullable String authorization(Map<String, String> options) throws SQLException {
        String user = text(RemoteOption.USER, options);
        String token = text(RemoteOption.TOKEN, options);
        String password = text(RemoteOption.PASSWORD, options);
        if (!token.isEmpty() && !(user.isEmpty() && password.isEmpty())) {
            throw contradiction("option 'token' is a login, and so are 'user' and 'password': give one of the two");
        } else if (user.isEmpty() && !password.isEmpty()) {
            throw contradiction("option 'password' has no use without 'user'");
        }
        if (!token.isEmpty()) {
            if (!token.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw refused(RemoteOption.TOKEN, "…", "letters, digits and signs without blanks");
            }
            return "Bearer " + token;
        }
        if (user.isEmpty()) {
            return null;
        }
        if (user.indexOf(':') >= 0) {
            throw refused( // a password may stand behind it
                    RemoteOption.USER, user.substring(0, user.indexOf(':') + 1) + "…", "a name without a colon");
        }
        String pair = user + ":" + password;
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    private static SQLException contradiction(String message) {
        return SqlErrors.of(ErrorCode.INVALID_OPTION.sqlState(), message);
    }

    private static List<String> tlsFiles(Map<String, String> options) {
        return List.of(
                text(RemoteOption.TLS_CA, options),
                text(RemoteOption.TLS_CERT, options),
                text(RemoteOption.TLS_KEY, options));
    }

    private static SSLContext context(Map<String, String> options) throws SQLException {
        return ClientTls.context(
                text(RemoteOption.TLS_CA, options),
                text(RemoteOption.TLS_CERT, options),
                text(RemoteOption.TLS_KEY, options));
    }
}
