package io.zeptodb.engine.api;

/** Is told how far a long statement has come; from the statement's thread, between two batches. Must be quick and must not throw. */
@FunctionalInterface
public interface ProgressListener {
    /**
     * The statement has come this far.
     *
     * @param done bytes of the file read
     * @param total bytes of the file
     */
    void progressed(long done, long total);
}
