package io.zeptodb.engine.api;

/**
 * Every kind of failure the engine reports, with the SQLSTATE a JDBC user sees. The five characters follow ISO/IEC 9075 where it
 * names a state, PostgreSQL otherwise.
 */
public enum ErrorCode {
    /** The text is not a statement of the grammar. */
    SYNTAX_ERROR("42601"),
    /** A table, view or schema that does not exist. */
    UNDEFINED_TABLE("42P01"),
    /** A column that does not exist. */
    UNDEFINED_COLUMN("42703"),
    /** A function, or a function with these argument types, that does not exist. */
    UNDEFINED_FUNCTION("42883"),
    /** A type that does not exist. */
    UNDEFINED_TYPE("42704"),
    /** A name that could mean more than one column. */
    AMBIGUOUS_COLUMN("42702"),
    /** A table that exists already. */
    DUPLICATE_TABLE("42P07"),
    /** A view where a table must stand, or a table where a view must. */
    WRONG_OBJECT_TYPE("42809"),
    /** A table or column that a view needs. */
    DEPENDENT_OBJECTS("2BP01"),
    /** A column named twice. */
    DUPLICATE_COLUMN("42701"),
    /** Types that do not fit an operator, a column or a parameter. */
    DATATYPE_MISMATCH("42804"),
    /** A column outside GROUP BY, or an aggregate where none may stand. */
    GROUPING_ERROR("42803"),
    /** A statement that parses but makes no sense: any validation failure without a code of its own. */
    INVALID_STATEMENT("42000"),
    /** A table definition that contradicts itself. */
    INVALID_TABLE_DEFINITION("42P16"),
    /** The statement or option is known and not supported. */
    FEATURE_NOT_SUPPORTED("0A000"),
    /** A number outside the range of its type. */
    NUMERIC_OUT_OF_RANGE("22003"),
    /** Division by zero on integers or decimals. */
    DIVISION_BY_ZERO("22012"),
    /** Text that is not a value of the type asked for. */
    INVALID_TEXT("22P02"),
    /** Text that is not a date, time or timestamp, or one outside the range. */
    INVALID_DATETIME("22007"),
    /** A date or time outside the range of its type, or a day that its month does not have. */
    DATETIME_OUT_OF_RANGE("22008"),
    /** An argument outside what the function takes. */
    INVALID_ARGUMENT("22023"),
    /** Bytes of a text that are not UTF-8. */
    INVALID_ENCODING("22021"),
    /** A value longer than its column takes. */
    VALUE_TOO_LONG("22001"),
    /** NULL where none may stand. */
    NULL_NOT_ALLOWED("23502"),
    /** Values that do not have the order which the attribute SORTED says of them. */
    NOT_SORTED("23514"),
    /** A scalar subquery that gave more than one row. */
    CARDINALITY_VIOLATION("21000"),
    /** A bad line or file in COPY. */
    BAD_COPY_FILE("22P04"),
    /** A configuration option that is unknown, or its value not allowed. */
    INVALID_OPTION("22023"),
    /** A parameter that is missing, an index that there is not, or a value of a class that its type takes none of. */
    INVALID_PARAMETER("07001"),
    /** The database, session, pipeline or view is closed. */
    CLOSED("08003"),
    /** The statement or cursor is closed, its session may well be open. */
    STATEMENT_CLOSED("24000"),
    /** The queue of a pipeline is full and the writer asked to be refused rather than blocked. */
    QUEUE_FULL("53300"),
    /** A user has as many connections open, or a connection as many statements, as it may. */
    TOO_MANY_OPEN("53300"),
    /** The memory limit of the database, of the user or of the query is reached. */
    OUT_OF_MEMORY("53200"),
    /** The statement was cancelled. */
    CANCELLED("57014"),
    /** The statement ran longer than its time-out. */
    TIMEOUT("57014"),
    /** The server is being stopped. */
    ADMIN_SHUTDOWN("57P01"),
    /** The connection was closed because nothing was asked of it for too long, or its client was silent and its user needed the place. */
    IDLE_TIMEOUT("57P05"),
    /** Two transactions changed the same rows or the same table. */
    CONFLICT("40001"),
    /** A transaction statement at a wrong moment. */
    INVALID_TRANSACTION_STATE("25000"),
    /** A limit of what one statement may be or give: its length, the rows of its result. */
    LIMIT_EXCEEDED("54000"),
    /** A statement that is nested too deeply, or has too much in it. */
    STATEMENT_TOO_COMPLEX("54001"),
    /** A table, a file, a setting or a statement that this session may not use. */
    ACCESS_DENIED("42501"),
    /** Who asks is nobody that is known, or was known and is not any more. */
    INVALID_AUTHORIZATION("28000"),
    /** A write in a read-only session. */
    READ_ONLY("25006"),
    /** A file is missing or cannot be read or written. */
    IO_ERROR("58030"),
    /** The disk, or the quota, has no room left. */
    DISK_FULL("53100"),
    /** A file that does not exist. */
    FILE_NOT_FOUND("58P01"),
    /** The database belongs to another process. */
    DATABASE_LOCKED("55006"),
    /** A checksum, a magic or a length does not hold. */
    CORRUPTION("XX001"),
    /** A defect of the engine: the message asks for a report. */
    INTERNAL_ERROR("XX000");

    private final String sqlState;

    ErrorCode(String sqlState) {
        this.sqlState = sqlState;
    }

    /** Five characters, as {@code java.sql.SQLException.getSQLState()} gives them. */
    public String sqlState() {
        return sqlState;
    }
}
