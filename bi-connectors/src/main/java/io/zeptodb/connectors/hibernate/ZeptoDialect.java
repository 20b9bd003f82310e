package io.zeptodb.connectors.hibernate;

import org.hibernate.dialect.DatabaseVersion;
import org.hibernate.dialect.Dialect;
import org.hibernate.dialect.NullOrdering;
import org.hibernate.dialect.lock.internal.NoLockingSupport;
import org.hibernate.dialect.lock.spi.LockingSupport;
import org.hibernate.dialect.pagination.LimitHandler;
import org.hibernate.dialect.pagination.LimitOffsetLimitHandler;
import org.hibernate.dialect.unique.UniqueDelegate;
import org.hibernate.engine.jdbc.dialect.spi.DialectResolutionInfo;
import org.hibernate.mapping.ForeignKey;
import org.hibernate.mapping.Index;
import org.hibernate.mapping.Table;
import org.hibernate.tool.schema.spi.Exporter;
import org.hibernate.type.SqlTypes;

/**
 * Hibernate ORM 7 for ZeptoDB: {@code hibernate.dialect=io.zeptodb.connectors.hibernate.ZeptoDialect}. Entities need assigned ids (the database makes
 * none), and nothing keeps an id unique but the application: there are no constraints beside NOT NULL. Hibernate makes tables without primary
 * and foreign keys, unique keys and indexes. Rows cannot be locked: two transactions that change the same row end in an error of SQLSTATE 40001 for one.
 */
public final class ZeptoDialect extends Dialect {
    private static final DatabaseVersion OLDEST = DatabaseVersion.make(0, 1);
    private static final int NANOSECONDS = 9;
    private static final int DECIMAL_DIGITS = 38;

    private final Exporter<Table> tables = new KeylessTables(this);
    private final UniqueDelegate uniqueKeys = new NoUniqueKeys();

    public ZeptoDialect() {
        super(OLDEST);
    }

    public ZeptoDialect(DialectResolutionInfo info) {
        super(info);
    }

    @Override
    protected DatabaseVersion getMinimumSupportedVersion() {
        return OLDEST;
    }

    // ---- types

    @Override
    protected String columnType(int sqlTypeCode) {
        return switch (sqlTypeCode) {
            case SqlTypes.BOOLEAN, SqlTypes.BIT -> "boolean";
            case SqlTypes.TINYINT -> "tinyint";
            case SqlTypes.FLOAT, SqlTypes.DOUBLE -> "double";
            case SqlTypes.REAL -> "real";
            case SqlTypes.NUMERIC, SqlTypes.DECIMAL -> "decimal($p,$s)";
            case SqlTypes.CHAR,
                    SqlTypes.VARCHAR,
                    SqlTypes.NCHAR,
                    SqlTypes.NVARCHAR,
                    SqlTypes.LONG32VARCHAR,
                    SqlTypes.LONG32NVARCHAR,
                    SqlTypes.CLOB,
                    SqlTypes.NCLOB -> "varchar";
            case SqlTypes.BINARY, SqlTypes.VARBINARY, SqlTypes.LONG32VARBINARY, SqlTypes.BLOB -> "varbinary";
            case SqlTypes.TIME, SqlTypes.TIME_UTC, SqlTypes.TIME_WITH_TIMEZONE -> "time($p)";
            case SqlTypes.TIMESTAMP, SqlTypes.TIMESTAMP_UTC, SqlTypes.TIMESTAMP_WITH_TIMEZONE -> "timestamp($p)";
            default -> super.columnType(sqlTypeCode);
        };
    }

    @Override
    protected String castType(int sqlTypeCode) {
        return columnType(sqlTypeCode);
    }

    @Override
    public int getDefaultTimestampPrecision() {
        return NANOSECONDS;
    }

    @Override
    public int getDefaultDecimalPrecision() {
        return DECIMAL_DIGITS;
    }

    // ---- queries

    @Override
    public LimitHandler getLimitHandler() {
        return LimitOffsetLimitHandler.INSTANCE;
    }

    @Override
    public NullOrdering getNullOrdering() {
        return NullOrdering.GREATEST;
    }

    @Override
    public boolean supportsNullPrecedence() {
        return true;
    }

    @Override
    public boolean supportsCaseInsensitiveLike() {
        return true;
    }

    @Override
    public boolean supportsWindowFunctions() {
        return true;
    }

    @Override
    public boolean supportsDistinctFromPredicate() {
        return true;
    }

    @Override
    public boolean supportsValuesListForInsert() {
        return true;
    }

    @Override
    public LockingSupport getLockingSupport() {
        return NoLockingSupport.NO_LOCKING_SUPPORT;
    }

    // ---- tables, which have columns and nothing else

    @Override
    public Exporter<Table> getTableExporter() {
        return tables;
    }

    @Override
    public Exporter<Index> getIndexExporter() {
        return new Nothing<>();
    }

    @Override
    public Exporter<ForeignKey> getForeignKeyExporter() {
        return new Nothing<>();
    }

    @Override
    public UniqueDelegate getUniqueDelegate() {
        return uniqueKeys;
    }

    @Override
    public boolean dropConstraints() {
        return false;
    }

    @Override
    public boolean supportsIfExistsBeforeTableName() {
        return true;
    }

    @Override
    public boolean supportsColumnCheck() {
        return false;
    }

    @Override
    public boolean supportsTableCheck() {
        return false;
    }
}
