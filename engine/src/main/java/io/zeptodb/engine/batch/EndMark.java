package io.zeptodb.engine.batch;

import io.zeptodb.engine.kernel.Memory;

/**
 * Four bytes in the mapped memory of a file, behind all that is read of it, whose bits are all set. When another process cuts the file short they read
 * as zeros, or the read ends with the JVM's InternalError. Thread-safe; not to be used when the memory was given back.
 *
 * @param address of the first byte
 */
public record EndMark(long address) {
    private static final int SET = -1;

    /** Whether the file still reaches as far. */
    public boolean isThere() {
        return Memory.getInt(address) == SET;
    }
}
