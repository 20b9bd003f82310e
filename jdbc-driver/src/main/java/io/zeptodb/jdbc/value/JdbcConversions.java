package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.TypeKind;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/** Which types {@code {fn CONVERT(value, type)}} takes and makes, by the constants of {@link Types}: what CAST can do. */
public final class JdbcConversions {
    private JdbcConversions() {}

    /** Whether values of the one type can be converted to the other: all of them, or those that are its values too. */
    public static boolean supports(int from, int to) {
        TypeKind source = kind(from);
        TypeKind target = kind(to);
        if (source == null || target == null || target == TypeKind.NULL) {
            return false;
        }
        return source == TypeKind.NULL
                || source == target
                || source == TypeKind.VARCHAR
                || switch (target) {
                    case VARCHAR -> true;
                    case BOOLEAN -> source.isInteger() || source == TypeKind.DECIMAL;
                    case TINYINT, SMALLINT, INTEGER -> source.isNumeric() || source == TypeKind.BOOLEAN;
                    case BIGINT -> source.isNumeric() || source == TypeKind.BOOLEAN || source == TypeKind.TIMESTAMP;
                    case REAL, DOUBLE, DECIMAL -> source.isNumeric();
                    case DATE, TIME -> source == TypeKind.TIMESTAMP;
                    case TIMESTAMP -> source == TypeKind.DATE || source.isInteger();
                    default -> false;
                };
    }

    private static @Nullable TypeKind kind(int type) {
        return switch (type) {
            case Types.NULL -> TypeKind.NULL;
            case Types.BIT, Types.BOOLEAN -> TypeKind.BOOLEAN;
            case Types.TINYINT -> TypeKind.TINYINT;
            case Types.SMALLINT -> TypeKind.SMALLINT;
            case Types.INTEGER -> TypeKind.INTEGER;
            case Types.BIGINT -> TypeKind.BIGINT;
            case Types.REAL -> TypeKind.REAL;
            case Types.FLOAT, Types.DOUBLE -> TypeKind.DOUBLE;
            case Types.NUMERIC, Types.DECIMAL -> TypeKind.DECIMAL;
            case Types.CHAR,
                    Types.VARCHAR,
                    Types.LONGVARCHAR,
                    Types.NCHAR,
                    Types.NVARCHAR,
                    Types.LONGNVARCHAR,
                    Types.CLOB,
                    Types.NCLOB -> TypeKind.VARCHAR;
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> TypeKind.VARBINARY;
            case Types.DATE -> TypeKind.DATE;
            case Types.TIME -> TypeKind.TIME;
            case Types.TIMESTAMP -> TypeKind.TIMESTAMP;
            default -> null;
        };
    }
}
