package io.zeptodb.engine.sql.ast;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlUtil;
import org.jspecify.annotations.Nullable;

/**
 * How many rows LIMIT and OFFSET mean: Calcite takes a literal or a question mark, so that what can be computed of constants is computed here.
 * Called by the generated parser.
 */
public final class RowCounts {
    private RowCounts() {}

    /**
     * A literal or question mark; null for NULL, which means no limit.
     *
     * @throws EngineException for anything that is not constant, and for a negative number
     */
    public static @Nullable SqlNode of(SqlNode expression) {
        if (expression instanceof SqlDynamicParam) {
            return expression;
        }
        if (SqlUtil.isNullLiteral(expression, false)) {
            return null;
        }
        BigDecimal count = value(expression);
        if (count.signum() < 0) {
            throw refused(
                    ErrorCode.INVALID_ARGUMENT,
                    "LIMIT and OFFSET must not be negative, got " + count.toPlainString(),
                    expression);
        }
        if (isFar(count)) {
            throw outOfRange(count, expression);
        }
        return expression instanceof SqlNumericLiteral
                ? expression
                : SqlLiteral.createExactNumeric(count.toPlainString(), expression.getParserPosition());
    }

    private static BigDecimal value(SqlNode expression) {
        if (expression instanceof SqlNumericLiteral number && number.isInteger()) {
            return number.getValueAs(BigDecimal.class);
        }
        if (!(expression instanceof SqlCall call)) {
            throw notConstant(expression);
        }
        return switch (call.getKind()) {
            case PLUS -> near(value(call.operand(0)).add(value(call.operand(1))), expression);
            case MINUS -> near(value(call.operand(0)).subtract(value(call.operand(1))), expression);
            case TIMES -> near(value(call.operand(0)).multiply(value(call.operand(1))), expression);
            case DIVIDE -> quotient(value(call.operand(0)), call.operand(1));
            case MOD -> value(call.operand(0)).remainder(divisor(call.operand(1)));
            case MINUS_PREFIX -> value(call.operand(0)).negate();
            case PLUS_PREFIX -> value(call.operand(0));
            default -> throw notConstant(expression);
        };
    }

    /** Products of products grow beyond all memory. */
    private static BigDecimal near(BigDecimal value, SqlNode place) {
        if (isFar(value)) {
            throw outOfRange(value, place);
        }
        return value;
    }

    private static boolean isFar(BigDecimal value) {
        return value.precision() - value.scale() > ColumnType.MAX_DECIMAL_PRECISION;
    }

    private static EngineException outOfRange(BigDecimal count, SqlNode place) {
        return refused(
                ErrorCode.NUMERIC_OUT_OF_RANGE,
                "LIMIT and OFFSET take numbers of at most " + ColumnType.MAX_DECIMAL_PRECISION + " digits, got "
                        + count,
                place);
    }

    private static BigDecimal quotient(BigDecimal dividend, SqlNode by) {
        return dividend.divide(divisor(by), 0, RoundingMode.DOWN);
    }

    private static BigDecimal divisor(SqlNode expression) {
        BigDecimal value = value(expression);
        if (value.signum() == 0) {
            throw refused(ErrorCode.DIVISION_BY_ZERO, "division by zero in LIMIT or OFFSET", expression);
        }
        return value;
    }

    private static EngineException notConstant(SqlNode expression) {
        String what = expression.isA(SqlKind.QUERY) ? "a query" : "anything but whole numbers, + - * / % and ?";
        return refused(ErrorCode.FEATURE_NOT_SUPPORTED, what + " in LIMIT or OFFSET is not supported", expression);
    }

    private static EngineException refused(ErrorCode code, String message, SqlNode place) {
        return new EngineException(
                code,
                message,
                place.getParserPosition().getLineNum(),
                place.getParserPosition().getColumnNum(),
                null);
    }
}
