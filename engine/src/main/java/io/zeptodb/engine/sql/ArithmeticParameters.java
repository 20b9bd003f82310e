package io.zeptodb.engine.sql;

import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.jspecify.annotations.Nullable;

/** What a question mark is beside the other operand of {@code + - * / %}: what a literal would be there. */
final class ArithmeticParameters {
    private static final Set<String> SIGNS = Set.of("+", "-", "*", "/", "%", "MOD");

    private static final Set<String> MOVES = Set.of("+", "-");

    private ArithmeticParameters() {}

    /** Whether the call is arithmetic of one question mark and something else. */
    static boolean isOneOf(SqlCall call) {
        return call.operandCount() == 2
                && SIGNS.contains(call.getOperator().getName())
                && (call.operand(0) instanceof SqlDynamicParam != call.operand(1) instanceof SqlDynamicParam);
    }

    /**
     * Integers stand beside integers, wide enough for every one; nanoseconds beside times and days beside dates, but for what a time is
     * taken from, which is a time; a number beside an interval that is multiplied. Other types stand beside themselves.
     *
     * @param parameter which operand the question mark is
     * @param time what the result is compared with, if that is a time: the question mark is one then too beside an interval
     */
    static RelDataType typeBeside(
            SqlCall call, int parameter, RelDataType other, @Nullable RelDataType time, RelDataTypeFactory factory) {
        String sign = call.getOperator().getName();
        boolean moves = MOVES.contains(sign);
        RelDataType type = other;
        if (SqlTypeUtil.isIntType(other)) {
            type = factory.createSqlType(SqlTypeName.BIGINT);
        } else if (SqlTypeUtil.isDatetime(other) && moves && (sign.equals("+") || parameter == 1)) {
            boolean days = other.getSqlTypeName() == SqlTypeName.DATE;
            type = factory.createSqlType(days ? SqlTypeName.INTEGER : SqlTypeName.BIGINT);
        } else if (SqlTypeUtil.isInterval(other) && time != null && moves && (sign.equals("+") || parameter == 0)) {
            type = time;
        } else if (SqlTypeUtil.isInterval(other) && !moves) {
            type = factory.createSqlType(SqlTypeName.BIGINT);
        }
        return factory.createTypeWithNullability(type, true);
    }
}
