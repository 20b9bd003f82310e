package io.zeptodb.engine.api;

/**
 * How a pipeline takes rows.
 *
 * @param queueRows most rows that wait; rounded up to a power of two
 * @param whenFull what a writer meets when that many wait
 * @param synchronous no drain thread: rows wait until {@link Pipeline#drain()} is called
 */
public record PipelineOptions(int queueRows, WhenFull whenFull, boolean synchronous) {
    public static final PipelineOptions DEFAULT = new PipelineOptions(1 << 16, WhenFull.BLOCK, false);
    public static final PipelineOptions SYNCHRONOUS = new PipelineOptions(1 << 16, WhenFull.BLOCK, true);

    /** Full queues never drop: they block, or refuse with a count. */
    public enum WhenFull {
        BLOCK,
        REFUSE
    }

    public PipelineOptions {
        EngineException.required(whenFull, "whenFull");
        if (queueRows < 2 || queueRows > 1 << 28) {
            throw new EngineException(ErrorCode.INVALID_OPTION, "queueRows must be 2 to 268435456, got " + queueRows);
        }
    }
}
