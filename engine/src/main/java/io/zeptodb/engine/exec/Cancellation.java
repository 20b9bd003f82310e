package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Whether a statement shall stop: set by any thread (cancel, a time-out, a database that closes), polled by the operators once a
 * batch.
 */
public final class Cancellation {
    private volatile @Nullable ErrorCode reason;
    private volatile String message = "";

    /** Asks the statement to stop with this error; the first asks wins. */
    public synchronized void stop(ErrorCode code, String text) {
        if (reason == null) {
            message = text;
            reason = code;
        }
    }

    /** @throws EngineException with the reason when somebody has asked to stop */
    public void check() {
        ErrorCode code = reason;
        if (code != null) {
            throw new EngineException(code, message);
        }
    }
}
