package io.zeptodb.jdbc;

import io.zeptodb.engine.api.ErrorCode;
import java.sql.ClientInfoStatus;
import java.sql.SQLClientInfoException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an application may tell about itself: the names that JDBC proposes. Kept for whoever asks the connection. */
enum ClientInfo {
    APPLICATION_NAME("ApplicationName", "name of the application that uses the connection"),
    CLIENT_USER("ClientUser", "name of the user for whom the application works"),
    CLIENT_HOSTNAME("ClientHostname", "name of the computer on which the application runs");

    private static final int MOST_CHARACTERS = 255;

    private final String key;
    private final String description;

    ClientInfo(String key, String description) {
        this.key = key;
        this.description = description;
    }

    /** @throws SQLClientInfoException 08003 when the connection is closed; 22023 naming each that is not known */
    static void check(boolean closed, Collection<String> names) throws SQLClientInfoException {
        List<String> known = Arrays.stream(values()).map(info -> info.key).toList();
        Map<String, ClientInfoStatus> failed = new TreeMap<>();
        for (String name : names) {
            if (closed) {
                failed.put(name, ClientInfoStatus.REASON_UNKNOWN);
            } else if (!known.contains(name)) {
                failed.put(name, ClientInfoStatus.REASON_UNKNOWN_PROPERTY);
            }
        }
        if (closed) {
            throw new SQLClientInfoException("the connection is closed", ErrorCode.CLOSED.sqlState(), failed);
        }
        if (!failed.isEmpty()) {
            throw new SQLClientInfoException(
                    "unknown client info " + String.join(", ", failed.keySet()) + "; known are "
                            + String.join(", ", known),
                    ErrorCode.INVALID_OPTION.sqlState(),
                    failed);
        }
    }

    /** Rows of getClientInfoProperties, ordered by name. */
    static List<Object> rows() {
        List<Object> rows = new ArrayList<>();
        rows.add(APPLICATION_NAME.row());
        rows.add(CLIENT_HOSTNAME.row());
        rows.add(CLIENT_USER.row());
        return rows;
    }

    private List<Object> row() {
        return List.of(key, MOST_CHARACTERS, "", description);
    }
}
