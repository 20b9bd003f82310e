package io.zeptodb.engine.api;

/**
 * What a statement that succeeded has to tell besides.
 *
 * @param sqlState of class 01 when there is no better one
 * @param message in words
 */
public record Warning(String sqlState, String message) {
    /** The SQLSTATE of what has none of its own. */
    public static final String GENERAL = "01000";
    /** The SQLSTATE of a COMMIT or ROLLBACK without a transaction. */
    public static final String NO_TRANSACTION = "25P01";
}
