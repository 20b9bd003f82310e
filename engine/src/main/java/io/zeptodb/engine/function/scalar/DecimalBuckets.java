package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.FunctionContext;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.Int128;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Floors of decimals: {@code xbar(value, width)}. Exact, where a quotient of doubles would put 0.3 below three times 0.1. In 128 bits; a row whose
 * operands do not fit them at one scale is computed with BigDecimal.
 */
final class DecimalBuckets implements ScalarKernel {
    /** Digits of a BIGINT. */
    private static final int LONG_DIGITS = 19;

    private final String name;
    private final ColumnType value;
    private final ColumnType width;
    private final ColumnType type;

    private DecimalBuckets(String name, ColumnType value, ColumnType width, ColumnType type) {
        this.name = name;
        this.value = value;
        this.width = width;
        this.type = type;
    }

    /** The function for a value and a width of which one is a DECIMAL and the other one too, or a whole number; else null. */
    static @Nullable ScalarFunction of(Call call) {
        if (!isExact(call.kind(0)) || !isExact(call.kind(1))) {
            return null;
        }
        ColumnType value = decimal(call.type(0));
        ColumnType width = decimal(call.type(1));
        // the floor may have a digit more than the value: -9.9 goes down to -10
        int whole = Math.max(value.precision() - value.scale(), width.precision() - width.scale()) + 1;
        ColumnType type = ColumnType.decimal(Math.min(Int128.MAX_POWER_OF_TEN, whole + width.scale()), width.scale());
        return call.partial(type, new DecimalBuckets(call.name(), value, width, type), value, width);
    }

    private static boolean isExact(TypeKind kind) {
        return kind == TypeKind.DECIMAL || kind.isInteger();
    }

    private static ColumnType decimal(ColumnType type) {
        return type.kind() == TypeKind.DECIMAL ? type : ColumnType.decimal(LONG_DIGITS, 0);
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
        int scale = Math.max(value.scale(), width.scale());
        Int128 floor = new Int128();
        Int128 step = new Int128();
        long out = result.data();
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            floor.load(arguments[0].viewAddress(at));
            step.load(arguments[1].viewAddress(at));
            if (Int128.signum(step.high(), step.low()) <= 0) {
                throw Failures.invalidArgument(
                        name,
                        "the width must be greater than zero, got "
                                + arguments[1].getDecimal(at).toPlainString());
            }
            boolean overflow = floor.rescale(scale - value.scale())
                    || step.rescale(scale - width.scale())
                    || floor(floor, step)
                    || floor.rescale(width.scale() - scale);
            if (overflow || !Int128.fitsPrecision(floor.high(), floor.low(), type.precision())) {
                slow(arguments, at, floor);
            }
            floor.store(out + ((long) at << 4));
        }
    }

    /** Of two numbers of one scale; the second is positive. Whether it does not fit. */
    private static boolean floor(Int128 number, Int128 step) {
        long high = number.high();
        long low = number.low();
        if (number.divide(step.high(), step.low())) {
            return true;
        }
        long restHigh = number.remainderHigh();
        long restLow = number.remainderLow();
        number.set(high, low);
        boolean below = Int128.signum(restHigh, restLow) < 0;
        return number.subtract(restHigh, restLow) || (below && number.subtract(step.high(), step.low()));
    }

    /** The same with BigDecimal, which also makes the message. */
    private void slow(ColumnVector[] arguments, int row, Int128 floor) {
        BigDecimal number = arguments[0].getDecimal(row);
        BigDecimal step = arguments[1].getDecimal(row);
        BigDecimal exact = number.divide(step, 0, RoundingMode.FLOOR).multiply(step);
        if (exact.precision() - exact.scale() + type.scale() > type.precision()) {
            throw Failures.outOfRange(name + "(" + number.toPlainString() + ", " + step.toPlainString() + ")", type);
        }
        BigInteger unscaled = exact.setScale(type.scale()).unscaledValue();
        floor.set(unscaled.shiftRight(Long.SIZE).longValue(), unscaled.longValue());
    }
}
