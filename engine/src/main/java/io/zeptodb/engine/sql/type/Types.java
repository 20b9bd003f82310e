package io.zeptodb.engine.sql.type;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.NestedField;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.sql.ast.IntervalNanos;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.StructKind;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/** The engine's types and Calcite's. SYMBOL is VARCHAR to Calcite: the table's metadata and the lowering know the difference. */
public final class Types {
    private static final int MONTH_DIGITS = 10;

    /** Names of types that are not keywords of the grammar, in lower case. */
    private static final Map<String, ColumnType> NAMES = Map.ofEntries(
            Map.entry("bool", ColumnType.BOOLEAN),
            Map.entry("int8", ColumnType.BIGINT),
            Map.entry("int1", ColumnType.TINYINT),
            Map.entry("int2", ColumnType.SMALLINT),
            Map.entry("int4", ColumnType.INTEGER),
            Map.entry("int16", ColumnType.SMALLINT),
            Map.entry("int32", ColumnType.INTEGER),
            Map.entry("int64", ColumnType.BIGINT),
            Map.entry("long", ColumnType.BIGINT),
            Map.entry("float4", ColumnType.REAL),
            Map.entry("float8", ColumnType.DOUBLE),
            Map.entry("float32", ColumnType.REAL),
            Map.entry("float64", ColumnType.DOUBLE),
            Map.entry("string", ColumnType.VARCHAR),
            Map.entry("text", ColumnType.VARCHAR),
            Map.entry("symbol", ColumnType.SYMBOL),
            Map.entry("bytea", ColumnType.VARBINARY),
            Map.entry("blob", ColumnType.VARBINARY),
            Map.entry("bytes", ColumnType.VARBINARY),
            Map.entry("datetime", ColumnType.timestamp(6)),
            Map.entry("timestamp_s", ColumnType.timestamp(0)),
            Map.entry("timestamp_ms", ColumnType.timestamp(3)),
            Map.entry("timestamp_us", ColumnType.timestamp(6)),
            Map.entry("timestamp_ns", ColumnType.TIMESTAMP_NS));

    private Types() {}

    /** The type of a name that is not a keyword of the grammar (INT64, TEXT, SYMBOL …), or null. */
    public static @Nullable ColumnType named(String name) {
        return NAMES.get(name.toLowerCase(Locale.ROOT));
    }

    /** Names that {@link #named} knows. */
    public static Iterable<String> names() {
        return NAMES.keySet();
    }

    /** Calcite's type for one of ours. */
    public static RelDataType toCalcite(RelDataTypeFactory factory, ColumnType type, boolean nullable) {
        RelDataType plain = switch (type.kind()) {
            case NULL -> factory.createSqlType(SqlTypeName.NULL);
            case BOOLEAN -> factory.createSqlType(SqlTypeName.BOOLEAN);
            case TINYINT -> factory.createSqlType(SqlTypeName.TINYINT);
            case SMALLINT -> factory.createSqlType(SqlTypeName.SMALLINT);
            case INTEGER -> factory.createSqlType(SqlTypeName.INTEGER);
            case BIGINT -> factory.createSqlType(SqlTypeName.BIGINT);
            case REAL -> factory.createSqlType(SqlTypeName.REAL);
            case DOUBLE -> factory.createSqlType(SqlTypeName.DOUBLE);
            case DECIMAL -> factory.createSqlType(SqlTypeName.DECIMAL, type.precision(), type.scale());
            case VARCHAR, SYMBOL -> factory.createSqlType(SqlTypeName.VARCHAR);
            case VARBINARY -> factory.createSqlType(SqlTypeName.VARBINARY);
            case DATE -> factory.createSqlType(SqlTypeName.DATE);
            case TIME -> factory.createSqlType(SqlTypeName.TIME, type.precision());
            case TIMESTAMP -> factory.createSqlType(SqlTypeName.TIMESTAMP, type.precision());
            case INTERVAL_DAY -> factory.createSqlIntervalType(IntervalNanos.qualifier(SqlParserPos.ZERO));
            case INTERVAL_MONTH -> factory.createSqlIntervalType(months());
            case ARRAY -> factory.createArrayType(toCalcite(factory, type.element(), true), -1);
            case ROW -> row(factory, type);
        };
        return factory.createTypeWithNullability(plain, nullable || type.equals(ColumnType.NULL));
    }

    private static RelDataType row(RelDataTypeFactory factory, ColumnType type) {
        // column.field needs no table's name before it then
        RelDataTypeFactory.Builder fields = factory.builder().kind(StructKind.PEEK_FIELDS_NO_EXPAND);
        type.fields().forEach(field -> fields.add(field.name(), toCalcite(factory, field.type(), true)));
        return fields.build();
    }

    /** The types inside nested ones: no dictionary lies there. */
    private static ColumnType inside(RelDataType type) {
        ColumnType inside = toEngine(type);
        return inside.kind() == TypeKind.SYMBOL || inside.kind() == TypeKind.NULL ? ColumnType.VARCHAR : inside;
    }

    private static SqlIntervalQualifier months() {
        return new SqlIntervalQualifier(TimeUnit.YEAR, MONTH_DIGITS, TimeUnit.MONTH, -1, SqlParserPos.ZERO);
    }

    /**
     * Our type for one of Calcite's.
     *
     * @throws EngineException FEATURE_NOT_SUPPORTED for types that the engine has not (MULTISET, MAP, TIMESTAMP WITH TIME ZONE …)
     */
    public static ColumnType toEngine(RelDataType type) {
        return switch (type.getSqlTypeName()) {
            case NULL, UNKNOWN -> ColumnType.NULL;
            case BOOLEAN -> ColumnType.BOOLEAN;
            case TINYINT -> ColumnType.TINYINT;
            case SMALLINT -> ColumnType.SMALLINT;
            case INTEGER -> ColumnType.INTEGER;
            case BIGINT -> ColumnType.BIGINT;
            case REAL -> ColumnType.REAL;
            case DOUBLE, FLOAT -> ColumnType.DOUBLE;
            case DECIMAL -> ColumnType.decimal(type.getPrecision(), type.getScale());
            case CHAR, VARCHAR -> ColumnType.VARCHAR;
            case BINARY, VARBINARY -> ColumnType.VARBINARY;
            case DATE -> ColumnType.DATE;
            case TIME -> ColumnType.time(type.getPrecision());
            case TIMESTAMP -> ColumnType.timestamp(type.getPrecision());
            case INTERVAL_DAY,
                    INTERVAL_DAY_HOUR,
                    INTERVAL_DAY_MINUTE,
                    INTERVAL_DAY_SECOND,
                    INTERVAL_HOUR,
                    INTERVAL_HOUR_MINUTE,
                    INTERVAL_HOUR_SECOND,
                    INTERVAL_MINUTE,
                    INTERVAL_MINUTE_SECOND,
                    INTERVAL_SECOND -> ColumnType.INTERVAL_DAY;
            case INTERVAL_YEAR, INTERVAL_YEAR_MONTH, INTERVAL_MONTH -> ColumnType.INTERVAL_MONTH;
            case ARRAY -> ColumnType.array(inside(Objects.requireNonNull(type.getComponentType())));
            case ROW ->
                ColumnType.row(type.getFieldList().stream()
                        .map(field -> new NestedField(field.getName(), inside(field.getType())))
                        .toList());
            default ->
                throw new EngineException(
                        ErrorCode.FEATURE_NOT_SUPPORTED, "type " + type.getFullTypeString() + " is not supported");
        };
    }
}
