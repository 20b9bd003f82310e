package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.WritableColumn;

/** A window function over frames: a loop over many rows at once. One thread; rows come in order. */
interface FrameFunction extends AutoCloseable {
    /**
     * Computes rows [from, from + count), which follow those of the last call.
     *
     * @param starts first row of each frame; goes back within a partition only where {@link FrameBounds#goesBack} says so, and seldom
     * @param ends row behind each frame, at least its start; as the starts
     * @param result has room for all rows of the window; row i is written at i
     */
    void compute(int from, int count, int[] starts, int[] ends, WritableColumn result);

    @Override
    void close();
}
