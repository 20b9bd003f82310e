package io.zeptodb.engine.sql.type;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.function.DecimalRules;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/**
 * Precisions and result types. TIME and TIMESTAMP without a precision have nanoseconds, text has no length and is never padded with
 * blanks, DECIMAL has up to 38 digits, integers sum up to BIGINT and average to DOUBLE.
 */
public final class ZeptoTypeSystem extends RelDataTypeSystemImpl {
    /** The one instance. */
    public static final ZeptoTypeSystem INSTANCE = new ZeptoTypeSystem();

    /** What DECIMAL without digits means: PostgreSQL's is unbounded, ours keeps as much before the point as a BIGINT needs. */
    private static final int DEFAULT_DECIMAL_PRECISION = 38;

    private static final int DEFAULT_DECIMAL_SCALE = 10;
    private static final int INTERVAL_DIGITS = 10;

    private ZeptoTypeSystem() {}

    @Override
    public int getMaxPrecision(SqlTypeName type) {
        return switch (type) {
            case DECIMAL -> ColumnType.MAX_DECIMAL_PRECISION;
            case TIME, TIMESTAMP -> ColumnType.MAX_TIME_PRECISION;
            case CHAR, VARCHAR, BINARY, VARBINARY -> Integer.MAX_VALUE;
            default -> super.getMaxPrecision(type);
        };
    }

    @Override
    public int getMaxScale(SqlTypeName type) {
        return type == SqlTypeName.DECIMAL ? ColumnType.MAX_DECIMAL_PRECISION : super.getMaxScale(type);
    }

    @Override
    public int getDefaultPrecision(SqlTypeName type) {
        return switch (type) {
            case DECIMAL -> DEFAULT_DECIMAL_PRECISION;
            case TIME, TIMESTAMP -> ColumnType.MAX_TIME_PRECISION;
            case CHAR, VARCHAR, BINARY, VARBINARY -> RelDataType.PRECISION_NOT_SPECIFIED;
            default -> SqlTypeName.INTERVAL_TYPES.contains(type) ? INTERVAL_DIGITS : super.getDefaultPrecision(type);
        };
    }

    @Override
    public int getDefaultScale(SqlTypeName type) {
        if (SqlTypeName.INTERVAL_TYPES.contains(type)) {
            return ColumnType.MAX_TIME_PRECISION;
        }
        return type == SqlTypeName.DECIMAL ? DEFAULT_DECIMAL_SCALE : super.getDefaultScale(type);
    }

    @Override
    public boolean shouldConvertRaggedUnionTypesToVarying() {
        return true;
    }

    @Override
    public RelDataType deriveSumType(RelDataTypeFactory factory, RelDataType argument) {
        RelDataType sum = switch (argument.getSqlTypeName()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT -> factory.createSqlType(SqlTypeName.BIGINT);
            case REAL, FLOAT, DOUBLE -> factory.createSqlType(SqlTypeName.DOUBLE);
            case DECIMAL ->
                factory.createSqlType(SqlTypeName.DECIMAL, ColumnType.MAX_DECIMAL_PRECISION, argument.getScale());
            default -> argument;
        };
        return factory.createTypeWithNullability(sum, argument.isNullable());
    }

    @Override
    public RelDataType deriveAvgAggType(RelDataTypeFactory factory, RelDataType argument) {
        RelDataType average = SqlTypeUtil.isDecimal(argument)
                ? factory.createSqlType(SqlTypeName.DECIMAL, ColumnType.MAX_DECIMAL_PRECISION, argument.getScale())
                : factory.createSqlType(SqlTypeName.DOUBLE);
        return factory.createTypeWithNullability(average, argument.isNullable());
    }

    /** Calcite's rule keeps every digit after the point and may leave none before it: the kernels' rule leaves room. */
    @Override
    public @Nullable RelDataType deriveDecimalMultiplyType(
            RelDataTypeFactory factory, RelDataType left, RelDataType right) {
        RelDataType product = super.deriveDecimalMultiplyType(factory, left, right);
        if (product == null) {
            return null;
        }
        ColumnType type = DecimalRules.product(
                DecimalRules.decimalOf(Types.toEngine(left)), DecimalRules.decimalOf(Types.toEngine(right)));
        return factory.createTypeWithNullability(
                factory.createSqlType(SqlTypeName.DECIMAL, type.precision(), type.scale()), product.isNullable());
    }
}
