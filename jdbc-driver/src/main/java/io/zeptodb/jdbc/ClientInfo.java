package io.zeptodb.jdbc;

import io.zeptodb.engine.api.ErrorCode;
import java.sql.ClientInfoStatus;
import java.sql.SQLClientInfoException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

    /**
     * @param given values by name, null to take one away; who fills Properties may have put anything into them
     * @throws SQLClientInfoException 08003 when the connection is closed; 22023 with each name that is not known and each value that is no text
     */
    static void check(boolean closed, Map<?, ? extends @Nullable Object> given) throws SQLClientInfoException {
        List<String> known = Arrays.stream(values()).map(info -> info.key).toList();
        Map<String, ClientInfoStatus> failed = new TreeMap<>();
        List<String> reasons = new ArrayList<>();
        given.forEach((key, value) -> {
            String name = String.valueOf(key);
            if (closed) {
                failed.put(name, ClientInfoStatus.REASON_UNKNOWN);
            } else if (!(key instanceof String) || !known.contains(name)) {
                failed.put(name, ClientInfoStatus.REASON_UNKNOWN_PROPERTY);
                reasons.add("unknown client info " + name + "; known are " + String.join(", ", known));
            } else if (value != null && !(value instanceof String)) {
                failed.put(name, ClientInfoStatus.REASON_VALUE_INVALID);
                reasons.add("client info " + name + " wants a String, got a "
                        + value.getClass().getName());
            }
        });
        if (closed) {
            throw new SQLClientInfoException("the connection is closed", ErrorCode.CLOSED.sqlState(), failed);
        }
        if (!failed.isEmpty()) {
            Collections.sort(reasons);
            throw new SQLClientInfoException(String.join("; ", reasons), ErrorCode.INVALID_OPTION.sqlState(), failed);
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
