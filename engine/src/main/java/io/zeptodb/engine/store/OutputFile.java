package io.zeptodb.engine.store;

import io.zeptodb.engine.api.EngineException;
import java.nio.ByteBuffer;

/**
 * A file that is being written, at its end. One thread writes; {@link #sync()} may be called by another meanwhile and covers at least what was
 * written before its call. Failures as {@link Directory} tells them.
 */
public interface OutputFile extends AutoCloseable {
    String name();

    /** Bytes written: where the next ones go. */
    long length();

    /** Writes all that remains in the buffer. After a failure the bytes behind the old {@link #length()} are unknown: {@link #truncate} or give up. */
    void write(ByteBuffer bytes);

    /** Writes bytes of an array; as {@link #write(ByteBuffer)}. */
    void write(byte[] bytes, int from, int count);

    /** Cuts the file to this length, which is at most its own. */
    void truncate(long length);

    /**
     * Waits until the bytes written so far are on the disk. After a failure nobody can know which of them are: a later sync that succeeds does not
     * tell either.
     *
     * @throws EngineException IO_ERROR, DISK_FULL
     */
    void sync();

    /** Closes without syncing. */
    @Override
    void close();
}
