package io.zeptodb.jdbc;

import java.util.Locale;
import java.util.Optional;

/** The options of a connection to a server; what {@code EngineOption} is to a database in the process. */
enum RemoteOption {
    FETCH_SIZE("fetch_size", "5000", "rows that come in one answer; Statement.setFetchSize overrides it"),
    HTTP_CONNECTION_TIMEOUT(
            "http_connection_timeout", "10000", "milliseconds until a server that is not there is given up"),
    HTTP_RESPONSE_TIMEOUT(
            "http_response_timeout",
            "0",
            "milliseconds until a server that does not answer is given up; 0 waits for ever");

    private final String key;
    private final String defaultValue;
    private final String description;

    RemoteOption(String key, String defaultValue, String description) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.description = description;
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

    static Optional<RemoteOption> find(String name) {
        for (RemoteOption option : values()) {
            if (option.key.equals(name.toLowerCase(Locale.ROOT))) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }
}
