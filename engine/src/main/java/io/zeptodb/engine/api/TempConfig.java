package io.zeptodb.engine.api;

/**
 * Where queries put on disk what does not fit memory; {@link EngineOption} names the settings. Immutable.
 *
 * @param directory path of the folder in which one for this database is made; empty for the default
 * @param limit most bytes of all files, as text: a share is one of the bytes that are free when the first file is made
 */
public record TempConfig(String directory, String limit) {
    /** A base of percentages that is as good as any when only the spelling is checked. */
    private static final long ANY_BYTES = 1L << 40;

    /** A share of no bytes would be no number that an option can have; the disk itself then tells that it is full. */
    private static final long LEAST_FREE_BYTES = 1 << 10;

    public TempConfig {
        OptionText.bytes(EngineOption.TEMP_DIRECTORY_LIMIT.key(), limit, ANY_BYTES);
    }

    /** Most bytes of all files, of those that are free. */
    public long limitBytes(long freeBytes) {
        return OptionText.bytes(EngineOption.TEMP_DIRECTORY_LIMIT.key(), limit, Math.max(freeBytes, LEAST_FREE_BYTES));
    }
}
