package io.zeptodb.engine.api;

/**
 * The kinds of values, each with its width in memory. The layout is Arrow's: little-endian fixed-width values, one bit for a
 * BOOLEAN, 16-byte views for text and binary, a dictionary code for a SYMBOL.
 */
public enum TypeKind {
    /** The type of an untyped NULL; stored as nothing. */
    NULL(0),
    /** One bit a row. */
    BOOLEAN(0),
    TINYINT(1),
    SMALLINT(2),
    INTEGER(4),
    BIGINT(8),
    REAL(4),
    DOUBLE(8),
    /** Two's complement 128-bit integer, scaled by {@link ColumnType#scale()}. */
    DECIMAL(16),
    /** UTF-8 text as 16-byte views. */
    VARCHAR(16),
    /** Text through a dictionary: an int32 code. */
    SYMBOL(4),
    /** Bytes as 16-byte views. */
    VARBINARY(16),
    /** Days since 1970-01-01, int32. */
    DATE(4),
    /** Nanoseconds of the day, int64. */
    TIME(8),
    /** Nanoseconds since 1970-01-01 UTC, int64, whatever the precision. */
    TIMESTAMP(8),
    /** Nanoseconds, int64: INTERVAL DAY TO SECOND. Never stored in a table. */
    INTERVAL_DAY(8),
    /** Months, int32: INTERVAL YEAR TO MONTH. Never stored in a table. */
    INTERVAL_MONTH(4),
    /** Any number of values of one type, as 16-byte views. Never stored in a table. */
    ARRAY(16),
    /** Named values of several types, as 16-byte views. Never stored in a table. */
    ROW(16);

    private final int width;

    TypeKind(int width) {
        this.width = width;
    }

    /** Bytes a row; 0 for BOOLEAN (one bit) and NULL. */
    public int width() {
        return width;
    }

    public boolean isInteger() {
        return this == TINYINT || this == SMALLINT || this == INTEGER || this == BIGINT;
    }

    public boolean isFloat() {
        return this == REAL || this == DOUBLE;
    }

    public boolean isNumeric() {
        return isInteger() || isFloat() || this == DECIMAL;
    }

    /** Values are 16-byte views into heap buffers: VARCHAR, VARBINARY, and the nested ones. */
    public boolean isView() {
        return this == VARCHAR || this == VARBINARY || isNested();
    }

    /** Values are made of values: ARRAY and ROW. */
    public boolean isNested() {
        return this == ARRAY || this == ROW;
    }

    /** Values are text to SQL: VARCHAR and SYMBOL. */
    public boolean isText() {
        return this == VARCHAR || this == SYMBOL;
    }
}
