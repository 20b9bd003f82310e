package io.zeptodb.server.endpoint;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.jdbc.meta.EngineMeta;
import org.jspecify.annotations.Nullable;

/**
 * Why a connection takes nothing more. Immutable.
 *
 * @param code of what runs and of what comes; null when its client asked for the end, and knows
 * @param message for the client
 */
record ConnectionEnd(@Nullable ErrorCode code, String message) {
    static final ConnectionEnd BY_CLIENT = new ConnectionEnd(null, "the connection is being closed");

    static final ConnectionEnd OF_SERVER =
            new ConnectionEnd(ErrorCode.ADMIN_SHUTDOWN, "the server is stopping: connect again later");

    /** Of a login that is good no more. It has the state on which pools throw a connection away. */
    static ConnectionEnd ofLogin(String why) {
        return new ConnectionEnd(
                ErrorCode.ADMIN_SHUTDOWN, "the server closes the connection: " + why + "; log in anew");
    }

    static ConnectionEnd ofSilence(String why) {
        return new ConnectionEnd(
                ErrorCode.IDLE_TIMEOUT, "the server closes the connection: " + why + "; open another one");
    }

    /** Stops what runs; from any thread. */
    void stop(EngineMeta meta) {
        if (code == null) {
            meta.cancel();
        } else {
            meta.stop(code, message);
        }
    }

    EngineException error() {
        return new EngineException(code == null ? ErrorCode.CLOSED : code, message);
    }
}
