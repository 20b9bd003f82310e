package io.zeptodb.server.endpoint;

import org.apache.calcite.avatica.NoSuchConnectionException;

/** A connection that the server has closed because nothing was asked of it; told to who had it, and to nobody else. */
final class ExpiredConnectionException extends NoSuchConnectionException {
    private static final long serialVersionUID = 1L;

    private final long idleSeconds;

    ExpiredConnectionException(String id, long idleSeconds) {
        super(id);
        this.idleSeconds = idleSeconds;
    }

    /** For clients. */
    String text() {
        return "the server closed the connection: nothing was asked of it for " + idleSeconds
                + " s or longer; open another one";
    }
}
