package io.zeptodb.jdbc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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

    static boolean isKnown(String name) {
        for (ClientInfo info : values()) {
            if (info.key.equals(name)) {
                return true;
            }
        }
        return false;
    }

    static String names() {
        return String.join(", ", Arrays.stream(values()).map(info -> info.key).toList());
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
