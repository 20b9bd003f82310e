package io.zeptodb.engine.sql.type;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.catalog.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.SqlUserDefinedTypeNameSpec;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/** Types as CREATE TABLE spells them. */
public final class TypeNames {
    /** The parser's own, in the order in which they are suggested. */
    private static final List<String> BASIC = List.of(
            "BOOLEAN",
            "TINYINT",
            "SMALLINT",
            "INTEGER",
            "BIGINT",
            "REAL",
            "DOUBLE",
            "DECIMAL",
            "VARCHAR",
            "VARBINARY",
            "DATE",
            "TIME",
            "TIMESTAMP");

    private TypeNames() {}

    /**
     * The type of a column.
     *
     * @throws EngineException INVALID_TABLE_DEFINITION at the type's position when there is no such type
     */
    public static ColumnType typeOf(SqlDataTypeSpec spec) {
        SqlTypeNameSpec name = spec.getTypeNameSpec();
        try {
            if (name instanceof SqlUserDefinedTypeNameSpec) {
                return named(name.getTypeName().toString());
            }
            if (name instanceof SqlBasicTypeNameSpec basic) {
                return basic(basic);
            }
        } catch (EngineException e) {
            throw at(e.code(), String.valueOf(e.getMessage()), spec.getParserPosition());
        }
        throw at(
                ErrorCode.FEATURE_NOT_SUPPORTED,
                "columns of type " + name.getTypeName() + " are not supported",
                spec.getParserPosition());
    }

    private static ColumnType named(String name) {
        ColumnType type = Types.named(name);
        if (type == null) {
            throw unknown(name, 0, 0);
        }
        return type;
    }

    /** The error of a type that does not exist, with a suggestion. */
    public static EngineException unknown(String name, int line, int column) {
        List<String> known = new ArrayList<>(BASIC);
        StreamSupport.stream(Types.names().spliterator(), false).sorted().forEach(known::add);
        return new EngineException(
                ErrorCode.UNDEFINED_TYPE,
                "type '" + name + "' does not exist" + Suggestion.of(name, known),
                line,
                column,
                null);
    }

    private static ColumnType basic(SqlBasicTypeNameSpec spec) {
        SqlTypeName name = SqlTypeName.get(spec.getTypeName().getSimple());
        int precision = spec.getPrecision();
        boolean given = precision != RelDataType.PRECISION_NOT_SPECIFIED;
        if (name == null) {
            throw unsupported(spec);
        }
        return switch (name) {
            case BOOLEAN -> ColumnType.BOOLEAN;
            case TINYINT -> ColumnType.TINYINT;
            case SMALLINT -> ColumnType.SMALLINT;
            case INTEGER -> ColumnType.INTEGER;
            case BIGINT -> ColumnType.BIGINT;
            case REAL -> ColumnType.REAL;
            case DOUBLE, FLOAT -> ColumnType.DOUBLE;
            case CHAR, VARCHAR -> ColumnType.VARCHAR;
            case BINARY, VARBINARY -> ColumnType.VARBINARY;
            case DATE -> ColumnType.DATE;
            case TIME -> ColumnType.time(given ? precision : ColumnType.MAX_TIME_PRECISION);
            case TIMESTAMP -> ColumnType.timestamp(given ? precision : ColumnType.MAX_TIME_PRECISION);
            case DECIMAL ->
                given
                        ? ColumnType.decimal(precision, spec.getScale() < 0 ? 0 : spec.getScale())
                        : ColumnType.decimal(
                                ZeptoTypeSystem.INSTANCE.getDefaultPrecision(SqlTypeName.DECIMAL),
                                ZeptoTypeSystem.INSTANCE.getDefaultScale(SqlTypeName.DECIMAL));
            default -> throw unsupported(spec);
        };
    }

    private static EngineException unsupported(SqlBasicTypeNameSpec spec) {
        return new EngineException(
                ErrorCode.FEATURE_NOT_SUPPORTED,
                "columns of type " + spec.getTypeName().getSimple() + " are not supported");
    }

    private static EngineException at(ErrorCode code, String message, SqlParserPos position) {
        return new EngineException(code, message, position.getLineNum(), position.getColumnNum(), null);
    }
}
