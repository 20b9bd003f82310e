package io.zeptodb.engine.api;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of a database as text: in a URL, in connection properties, in {@code SET}. Names are lower case with underscores;
 * an unknown name or a value out of range is refused.
 */
public enum EngineOption {
    MEMORY_LIMIT(
            "memory_limit", "75%", "most memory of the database: bytes, '512MB', '4GB', or '75%' of the machine's"),
    QUERY_MEMORY_LIMIT(
            "query_memory_limit", "100%", "most memory of one query: bytes, '512MB', or a share of memory_limit"),
    THREADS("threads", "0", "workers of a query; 0 takes one for each processor"),
    SEAL_ROWS("seal_rows", "4194304", "rows at which a hot segment is sealed"),
    PLAN_CACHE_SIZE("plan_cache_size", "512", "plans kept for texts that come again"),
    ASOF_DEFAULT(
            "asof_default", "inner", "what plain ASOF JOIN keeps of unmatched left rows: 'inner' none, 'left' all"),
    USE_MATERIALIZED_VIEWS(
            "use_materialized_views",
            "true",
            "whether queries are answered from materialized views that have what they need: 'true' or 'false'"),
    STORAGE_MODE(
            "storage_mode",
            "",
            "where rows are: 'memory' (the default without a folder), 'tiered' (new ones in memory, sealed ones in files:"
                    + " the default of a folder) or 'disk' (sealed at once, memory kept small)"),
    DURABILITY(
            "durability",
            "fsync",
            "what a commit survives: 'fsync' a power cut, 'async' the process (a power cut takes the last flush_interval),"
                    + " 'none' the process"),
    FLUSH_INTERVAL("flush_interval", "200ms", "with durability=async, after how long commits are on the disk"),
    ACCESS_MODE("access_mode", "read_write", "'read_write', or 'read_only': several processes may read one folder"),
    SEGMENT_COMPRESSION("segment_compression", "none", "buffers of sealed segments in files: 'none', 'lz4' or 'zstd'"),
    LOG_LIMIT("log_limit", "512MB", "bytes of the commit log after which all rows that only it has are sealed"),
    TEMP_DIRECTORY(
            "temp_directory",
            "",
            "folder for what queries put on disk when memory ends; empty takes the database's own, or the system's for one in"
                    + " memory"),
    TEMP_DIRECTORY_LIMIT(
            "temp_directory_limit",
            "90%",
            "most bytes of all files there: bytes, '512MB', '4GB', or a share of what is free on the disk"),
    STATEMENT_TIMEOUT(
            "statement_timeout",
            "0",
            "longest time that a statement is planned, and that it runs: '500ms', '30s', '5m'; 0 is no limit"),
    MAX_RESULT_ROWS("max_result_rows", "0", "most rows of one result; 0 is no limit"),
    ALLOWED_PATHS(
            "allowed_paths",
            "*",
            "folders in which COPY and BACKUP may read and write files, separated by commas; '*' is all, empty none"),
    MAX_STATEMENT_LENGTH("max_statement_length", "16777216", "most characters of a statement"),
    MAX_NESTING_DEPTH("max_nesting_depth", "10000", "deepest nesting of parentheses in a statement");

    private final String key;
    private final String defaultValue;
    private final String description;

    EngineOption(String key, String defaultValue, String description) {
        this.key = key;
        this.defaultValue = defaultValue;
        this.description = description;
    }

    public String key() {
        return key;
    }

    public String defaultValue() {
        return defaultValue;
    }

    public String description() {
        return description;
    }

    /** The option of this name, compared without case. */
    public static Optional<EngineOption> find(String name) {
        for (EngineOption option : values()) {
            if (option.key.equals(name.toLowerCase(Locale.ROOT))) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    /** The value of {@link #ACCESS_MODE} of those who only read. */
    public static final String READ_ONLY = "read_only";

    private static final long LEAST_FLUSH_NANOS = 1_000_000;
    private static final long MOST_FLUSH_NANOS = 600_000_000_000L;
    private static final long MOST_TIMEOUT_NANOS = 86_400_000_000_000L;
    private static final int LEAST_LENGTH = 100;
    private static final int LEAST_DEPTH = 10;
    private static final int MOST_DEPTH = 1_000_000;

    private static StorageConfig storage(Map<String, String> options, boolean inFolder) {
        String mode = STORAGE_MODE.textIn(options);
        StorageConfig.StorageMode defaultMode =
                inFolder ? StorageConfig.StorageMode.TIERED : StorageConfig.StorageMode.MEMORY;
        StorageConfig config = new StorageConfig(
                mode.isEmpty() ? defaultMode : OptionText.constant(STORAGE_MODE, mode, StorageConfig.StorageMode.class),
                OptionText.constant(DURABILITY, DURABILITY.textIn(options), StorageConfig.Durability.class),
                OptionText.duration(
                        FLUSH_INTERVAL, FLUSH_INTERVAL.textIn(options), LEAST_FLUSH_NANOS, MOST_FLUSH_NANOS),
                isReadOnly(ACCESS_MODE.textIn(options)),
                OptionText.constant(
                        SEGMENT_COMPRESSION, SEGMENT_COMPRESSION.textIn(options), StorageConfig.Compression.class),
                OptionText.bytes(LOG_LIMIT.key(), LOG_LIMIT.textIn(options), Long.MAX_VALUE));
        if (config.onDisk() != inFolder) {
            throw new EngineException(
                    ErrorCode.INVALID_OPTION,
                    inFolder
                            ? "storage_mode=memory and a database folder exclude each other: open jdbc:zepto: or"
                                    + " jdbc:zepto:mem:NAME, or choose 'tiered' or 'disk'"
                            : "storage_mode=" + mode + " needs a database folder: open jdbc:zepto:file:PATH");
        }
        return config;
    }

    /**
     * Makes a configuration of option texts; what is missing takes its default.
     *
     * @param options by {@link #key()}
     * @param machineBytes memory of the machine, the base of percentages
     * @param processors processors of the machine
     * @param inFolder whether the database is one of a folder
     * @throws EngineException INVALID_OPTION naming the option, its value and what is allowed
     */
    public static EngineConfig parse(Map<String, String> options, long machineBytes, int processors, boolean inFolder) {
        for (String name : options.keySet()) {
            if (find(name).isEmpty()) {
                throw new EngineException(
                        ErrorCode.INVALID_OPTION, "unknown option '" + name + "'; known are " + knownNames());
            }
        }
        long memory = OptionText.bytes(MEMORY_LIMIT.key(), MEMORY_LIMIT.textIn(options), machineBytes);
        long queryMemory = OptionText.bytes(QUERY_MEMORY_LIMIT.key(), QUERY_MEMORY_LIMIT.textIn(options), memory);
        int threads = OptionText.integer(THREADS, THREADS.textIn(options), 0, 1024);
        return new EngineConfig(
                memory,
                queryMemory,
                threads == 0 ? processors : threads,
                OptionText.integer(SEAL_ROWS, SEAL_ROWS.textIn(options), 1024, 1 << 28),
                OptionText.integer(PLAN_CACHE_SIZE, PLAN_CACHE_SIZE.textIn(options), 0, 1 << 20),
                OptionText.choice(ASOF_DEFAULT, ASOF_DEFAULT.textIn(options), "left", "inner"),
                OptionText.choice(USE_MATERIALIZED_VIEWS, USE_MATERIALIZED_VIEWS.textIn(options), "true", "false"),
                storage(options, inFolder),
                limits(options),
                new TempConfig(TEMP_DIRECTORY.textIn(options), TEMP_DIRECTORY_LIMIT.textIn(options)));
    }

    private static SessionLimits limits(Map<String, String> options) {
        return new SessionLimits(
                OptionText.duration(STATEMENT_TIMEOUT, STATEMENT_TIMEOUT.textIn(options), 0, MOST_TIMEOUT_NANOS),
                OptionText.integer(MAX_RESULT_ROWS, MAX_RESULT_ROWS.textIn(options), 0, Integer.MAX_VALUE),
                OptionText.folders(ALLOWED_PATHS.textIn(options)),
                OptionText.integer(
                        MAX_STATEMENT_LENGTH, MAX_STATEMENT_LENGTH.textIn(options), LEAST_LENGTH, Integer.MAX_VALUE),
                OptionText.integer(MAX_NESTING_DEPTH, MAX_NESTING_DEPTH.textIn(options), LEAST_DEPTH, MOST_DEPTH));
    }

    /** Whether a value of {@link #ACCESS_MODE} is that of those who only read. @throws EngineException INVALID_OPTION for another word */
    public static boolean isReadOnly(String accessMode) {
        return OptionText.choice(ACCESS_MODE, accessMode, READ_ONLY, "read_write");
    }

    /**
     * Bytes that a text means, in the forms of {@link #MEMORY_LIMIT}.
     *
     * @param name of what is said, for the error
     * @param whole what a share is of, bytes
     * @throws EngineException INVALID_OPTION
     */
    public static long memoryBytes(String name, String text, long whole) {
        return OptionText.bytes(name, text, whole);
    }

    /** The value that the options give, by names without case, or the default. */
    public String textIn(Map<String, String> options) {
        for (Map.Entry<String, String> entry : options.entrySet()) {
            if (entry.getKey().equalsIgnoreCase(key)) {
                return entry.getValue();
            }
        }
        return defaultValue;
    }

    private static String knownNames() {
        StringBuilder names = new StringBuilder();
        for (EngineOption option : values()) {
            names.append(names.isEmpty() ? "" : ", ").append(option.key);
        }
        return names.toString();
    }
}
