package io.zeptodb.engine.sql.ast;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.Locale;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** {@code {fn CONVERT(value, SQL_INTEGER)}}, which is a CAST: the names of types are those of JDBC, with or without SQL_. Called by the generated parser. */
public final class JdbcConversion {
    private static final String PREFIX = "SQL_";

    private JdbcConversion() {}

    /** @throws EngineException FEATURE_NOT_SUPPORTED at the name of a type that there is not */
    public static SqlNode of(SqlNode value, SqlIdentifier typeName, SqlParserPos position) {
        String spelt = typeName.getSimple().toUpperCase(Locale.ROOT);
        SqlTypeName type = type(spelt.startsWith(PREFIX) ? spelt.substring(PREFIX.length()) : spelt);
        SqlParserPos place = typeName.getParserPosition();
        if (type == null) {
            throw new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "{fn CONVERT(…, " + spelt + ")} is not supported: the types are SQL_BIGINT, SQL_BOOLEAN, SQL_DATE,"
                            + " SQL_DECIMAL, SQL_DOUBLE, SQL_INTEGER, SQL_REAL, SQL_SMALLINT, SQL_TIME, SQL_TIMESTAMP,"
                            + " SQL_TINYINT, SQL_VARBINARY, SQL_VARCHAR and other names of JDBC for these",
                    place.getLineNum(),
                    place.getColumnNum(),
                    null);
        }
        SqlDataTypeSpec spec = new SqlDataTypeSpec(new SqlBasicTypeNameSpec(type, place), place);
        return SqlStdOperatorTable.CAST.createCall(position, value, spec);
    }

    private static @Nullable SqlTypeName type(String name) {
        return switch (name) {
            case "BIT", "BOOLEAN" -> SqlTypeName.BOOLEAN;
            case "TINYINT" -> SqlTypeName.TINYINT;
            case "SMALLINT" -> SqlTypeName.SMALLINT;
            case "INTEGER" -> SqlTypeName.INTEGER;
            case "BIGINT" -> SqlTypeName.BIGINT;
            case "REAL" -> SqlTypeName.REAL;
            case "FLOAT", "DOUBLE" -> SqlTypeName.DOUBLE;
            case "NUMERIC", "DECIMAL" -> SqlTypeName.DECIMAL;
            case "CHAR",
                    "VARCHAR",
                    "LONGVARCHAR",
                    "NCHAR",
                    "NVARCHAR",
                    "LONGNVARCHAR",
                    "LONGVARNCHAR",
                    "CLOB",
                    "NCLOB" -> SqlTypeName.VARCHAR;
            case "BINARY", "VARBINARY", "LONGVARBINARY", "BLOB" -> SqlTypeName.VARBINARY;
            case "DATE" -> SqlTypeName.DATE;
            case "TIME" -> SqlTypeName.TIME;
            case "TIMESTAMP" -> SqlTypeName.TIMESTAMP;
            default -> null;
        };
    }
}
