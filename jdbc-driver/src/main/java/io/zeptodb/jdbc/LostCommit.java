package io.zeptodb.jdbc;

import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.SQLException;
import java.util.regex.Pattern;

/** What is told of a commit whose answer is lost: see {@link io.zeptodb.jdbc.value.SqlState#RESOLUTION_UNKNOWN}. Stateless. */
final class LostCommit {
    /** The first word of a text, behind spaces and comments. */
    private static final Pattern COMMIT = Pattern.compile(
            "(?:\\s++|(?:--|//)[^\\n\\r]*+|/\\*.*?\\*/)*+(?:COMMIT|END)\\b", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private LostCommit() {}

    /** Whether a statement is one that commits the open transaction. */
    static boolean isCommit(String sql) {
        return COMMIT.matcher(sql).lookingAt();
    }

    /** Whether the failure of a commit leaves open what became of it: it was sent, and what came back is no word of the server's. */
    static boolean isLost(SQLException failure) {
        String state = failure.getSQLState();
        return SqlErrors.CONNECTION_FAILURE.equals(state) || SqlErrors.PROTOCOL_VIOLATION.equals(state);
    }

    static SQLException of(SQLException failure) {
        return SqlErrors.of(
                SqlErrors.RESOLUTION_UNKNOWN,
                0,
                "the answer of a commit is lost, and nobody knows whether the transaction is stored: look for its changes on another"
                        + " connection before they are made again (" + failure.getMessage() + ")",
                failure);
    }
}
