package io.zeptodb.engine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the engine writes to a log: only what nobody could be told by an exception. */
final class EngineLog {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private EngineLog() {}

    static void sealingFailed(RuntimeException e) {
        LOG.warn("sealing put off, the rows stay in their hot segments: {}", e.getMessage());
    }

    static void warmUpFailed(RuntimeException e) {
        LOG.warn("the planner could not be warmed up: the first query will take longer", e);
    }
}
