package io.zeptodb.server.access;

import io.zeptodb.engine.api.UserRole;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code zepto server} that say from where it can be reached, and by whom. */
public final class AccessOptions {
    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description =
                    "The address to listen on, 0.0.0.0 for all (default: only this machine). Others than this machine's"
                            + " want --users or --anonymous, and TLS or --insecure.")
    private @Nullable String host;

    @Option(
            names = "--users",
            paramLabel = "FILE",
            description = "The file of users (zepto user add); it is followed when it changes.")
    private @Nullable Path users;

    @Option(
            names = "--anonymous",
            paramLabel = "ROLE",
            description = "What may be done without a login: admin, writer or reader.")
    private @Nullable String anonymous;

    @Option(names = "--insecure", description = "Go without TLS where others can reach the server.")
    private boolean insecure;

    @Option(names = "--tls-cert", paramLabel = "PEM", description = "The server's certificate and those above it.")
    private @Nullable Path certificate;

    @Option(
            names = "--tls-key",
            paramLabel = "PEM",
            description = "Its private key (default: in the file of --tls-cert).")
    private @Nullable Path key;

    @Option(
            names = "--tls-key-password-file",
            paramLabel = "FILE",
            description = "A file with the password of an encrypted key in its first line.")
    private @Nullable Path keyPassword;

    @Option(
            names = "--tls-client-ca",
            paramLabel = "PEM",
            description = "Authorities that each client must have a certificate of, besides its login.")
    private @Nullable Path clientAuthorities;

    @Option(
            names = "--limit",
            paramLabel = "NAME=VALUE",
            description =
                    "What each user may take who has no limit of the own: connections (200), statements of a connection"
                            + " (1000), user_memory_limit, query_memory_limit, statement_timeout, max_result_rows,"
                            + " threads.")
    private Map<String, String> limits = new LinkedHashMap<>();

    @Option(
            names = "--address-sockets",
            paramLabel = "N",
            description = "Sockets that one address may have open where others can reach the server, 0 for any number"
                    + " (default: ${DEFAULT-VALUE}). Behind a proxy all clients have one address.")
    private int socketsOfAddress = ServerAccess.SOCKETS_OF_ADDRESS;

    /** @throws IOException when the options contradict each other */
    public ServerAccess access() throws IOException {
        UserRole role = null;
        if (anonymous != null) {
            String text = anonymous;
            role = UserRole.find(text)
                    .orElseThrow(() -> new IOException("--anonymous is admin, writer or reader, got '" + text + "'"));
        }
        UserLimits limited = UserLimits.DEFAULT;
        for (Map.Entry<String, String> limit : limits.entrySet()) {
            limited = limited.with(limit.getKey(), limit.getValue());
        }
        if (socketsOfAddress < 0) {
            throw new IOException("--address-sockets is a number from 0 on, got " + socketsOfAddress);
        }
        return new ServerAccess(host, users, role, insecure, tls(), limited, socketsOfAddress);
    }

    private @Nullable TlsFiles tls() throws IOException {
        if (certificate == null) {
            if (key != null || keyPassword != null || clientAuthorities != null) {
                throw new IOException(
                        "--tls-key, --tls-key-password-file and --tls-client-ca have no use without --tls-cert");
            }
            return null;
        }
        return new TlsFiles(certificate, key == null ? certificate : key, keyPassword, clientAuthorities);
    }
}
