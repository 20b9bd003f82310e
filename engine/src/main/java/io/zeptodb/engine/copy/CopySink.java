package io.zeptodb.engine.copy;

import io.zeptodb.engine.batch.Batch;

/** A file of COPY TO that is being written. Its output belongs to the caller, who commits it after {@link #finish} and closes it. One thread. */
public interface CopySink extends AutoCloseable {
    /** Takes the selected rows. */
    void write(Batch batch);

    /** Hands all that was taken to the output, and what ends the file. */
    void finish();

    /** Rows taken. */
    long rows();

    @Override
    void close();
}
