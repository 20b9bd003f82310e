package io.zeptodb.engine.api;

/**
 * Settings of a database, immutable; {@link EngineOption} names them and their ranges.
 *
 * @param memoryLimitBytes most bytes of the allocator tree
 * @param queryMemoryLimitBytes most bytes of one query, at most the former
 * @param threads workers of a query, 1 and more
 * @param sealRows a hot segment of this many rows is sealed
 * @param planCacheSize plans kept
 * @param asofDefaultLeft whether plain ASOF JOIN keeps unmatched left rows
 * @param useMaterializedViews whether queries of tables are answered from materialized views that can
 * @param storage where rows are and how they are kept
 * @param limits what its sessions may do at most
 * @param tempFiles where queries put on disk what does not fit memory
 */
public record EngineConfig(
        long memoryLimitBytes,
        long queryMemoryLimitBytes,
        int threads,
        int sealRows,
        int planCacheSize,
        boolean asofDefaultLeft,
        boolean useMaterializedViews,
        StorageConfig storage,
        SessionLimits limits,
        TempConfig tempFiles) {
    public EngineConfig {
        if (queryMemoryLimitBytes > memoryLimitBytes) {
            throw new EngineException(
                    ErrorCode.INVALID_OPTION,
                    "query_memory_limit (" + queryMemoryLimitBytes + " bytes) must not exceed memory_limit ("
                            + memoryLimitBytes + " bytes)");
        }
    }
}
