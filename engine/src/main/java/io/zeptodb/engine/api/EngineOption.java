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
            "asof_default", "inner", "what plain ASOF JOIN keeps of unmatched left rows: 'inner' none, 'left' all");

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

    /**
     * Makes a configuration of option texts; what is missing takes its default.
     *
     * @param options by {@link #key()}
     * @param machineBytes memory of the machine, the base of percentages
     * @param processors processors of the machine
     * @throws EngineException INVALID_OPTION naming the option, its value and what is allowed
     */
    public static EngineConfig parse(Map<String, String> options, long machineBytes, int processors) {
        for (String name : options.keySet()) {
            if (find(name).isEmpty()) {
                throw new EngineException(
                        ErrorCode.INVALID_OPTION, "unknown option '" + name + "'; known are " + knownNames());
            }
        }
        long memory = OptionText.bytes(MEMORY_LIMIT, MEMORY_LIMIT.textIn(options), machineBytes);
        long queryMemory = OptionText.bytes(QUERY_MEMORY_LIMIT, QUERY_MEMORY_LIMIT.textIn(options), memory);
        int threads = OptionText.integer(THREADS, THREADS.textIn(options), 0, 1024);
        return new EngineConfig(
                memory,
                queryMemory,
                threads == 0 ? processors : threads,
                OptionText.integer(SEAL_ROWS, SEAL_ROWS.textIn(options), 1024, 1 << 28),
                OptionText.integer(PLAN_CACHE_SIZE, PLAN_CACHE_SIZE.textIn(options), 0, 1 << 20),
                OptionText.choice(ASOF_DEFAULT, ASOF_DEFAULT.textIn(options), "left", "inner"));
    }

    private String textIn(Map<String, String> options) {
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
