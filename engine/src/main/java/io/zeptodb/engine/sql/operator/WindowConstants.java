package io.zeptodb.engine.sql.operator;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.WindowFunction;
import io.zeptodb.engine.function.WindowFunction.Constant;
import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of window functions that must be the same for all rows: refused with their place when they name a column, or are a number that
 * is out of range. What is computed, or a parameter, is looked at when its value is known.
 */
final class WindowConstants {
    private WindowConstants() {}

    /** @throws EngineException INVALID_STATEMENT or INVALID_ARGUMENT with the argument's place */
    static void check(FunctionDefinition definition, List<ColumnType> arguments, SqlCallBinding binding) {
        WindowFunction function =
                definition.window() == null ? null : definition.window().resolve(arguments);
        Constant constant = function == null ? null : function.constant();
        if (constant == null) {
            return;
        }
        SqlNode operand = binding.operand(binding.getOperandCount() - 1);
        if (!isConstant(operand)) {
            throw failure(
                    ErrorCode.INVALID_STATEMENT,
                    constant.noun() + " of " + definition.name() + " must be a constant or a parameter",
                    operand);
        }
        boolean isNull = SqlUtil.isNullLiteral(operand, false);
        BigDecimal number = isNull ? null : number(operand);
        if (isNull || (number != null && !constant.allows(number.doubleValue()))) {
            throw failure(ErrorCode.INVALID_ARGUMENT, constant.refusal(definition.name(), number), operand);
        }
    }

    private static boolean isConstant(SqlNode operand) {
        boolean[] constant = {true};
        operand.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlIdentifier identifier) {
                constant[0] = false;
                return null;
            }

            @Override
            public @Nullable Void visit(SqlCall call) {
                boolean computes =
                        !call.isA(SqlKind.QUERY) && call.getOperator().isDeterministic();
                constant[0] &= computes;
                return computes ? super.visit(call) : null;
            }
        });
        return constant[0];
    }

    /** The value of a number as it is written, with its sign; null for what must be computed. */
    private static @Nullable BigDecimal number(SqlNode operand) {
        if (operand instanceof SqlNumericLiteral literal) {
            return literal.bigDecimalValue();
        }
        boolean negated = operand instanceof SqlCall call
                && call.operandCount() == 1
                && (call.getKind() == SqlKind.MINUS_PREFIX
                        || call.getOperator().getName().equalsIgnoreCase("negate"));
        BigDecimal number = negated ? number(((SqlCall) operand).operand(0)) : null;
        return number == null ? null : number.negate();
    }

    private static EngineException failure(ErrorCode code, String message, SqlNode operand) {
        SqlParserPos position = operand.getParserPosition();
        return new EngineException(code, message, position.getLineNum(), position.getColumnNum(), null);
    }
}
