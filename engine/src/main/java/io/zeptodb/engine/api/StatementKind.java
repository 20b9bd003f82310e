package io.zeptodb.engine.api;

/** What a statement gives back. */
public enum StatementKind {
    /** Rows. */
    QUERY,
    /** A count of rows written. */
    UPDATE,
    /** Nothing: definitions and settings. */
    DEFINITION,
    /** Nothing: it begins or ends a transaction of the session. */
    TRANSACTION
}
