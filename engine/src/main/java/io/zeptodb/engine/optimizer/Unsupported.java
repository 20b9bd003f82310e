package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;

/** The error for what parses and validates but cannot be planned. */
final class Unsupported {
    private Unsupported() {}

    /** @param construct what it is, as the user wrote it: "{@code UNNEST}", "{@code CORR(DISTINCT …)}" */
    static EngineException construct(String construct) {
        return new EngineException(ErrorCode.FEATURE_NOT_SUPPORTED, construct + " is not supported");
    }

    static EngineException because(String construct, String reason) {
        return new EngineException(ErrorCode.FEATURE_NOT_SUPPORTED, construct + " is not supported: " + reason);
    }
}
