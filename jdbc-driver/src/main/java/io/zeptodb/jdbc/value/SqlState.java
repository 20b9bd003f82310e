package io.zeptodb.jdbc.value;

/**
 * The SQLSTATEs of failures that the driver and the server find themselves; those of the engine are {@link io.zeptodb.engine.api.ErrorCode}. No other place in
 * these modules spells a SQLSTATE. docs/operations.md tells users of all of them.
 */
public enum SqlState {
    /** A warning: something else than what was asked for is given. */
    OPTION_CHANGED("01S02"),
    /** A value cannot be read as the type asked for. */
    RESTRICTED_CONVERSION("07006"),
    /** No server answers. */
    CANNOT_CONNECT("08001"),
    /** The connection to the server is lost. */
    CONNECTION_FAILURE("08006"),
    /**
     * The answer of a commit is lost: nobody knows whether the transaction is stored. So it is of what a program has called a transaction and ended by commit(),
     * setAutoCommit(true) or COMMIT. A write that commits by itself is {@link #CONNECTION_FAILURE} as any other statement: the driver does not know which statements
     * write, and what is lost with it is told by the message, not by an end of a transaction that nobody has asked for. PostgreSQL's and MySQL's drivers do the same.
     */
    RESOLUTION_UNKNOWN("08007"),
    /** The other side does not keep to the protocol. */
    PROTOCOL_VIOLATION("08P01"),
    /** A text is none of the type that it is read as. */
    INVALID_TEXT("22P02"),
    /** The cursor does not stand where the call needs it. */
    INVALID_CURSOR_STATE("24000"),
    /** The server does not let this user in. */
    LOGIN_REFUSED("28000"),
    /** There is no such catalog. */
    UNDEFINED_CATALOG("3D000"),
    /** There is no such schema. */
    UNDEFINED_SCHEMA("3F000"),
    /** There is no such column in a result. */
    UNDEFINED_RESULT_COLUMN("42703"),
    /** What was called is against the rules of the interface. */
    INVALID_CALL("HY000");

    /** What the states of failures of a connection begin with. */
    static final String CONNECTION_CLASS = "08";

    private final String code;

    SqlState(String code) {
        this.code = code;
    }

    /** Five characters. */
    public String code() {
        return code;
    }
}
