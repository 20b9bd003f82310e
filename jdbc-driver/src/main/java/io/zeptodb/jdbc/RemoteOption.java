package io.zeptodb.jdbc;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The options of a connection to a server; what {@code EngineOption} is to a database in the process. */
enum RemoteOption {
    USER("user", "", "name of the user"),
    PASSWORD("password", "", "the user's password"),
    TOKEN("token", "", "a bearer token, in place of user and password"),
    FETCH_SIZE(
            "fetch_size",
            "0",
            "rows that the client wants in one answer, 0 leaves it to the server; Statement.setFetchSize overrides it"),
    COMPRESSION("compression", "none", "of results on their way", "none", "lz4", "zstd"),
    RESULT_FORMAT(
            "result_format",
            "arrow",
            "how results travel: arrow, or rows as in Avatica's protocol, which servers that do not know the other take anyway",
            "arrow",
            "rows"),
    TLS("tls", "false", "whether the connection is encrypted and the server's certificate checked", "true", "false"),
    TLS_CA(
            "tls_ca",
            "",
            "PEM file with the certificates of authorities to trust; empty trusts those that the JVM trusts"),
    TLS_CERT("tls_cert", "", "PEM file with the client's certificate, for servers that ask for one"),
    TLS_KEY("tls_key", "", "PEM file with the private key of tls_cert"),
    HTTP_CONNECTION_TIMEOUT(
            "http_connection_timeout", "10000", "milliseconds until a server that is not there is given up"),
    HTTP_RESPONSE_TIMEOUT(
            "http_response_timeout",
            "0",
            "milliseconds until a server that does not answer is given up; 0 waits for ever."
                    + " Connection.setNetworkTimeout overrides it");

    private final String key;
    private final String defaultValue;
    private final String description;
    private final List<String> choices;

    RemoteOption(String key, String defaultValue, String description, String... choices) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.description = description;
        this.choices = List.of(choices);
    }

    String key() {
        return key;
    }

    String defaultValue() {
        return defaultValue;
    }

    String description() {
        return description;
    }

    /** The values that it takes; empty when they are not few. */
    List<String> choices() {
        return choices;
    }

    /** Whether its value must not be shown. */
    boolean isSecret() {
        return this == PASSWORD || this == TOKEN;
    }

    static Optional<RemoteOption> find(String name) {
        for (RemoteOption option : values()) {
            if (option.key.equals(name.toLowerCase(Locale.ROOT))) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }
}
