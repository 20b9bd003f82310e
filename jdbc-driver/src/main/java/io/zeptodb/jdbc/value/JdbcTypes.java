package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.TypeKind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Array;
import java.sql.Date;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Period;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.ColumnMetaData;

/** What JDBC says of the engine's types, and how Avatica describes a column. Stateless and thread-safe. */
public final class JdbcTypes {
    /** The only catalog. */
    public static final String CATALOG = "zepto";
    /** The schema of tables. */
    public static final String SCHEMA = "main";

    /** VARCHAR, SYMBOL and VARBINARY have no limit of their own. */
    private static final int UNLIMITED = Integer.MAX_VALUE;

    private static final int DATE_CHARACTERS = 10;
    private static final int TIME_CHARACTERS = 8;
    private static final int TIMESTAMP_CHARACTERS = 19;
    private static final int INTERVAL_CHARACTERS = 40;

    private JdbcTypes() {}

    /** A constant of {@link Types}. */
    public static int sqlType(ColumnType type) {
        return switch (type.kind()) {
            case NULL -> Types.NULL;
            case BOOLEAN -> Types.BOOLEAN;
            case TINYINT -> Types.TINYINT;
            case SMALLINT -> Types.SMALLINT;
            case INTEGER -> Types.INTEGER;
            case BIGINT -> Types.BIGINT;
            case REAL -> Types.REAL;
            case DOUBLE -> Types.DOUBLE;
            case DECIMAL -> Types.DECIMAL;
            case VARCHAR, SYMBOL -> Types.VARCHAR;
            case VARBINARY -> Types.VARBINARY;
            case DATE -> Types.DATE;
            case TIME -> Types.TIME;
            case TIMESTAMP -> Types.TIMESTAMP;
            case INTERVAL_DAY, INTERVAL_MONTH -> Types.OTHER;
            case ARRAY -> Types.ARRAY;
            case ROW -> Types.STRUCT;
        };
    }

    /** The name without precision and scale. */
    public static String typeName(ColumnType type) {
        return switch (type.kind()) {
            case INTERVAL_DAY, INTERVAL_MONTH, ARRAY, ROW -> type.toString();
            default -> type.kind().name();
        };
    }

    /** The class that getObject gives. */
    public static String className(ColumnType type) {
        Class<?> javaClass = switch (type.kind()) {
            case NULL -> Object.class;
            case BOOLEAN -> Boolean.class;
            case TINYINT, SMALLINT, INTEGER -> Integer.class; // as JDBC's table of types has it
            case BIGINT -> Long.class;
            case REAL -> Float.class;
            case DOUBLE -> Double.class;
            case DECIMAL -> BigDecimal.class;
            case VARCHAR, SYMBOL -> String.class;
            case VARBINARY -> byte[].class;
            case DATE -> Date.class;
            case TIME -> Time.class;
            case TIMESTAMP -> Timestamp.class;
            case INTERVAL_DAY -> Duration.class;
            case INTERVAL_MONTH -> Period.class;
            case ARRAY -> Array.class;
            case ROW -> Struct.class;
        };
        return javaClass.getName();
    }

    /** JDBC's precision: digits of a number, characters of a text or of a date and time, bytes of a binary. */
    public static int precision(ColumnType type) {
        return switch (type.kind()) {
            case NULL -> 0;
            case BOOLEAN -> 1;
            case TINYINT -> 3;
            case SMALLINT -> 5;
            case INTEGER -> 10;
            case BIGINT -> 19;
            case REAL -> 8;
            case DOUBLE -> 17;
            case DECIMAL -> type.precision();
            case VARCHAR, SYMBOL, VARBINARY, ARRAY, ROW -> UNLIMITED;
            case DATE -> DATE_CHARACTERS;
            case TIME -> TIME_CHARACTERS + fractionCharacters(type);
            case TIMESTAMP -> TIMESTAMP_CHARACTERS + fractionCharacters(type);
            case INTERVAL_DAY, INTERVAL_MONTH -> INTERVAL_CHARACTERS;
        };
    }

    private static int fractionCharacters(ColumnType type) {
        return type.precision() == 0 ? 0 : 1 + type.precision();
    }

    /** JDBC's scale: digits after the point, of seconds too. */
    public static int scale(ColumnType type) {
        return switch (type.kind()) {
            case TIME, TIMESTAMP -> type.precision();
            default -> type.scale();
        };
    }

    /** A number rounded half up. @throws SQLException 22023 for more places than a DECIMAL has */
    public static BigDecimal withScale(BigDecimal value, int scale) throws SQLException {
        if (scale < 0 || scale > ColumnType.MAX_DECIMAL_PRECISION) {
            throw SqlErrors.of(
                    ErrorCode.INVALID_ARGUMENT.sqlState(),
                    "a DECIMAL has 0 to " + ColumnType.MAX_DECIMAL_PRECISION + " places, got " + scale);
        }
        return value.setScale(scale, RoundingMode.HALF_UP);
    }

    /** What stands beside the digits of a DECIMAL. */
    private static final int SIGN_POINT = 2;
    /** The same of one that has no digit before the point: the text shows a zero there. */
    private static final int SIGN_ZERO_POINT = 3;

    /** Most characters of the text form. */
    public static int displaySize(ColumnType type) {
        return switch (type.kind()) {
            case NULL -> 4;
            case BOOLEAN -> 5;
            case TINYINT, SMALLINT, INTEGER, BIGINT -> precision(type) + 1;
            case REAL -> 15;
            case DOUBLE -> 25;
            case DECIMAL -> type.precision() + (type.scale() == type.precision() ? SIGN_ZERO_POINT : SIGN_POINT);
            default -> precision(type);
        };
    }

    public static boolean isSigned(ColumnType type) {
        return type.kind().isNumeric();
    }

    /** What Avatica knows of a column; {@code rep} is the form in which its values travel. */
    public static ColumnMetaData columnMetaData(
            int ordinal, ResultColumn column, ColumnMetaData.Rep rep, int precision) {
        ColumnType type = column.type();
        boolean ofTable = column.table() != null;
        return new ColumnMetaData(
                ordinal,
                false,
                type.kind().isText(),
                true,
                false,
                column.nullable() ? ResultSetMetaData.columnNullable : ResultSetMetaData.columnNoNulls,
                true,
                displaySize(type),
                column.label(),
                ofTable ? column.column() : column.label(),
                ofTable ? SCHEMA : "",
                precision,
                type.scale(),
                ofTable ? column.table() : "",
                ofTable ? CATALOG : "",
                ColumnMetaData.scalar(sqlType(type), typeName(type), rep),
                !ofTable,
                false,
                false,
                className(type));
    }

    /** The column that {@link #columnMetaData} described. */
    public static ResultColumn resultColumn(ColumnMetaData described) {
        boolean ofTable = described.tableName != null && !described.tableName.isEmpty();
        return new ResultColumn(
                described.label,
                columnType(described.type.name, described.precision, described.scale),
                described.nullable != ResultSetMetaData.columnNoNulls,
                ofTable ? described.tableName : null,
                ofTable ? described.columnName : null);
    }

    /** The type that the engine spells so. @throws IllegalArgumentException for a text that is no type's */
    public static ColumnType columnType(String text) {
        return TypeSpelling.parse(text);
    }

    private static ColumnType columnType(String name, int precision, int scale) {
        if (TypeSpelling.isNested(name)) {
            return TypeSpelling.parse(name);
        }
        for (TypeKind kind : TypeKind.values()) {
            if (kind.name().equals(name)) {
                return switch (kind) {
                    case DECIMAL -> ColumnType.decimal(precision, scale);
                    case TIME -> ColumnType.time(precision);
                    case TIMESTAMP -> ColumnType.timestamp(precision);
                    default -> new ColumnType(kind, 0, 0);
                };
            }
        }
        return name.equals(ColumnType.INTERVAL_MONTH.toString()) ? ColumnType.INTERVAL_MONTH : ColumnType.INTERVAL_DAY;
    }

    /** What Avatica knows of a parameter; {@code ordinal} from 0. */
    public static AvaticaParameter parameter(int ordinal, ColumnType type) {
        return new AvaticaParameter(
                isSigned(type),
                precision(type),
                scale(type),
                sqlType(type),
                typeName(type),
                className(type),
                "?" + (ordinal + 1));
    }
}
