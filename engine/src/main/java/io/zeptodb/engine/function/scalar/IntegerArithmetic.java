package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.FunctionContext;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.ArithmeticKernels;
import io.zeptodb.engine.kernel.KernelProvider;
import org.jspecify.annotations.Nullable;

/**
 * Exact arithmetic on integers of one type, and on whatever else is stored as an int64. What does not fit is an error that shows the
 * operands.
 */
final class IntegerArithmetic implements ScalarKernel {
    private final Operator operator;
    private final ColumnType type;

    private IntegerArithmetic(Operator operator, ColumnType type) {
        this.operator = operator;
        this.type = type;
    }

    /** The loop for two operands of this type. */
    static ScalarKernel of(Operator operator, ColumnType type) {
        return new IntegerArithmetic(operator, type);
    }

    /** What is computed. */
    enum Operator {
        ADD("+"),
        SUBTRACT("-"),
        MULTIPLY("*"),
        DIVIDE("/"),
        REMAINDER("%");

        private final String sign;

        Operator(String sign) {
            this.sign = sign;
        }

        String sign() {
            return sign;
        }
    }

    @Override
    public void evaluate(
            ColumnVector[] arguments,
            @Nullable SelectionVector selection,
            int rowCount,
            WritableColumn result,
            FunctionContext context) {
        ColumnVector left = arguments[0];
        ColumnVector right = arguments[1];
        int[] positions = Rows.positions(selection);
        int count = Rows.count(selection, rowCount);
        boolean bad = switch (type.width()) {
            case Long.BYTES -> longs(left, right, positions, count, result.data());
            case Integer.BYTES -> ints(left, right, positions, count, result.data());
            default -> narrow(left, right, positions, count, result);
        };
        if (bad) {
            throw failure(left, right, positions, count);
        }
    }

    private boolean longs(ColumnVector left, ColumnVector right, int @Nullable [] positions, int count, long out) {
        ArithmeticKernels kernels = KernelProvider.best().arithmetic();
        long a = left.data();
        long b = right.data();
        int aMask = left.mask();
        int bMask = right.mask();
        return switch (operator) {
            case ADD -> kernels.addLongs(a, aMask, b, bMask, positions, count, out) < 0;
            case SUBTRACT -> kernels.subtractLongs(a, aMask, b, bMask, positions, count, out) < 0;
            case MULTIPLY -> kernels.multiplyLongs(a, aMask, b, bMask, positions, count, out) != 0;
            case DIVIDE -> divideLongs(left, right, positions, count, out);
            case REMAINDER -> remainderLongs(left, right, positions, count, out);
        };
    }

    private boolean ints(ColumnVector left, ColumnVector right, int @Nullable [] positions, int count, long out) {
        ArithmeticKernels kernels = KernelProvider.best().arithmetic();
        long a = left.data();
        long b = right.data();
        int aMask = left.mask();
        int bMask = right.mask();
        return switch (operator) {
            case ADD -> kernels.addInts(a, aMask, b, bMask, positions, count, out) != 0;
            case SUBTRACT -> kernels.subtractInts(a, aMask, b, bMask, positions, count, out) != 0;
            case MULTIPLY -> kernels.multiplyInts(a, aMask, b, bMask, positions, count, out) != 0;
            case DIVIDE -> divideInts(left, right, positions, count, out);
            case REMAINDER -> remainderInts(left, right, positions, count, out);
        };
    }

    private static boolean divideLongs(
            ColumnVector left, ColumnVector right, int @Nullable [] positions, int count, long out) {
        int bad = 0;
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            long a = left.getLong(at);
            long b = right.getLong(at);
            int zero = b == 0 ? 1 : 0;
            bad |= zero | (b == -1 && a == Long.MIN_VALUE ? 1 : 0);
            putLong(out, at, a / (b + zero));
        }
        return bad != 0;
    }

    private static boolean remainderLongs(
            ColumnVector left, ColumnVector right, int @Nullable [] positions, int count, long out) {
        int bad = 0;
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            long b = right.getLong(at);
            int zero = b == 0 ? 1 : 0;
            bad |= zero;
            putLong(out, at, left.getLong(at) % (b + zero));
        }
        return bad != 0;
    }

    private static boolean divideInts(
            ColumnVector left, ColumnVector right, int @Nullable [] positions, int count, long out) {
        int bad = 0;
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            int a = left.getInt(at);
            int b = right.getInt(at);
            int zero = b == 0 ? 1 : 0;
            bad |= zero | (b == -1 && a == Integer.MIN_VALUE ? 1 : 0);
            putInt(out, at, a / (b + zero));
        }
        return bad != 0;
    }

    private static boolean remainderInts(
            ColumnVector left, ColumnVector right, int @Nullable [] positions, int count, long out) {
        int bad = 0;
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            int b = right.getInt(at);
            int zero = b == 0 ? 1 : 0;
            bad |= zero;
            putInt(out, at, left.getInt(at) % (b + zero));
        }
        return bad != 0;
    }

    private static void putLong(long out, int row, long value) {
        io.zeptodb.engine.kernel.Memory.putLong(out + ((long) row << 3), value);
    }

    private static void putInt(long out, int row, int value) {
        io.zeptodb.engine.kernel.Memory.putInt(out + ((long) row << 2), value);
    }

    /** TINYINT and SMALLINT: rare enough for one loop that asks for type and operator on each row. */
    private boolean narrow(
            ColumnVector left, ColumnVector right, int @Nullable [] positions, int count, WritableColumn result) {
        boolean bad = false;
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            long a = left.getAsLong(at);
            long b = right.getAsLong(at);
            bad |= problem(a, b) != null;
            result.setLong(at, compute(a, b));
        }
        return bad;
    }

    private long compute(long a, long b) {
        return switch (operator) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> b == 0 ? 0 : a / b;
            case REMAINDER -> b == 0 ? 0 : a % b;
        };
    }

    private @Nullable ErrorCode problem(long a, long b) {
        boolean divides = operator == Operator.DIVIDE || operator == Operator.REMAINDER;
        if (divides && b == 0) {
            return ErrorCode.DIVISION_BY_ZERO;
        }
        long value = compute(a, b);
        boolean overflow = switch (operator) {
            case ADD -> ((a ^ value) & (b ^ value)) < 0;
            case SUBTRACT -> ((a ^ b) & (a ^ value)) < 0;
            case MULTIPLY -> Math.multiplyHigh(a, b) != value >> 63;
            case DIVIDE -> a == Long.MIN_VALUE && b == -1;
            case REMAINDER -> false;
        };
        int unused = Long.SIZE - Byte.SIZE * type.width();
        return overflow || value << unused >> unused != value ? ErrorCode.NUMERIC_OUT_OF_RANGE : null;
    }

    private EngineException failure(ColumnVector left, ColumnVector right, int @Nullable [] positions, int count) {
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            long a = left.getAsLong(at);
            long b = right.getAsLong(at);
            ErrorCode code = problem(a, b);
            if (code == ErrorCode.DIVISION_BY_ZERO) {
                return Failures.divisionByZero(a + " " + operator.sign() + " " + b);
            }
            if (code != null) {
                return Failures.outOfRange(a + " " + operator.sign() + " " + b, type);
            }
        }
        throw new IllegalStateException("no row explains the overflow of " + operator + " on " + type);
    }
}
