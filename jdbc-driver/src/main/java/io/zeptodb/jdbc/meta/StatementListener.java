package io.zeptodb.jdbc.meta;

import org.jspecify.annotations.Nullable;

/** Told of the statements of a connection as they end, on the thread that ends them; it should return soon, and must not throw. */
@FunctionalInterface
public interface StatementListener {
    /** For who wants to know nothing. */
    StatementListener NONE = run -> {};

    /** What a statement is. */
    enum Kind {
        /** It gives rows. */
        QUERY,
        /** It gives a count, or nothing. */
        UPDATE,
        /** It could not be planned: nobody knows. */
        UNPLANNED
    }

    /**
     * One run of a statement.
     *
     * @param nanos from its start to its count, its last row or the end of the wish for more
     * @param rows given or written
     * @param failure what ended it, or null
     */
    record Run(
            String sql,
            Kind kind,
            long nanos,
            long rows,
            @Nullable Throwable failure) {}

    void ended(Run run);
}
