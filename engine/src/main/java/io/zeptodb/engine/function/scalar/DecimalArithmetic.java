package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.FunctionContext;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.Int128;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Exact arithmetic on DECIMAL in 128 bits; quotients are rounded with halves away from zero, everything else that does not fit is an error.
 * Only where an intermediate value needs more than 128 bits, or a product more than 38 digits behind the point, is a row computed with
 * BigDecimal.
 */
final class DecimalArithmetic implements ScalarKernel {
    private final IntegerArithmetic.Operator operator;
    private final ColumnType left;
    private final ColumnType right;
    private final ColumnType type;

    private DecimalArithmetic(IntegerArithmetic.Operator operator, ColumnType left, ColumnType right, ColumnType type) {
        this.operator = operator;
        this.left = left;
        this.right = right;
        this.type = type;
    }

    static ScalarKernel of(IntegerArithmetic.Operator operator, ColumnType left, ColumnType right, ColumnType result) {
        return new DecimalArithmetic(operator, left, right, result);
    }

    @Override
    public void evaluate(
            ColumnVector[] arguments,
            @Nullable SelectionVector selection,
            int rowCount,
            WritableColumn result,
            FunctionContext context) {
        int[] positions = Rows.positions(selection);
        int count = Rows.count(selection, rowCount);
        Int128 value = new Int128();
        Int128 other = new Int128();
        long out = result.data();
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            value.load(arguments[0].viewAddress(at));
            other.load(arguments[1].viewAddress(at));
            boolean overflow = switch (operator) {
                case ADD -> sum(value, other, false);
                case SUBTRACT -> sum(value, other, true);
                case MULTIPLY -> product(value, other);
                case DIVIDE -> quotient(value, other, arguments, at);
                case REMAINDER -> remainder(value, other, arguments, at);
            };
            if (overflow || !Int128.fitsPrecision(value.high(), value.low(), type.precision())) {
                slow(arguments, at, value);
            }
            value.store(out + ((long) at << 4));
        }
    }

    private boolean sum(Int128 value, Int128 other, boolean minus) {
        boolean overflow = value.rescale(type.scale() - left.scale()) | other.rescale(type.scale() - right.scale());
        return overflow || (minus ? value.subtract(other.high(), other.low()) : value.add(other.high(), other.low()));
    }

    private boolean product(Int128 value, Int128 other) {
        return type.scale() != left.scale() + right.scale() || value.multiply(other.high(), other.low());
    }

    private boolean quotient(Int128 value, Int128 other, ColumnVector[] arguments, int row) {
        if (Int128.signum(other.high(), other.low()) == 0) {
            throw divisionByZero(arguments, row);
        }
        int places = type.scale() - left.scale() + right.scale();
        // dividing twice would round twice
        return places < 0
                || places > Int128.MAX_POWER_OF_TEN
                || value.rescale(places)
                || value.divideRounded(other.high(), other.low());
    }

    private boolean remainder(Int128 value, Int128 other, ColumnVector[] arguments, int row) {
        if (Int128.signum(other.high(), other.low()) == 0) {
            throw divisionByZero(arguments, row);
        }
        if (value.rescale(type.scale() - left.scale())
                || other.rescale(type.scale() - right.scale())
                || value.divide(other.high(), other.low())) {
            return true;
        }
        value.set(value.remainderHigh(), value.remainderLow());
        return false;
    }

    /** The same with BigDecimal, which also makes the message. */
    private void slow(ColumnVector[] arguments, int row, Int128 value) {
        BigDecimal a = arguments[0].getDecimal(row);
        BigDecimal b = arguments[1].getDecimal(row);
        BigDecimal exact = switch (operator) {
            case ADD -> a.add(b);
            case SUBTRACT -> a.subtract(b);
            case MULTIPLY -> a.multiply(b);
            case DIVIDE -> a.divide(b, type.scale(), RoundingMode.HALF_UP);
            case REMAINDER -> a.remainder(b);
        };
        int places = Math.max(0, exact.stripTrailingZeros().scale());
        BigDecimal scaled = exact.setScale(Math.max(places, type.scale()));
        if (places > type.scale() || scaled.precision() > type.precision()) {
            throw new EngineException(
                    ErrorCode.NUMERIC_OUT_OF_RANGE,
                    "out of range: " + a.toPlainString() + " " + operator.sign() + " " + b.toPlainString()
                            + " does not fit " + type
                            + " (cast an operand to a DECIMAL with fewer digits behind the point, or to DOUBLE)");
        }
        BigInteger unscaled = scaled.unscaledValue();
        value.set(unscaled.shiftRight(Long.SIZE).longValue(), unscaled.longValue());
    }

    private EngineException divisionByZero(ColumnVector[] arguments, int row) {
        return Failures.divisionByZero(arguments[0].getDecimal(row).toPlainString() + " " + operator.sign() + " 0");
    }
}
