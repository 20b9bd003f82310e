package io.zeptodb.server.access;

import io.zeptodb.engine.api.EngineConfig;
import io.zeptodb.engine.api.EngineOption;
import io.zeptodb.engine.api.ResourceGroup;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a user may have open and hold in memory at most, and the engine's options of the user's sessions. Immutable.
 *
 * @param connections open at the same time; 0 for the server's limit
 * @param statements open at the same time in one connection; 0 for the server's limit
 * @param options of the engine by name, such as {@code query_memory_limit}, and {@link #USER_MEMORY_LIMIT}
 */
public record UserLimits(int connections, int statements, Map<String, String> options) {
    /** Of a server that was told nothing: far more than a pool has, and few enough that one client cannot take all memory. */
    public static final UserLimits DEFAULT = new UserLimits(200, 1_000, Map.of());

    static final UserLimits NONE = new UserLimits(0, 0, Map.of());

    /** Most memory of all the user's sessions together; no option of the engine, which knows of no users. */
    static final String USER_MEMORY_LIMIT = "user_memory_limit";

    /** Options of the engine that may be limits of a user, and what has the form of one. */
    static final Set<String> OPTIONS =
            Set.of("query_memory_limit", USER_MEMORY_LIMIT, "statement_timeout", "max_result_rows", "threads");

    public UserLimits {
        options = Map.copyOf(options);
    }

    /** @throws io.zeptodb.engine.api.EngineException naming an option whose value is none */
    static void checkOptions(Map<String, String> options) {
        String memory = options.get(USER_MEMORY_LIMIT);
        if (memory != null) {
            EngineOption.memoryBytes(USER_MEMORY_LIMIT, memory, Long.MAX_VALUE);
        }
        // only the forms of the values are looked at: what the machine and the database have is another matter
        if (EngineOption.parse(
                        ofEngine(options), Long.MAX_VALUE, Runtime.getRuntime().availableProcessors(), true)
                == null) {
            throw new IllegalStateException("options without a meaning");
        }
    }

    private static Map<String, String> ofEngine(Map<String, String> options) {
        Map<String, String> others = new TreeMap<>(options);
        others.remove(USER_MEMORY_LIMIT);
        return others;
    }

    /** Those of the options that the engine has. */
    Map<String, String> engineOptions() {
        return ofEngine(options);
    }

    /** Most bytes of one query, in a database of this kind. */
    public long queryMemoryBytes(EngineConfig database) {
        return Math.min(memoryBytes(EngineOption.QUERY_MEMORY_LIMIT.key(), database), database.queryMemoryLimitBytes());
    }

    /** Most bytes of all that a user has open, in a database of this kind. */
    public long userMemoryBytes(EngineConfig database) {
        return memoryBytes(USER_MEMORY_LIMIT, database);
    }

    private long memoryBytes(String name, EngineConfig database) {
        long all = database.memoryLimitBytes();
        String own = options.get(name);
        return own == null ? all : Math.min(EngineOption.memoryBytes(name, own, all), all);
    }

    /**
     * The sessions of a user as the engine counts them together.
     *
     * @param name whose they are, for messages
     * @return null when they have no limit of their own
     */
    @Nullable
    ResourceGroup group(String name, EngineConfig database) {
        return options.containsKey(USER_MEMORY_LIMIT)
                ? new ResourceGroup(name, userMemoryBytes(database), USER_MEMORY_LIMIT)
                : null;
    }

    static String unknown(String name) {
        return "there is no limit '" + name + "': known are connections, statements, "
                + String.join(", ", OPTIONS.stream().sorted().toList());
    }

    /** With another one, by name. @throws IllegalArgumentException for one that is unknown, or a value that is none */
    UserLimits with(String name, String value) {
        boolean ofServer = name.equals("connections") || name.equals("statements");
        if (!ofServer && !OPTIONS.contains(name)) {
            throw new IllegalArgumentException(unknown(name));
        } else if (!ofServer) {
            Map<String, String> changed = new TreeMap<>(options);
            changed.put(name, value);
            checkOptions(changed);
            return new UserLimits(connections, statements, changed);
        } else if (!value.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException("limit '" + name + "' is a number from 1 on, got '" + value + "'");
        }
        int number = Integer.parseInt(value);
        return name.equals("connections")
                ? new UserLimits(number, statements, options)
                : new UserLimits(connections, number, options);
    }

    /** These, and where they say nothing the others. */
    UserLimits or(UserLimits others) {
        Map<String, String> all = new TreeMap<>(others.options);
        all.putAll(options);
        return new UserLimits(
                connections == 0 ? others.connections : connections,
                statements == 0 ? others.statements : statements,
                all);
    }
}
