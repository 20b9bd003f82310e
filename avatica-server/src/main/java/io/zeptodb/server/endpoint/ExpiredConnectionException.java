package io.zeptodb.server.endpoint;

import org.apache.calcite.avatica.NoSuchConnectionException;

/** A connection that the server has closed because its client was not heard of; told to who had it, and to nobody else. */
final class ExpiredConnectionException extends NoSuchConnectionException {
    private static final long serialVersionUID = 1L;

    private final String why;

    ExpiredConnectionException(String id, String why) {
        super(id);
        this.why = why;
    }

    /** For clients. */
    String text() {
        return "the server closed the connection: " + why + "; open another one";
    }
}
