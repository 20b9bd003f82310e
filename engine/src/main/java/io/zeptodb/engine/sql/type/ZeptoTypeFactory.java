package io.zeptodb.engine.sql.type;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.function.DecimalRules;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.apache.calcite.sql.type.SqlTypeMappingRule;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** Calcite's type factory with our type system; text is Unicode. */
public final class ZeptoTypeFactory extends SqlTypeFactoryImpl {
    public ZeptoTypeFactory() {
        super(ZeptoTypeSystem.INSTANCE);
    }

    /**
     * Times and numbers have nothing in common: nanoseconds meet times in comparisons only. Nor have arrays and rows with flat values, which Calcite would
     * cast.
     */
    @Override
    public @Nullable RelDataType leastRestrictive(List<RelDataType> types, SqlTypeMappingRule mapping) {
        boolean times = types.stream().anyMatch(SqlTypeUtil::isDatetime);
        boolean numbers = types.stream().anyMatch(SqlTypeUtil::isNumeric);
        boolean nested = types.stream().anyMatch(ZeptoTypeFactory::isNested);
        boolean flat = types.stream().anyMatch(ZeptoTypeFactory::isFlat);
        RelDataType common = (times && numbers) || (nested && flat) ? null : super.leastRestrictive(types, mapping);
        return common != null && common.getSqlTypeName() == SqlTypeName.DECIMAL
                ? withEveryPlace(common, types)
                : common;
    }

    /** Calcite casts a NULL to the name of an interval's type, and then has no type of that name. */
    @Override
    public RelDataType createSqlType(SqlTypeName name) {
        return SqlTypeName.INTERVAL_TYPES.contains(name) ? interval(name) : super.createSqlType(name);
    }

    @Override
    public RelDataType createSqlType(SqlTypeName name, int precision) {
        return SqlTypeName.INTERVAL_TYPES.contains(name) ? interval(name) : super.createSqlType(name, precision);
    }

    @Override
    public RelDataType createSqlType(SqlTypeName name, int precision, int scale) {
        return SqlTypeName.INTERVAL_TYPES.contains(name) ? interval(name) : super.createSqlType(name, precision, scale);
    }

    private RelDataType interval(SqlTypeName name) {
        return createSqlIntervalType(
                new SqlIntervalQualifier(name.getStartUnit(), name.getEndUnit(), SqlParserPos.ZERO));
    }

    private static boolean isNested(RelDataType type) {
        return type.isStruct() || SqlTypeUtil.isCollection(type);
    }

    private static boolean isFlat(RelDataType type) {
        SqlTypeName name = type.getSqlTypeName();
        boolean open = name == SqlTypeName.NULL || name == SqlTypeName.ANY || name == SqlTypeName.UNKNOWN;
        return !open && !isNested(type);
    }

    /** Calcite gives up digits behind the point to make room before it; a number that does not fit is an error here, as in arithmetic. */
    private RelDataType withEveryPlace(RelDataType common, List<RelDataType> types) {
        ColumnType decimal = Types.toEngine(common);
        for (RelDataType type : types) {
            if (SqlTypeUtil.isExactNumeric(type)) {
                decimal = DecimalRules.common(decimal, DecimalRules.decimalOf(Types.toEngine(type)));
            }
        }
        return Types.toCalcite(this, decimal, common.isNullable());
    }

    @Override
    public Charset getDefaultCharset() {
        return StandardCharsets.UTF_8;
    }
}
