package io.zeptodb.engine.api;

/**
 * How a database keeps what it is given; {@link EngineOption} names the settings and their ranges. Immutable.
 *
 * @param mode where rows are
 * @param durability what a commit waits for; without meaning in memory
 * @param flushNanos ASYNC: nanoseconds after which what was committed is synced at the latest
 * @param readOnly whether nothing may be changed, so that several processes can read one folder
 * @param compression of sealed segments on disk
 * @param logBytes bytes of the commit log after which all rows that only it has are sealed
 */
public record StorageConfig(
        StorageMode mode,
        Durability durability,
        long flushNanos,
        boolean readOnly,
        Compression compression,
        long logBytes) {
    /** Where the rows of a database are. */
    public enum StorageMode {
        /** In memory, gone with it. */
        MEMORY,
        /** New ones in memory, sealed ones in files that are mapped; all of them in the log until they are sealed. */
        TIERED,
        /** In files, sealed as soon as there are some thousands, so that memory stays small. */
        DISK
    }

    /** What an acknowledged commit survives. */
    public enum Durability {
        /** A power cut. */
        FSYNC,
        /** The end of the process; a power cut may take what came in the last flush interval. */
        ASYNC,
        /** The end of the process. */
        NONE
    }

    /** How the buffers of sealed segments are compressed. */
    public enum Compression {
        NONE,
        LZ4,
        ZSTD
    }

    public StorageConfig {
        if (readOnly && mode == StorageMode.MEMORY) {
            throw new EngineException(
                    ErrorCode.INVALID_OPTION,
                    "access_mode=read_only needs a database folder: a database in memory begins empty");
        }
    }

    public boolean onDisk() {
        return mode != StorageMode.MEMORY;
    }
}
