package io.zeptodb.engine.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who a session is of and what that user may do: {@link Database#openSession(AccessPolicy)}. The rights are asked for when a statement is prepared and
 * each time it runs, so that a change of them reaches sessions that are open. Files that COPY reads and writes are no matter of it, but of the option
 * {@code allowed_paths}. Thread-safe, and fast: {@link #rights()} is called for each run.
 */
public interface AccessPolicy {
    /** The name of the user, for messages; statements of the same name see each other in {@code zepto_queries()}. */
    String user();

    /**
     * What the user may do now: the same object as long as nothing has changed.
     *
     * @throws EngineException INVALID_AUTHORIZATION when the user is none any more
     */
    AccessRights rights();

    /**
     * Options of the user's sessions by the names of {@link EngineOption}, such as {@code query_memory_limit} and {@code statement_timeout}: limits that the
     * session may make tighter, never looser. Where the database has tighter ones, those hold. Asked for when a session is opened.
     */
    default Map<String, String> limits() {
        return Map.of();
    }

    /** Which sessions share memory with the user's; null for none but the database's. Asked for when a session is opened. */
    default @Nullable ResourceGroup group() {
        return null;
    }

    /** Rights that do not change. */
    static AccessPolicy of(String user, AccessRights rights) {
        return new AccessPolicy() {
            @Override
            public String user() {
                return user;
            }

            @Override
            public AccessRights rights() {
                return rights;
            }
        };
    }
}
