package io.zeptodb.engine;

import io.zeptodb.engine.ingest.Recovery;
import io.zeptodb.engine.wal.WalFile;
import io.zeptodb.engine.wal.WalReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the engine writes to a log: only what nobody could be told by an exception. */
final class EngineLog {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private EngineLog() {}

    static void sealingFailed(RuntimeException e) {
        LOG.warn("sealing put off, the rows stay in their hot segments: {}", e.getMessage());
    }

    static void recovered(String location, Recovery recovery, WalReader.End end) {
        LOG.info(
                "opened {}: {} transactions with {} rows came back from the log{}",
                location,
                recovery.transactions(),
                recovery.rows(),
                end.tornBytes() == 0
                        ? ""
                        : ", and " + end.tornBytes() + " bytes of a write that was cut off were dropped behind offset "
                                + end.length() + " of " + WalFile.name(end.file()));
    }

    static void expiryFailed(RuntimeException e) {
        LOG.warn("rows older than their table's TTL stay until the next round: {}", e.getMessage());
    }

    static void backgroundFailed(Throwable e) {
        LOG.error("a task of the database's own threads failed; the database goes on, and tries it again later", e);
    }

    static void flushFailed(Throwable e) {
        LOG.error(
                "the commit log could not be made durable: the database takes no more changes until it is opened again",
                e);
    }

    static void warmUpFailed(RuntimeException e) {
        LOG.warn("the planner could not be warmed up: the first query will take longer", e);
    }
}
