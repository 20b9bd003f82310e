package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.NumberText;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.FunctionContext;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.ArithmeticKernels;
import io.zeptodb.engine.kernel.KernelProvider;
import io.zeptodb.engine.kernel.Memory;
import org.jspecify.annotations.Nullable;

/** Arithmetic of IEEE 754 on DOUBLE and REAL, but that a number divided by zero is an error. */
final class FloatArithmetic implements ScalarKernel {
    private final IntegerArithmetic.Operator operator;
    private final ColumnType type;

    private FloatArithmetic(IntegerArithmetic.Operator operator, ColumnType type) {
        this.operator = operator;
        this.type = type;
    }

    static ScalarKernel of(IntegerArithmetic.Operator operator, ColumnType type) {
        return new FloatArithmetic(operator, type);
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
        boolean bad = type.kind() == TypeKind.DOUBLE
                ? doubles(arguments[0], arguments[1], positions, count, result.data())
                : floats(arguments[0], arguments[1], positions, count, result.data());
        if (bad) {
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                double a = value(arguments[0], at);
                if (value(arguments[1], at) == 0 && !Double.isNaN(a)) {
                    throw Failures.divisionByZero(NumberText.format(a) + " " + operator.sign() + " 0");
                }
            }
        }
    }

    private boolean doubles(ColumnVector left, ColumnVector right, int @Nullable [] positions, int count, long out) {
        ArithmeticKernels kernels = KernelProvider.best().arithmetic();
        long a = left.data();
        long b = right.data();
        int aMask = left.mask();
        int bMask = right.mask();
        switch (operator) {
            case ADD -> kernels.addDoubles(a, aMask, b, bMask, positions, count, out);
            case SUBTRACT -> kernels.subtractDoubles(a, aMask, b, bMask, positions, count, out);
            case MULTIPLY -> kernels.multiplyDoubles(a, aMask, b, bMask, positions, count, out);
            case DIVIDE -> {
                return kernels.divideDoubles(a, aMask, b, bMask, positions, count, out) != 0;
            }
            case REMAINDER -> {
                return remainders(left, right, positions, count, out);
            }
        }
        return false;
    }

    private static boolean remainders(
            ColumnVector left, ColumnVector right, int @Nullable [] positions, int count, long out) {
        boolean bad = false;
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            double a = left.getDouble(at);
            double b = right.getDouble(at);
            bad |= b == 0 && !Double.isNaN(a);
            Memory.putDouble(out + ((long) at << 3), a % b);
        }
        return bad;
    }

    private boolean floats(ColumnVector left, ColumnVector right, int @Nullable [] positions, int count, long out) {
        boolean bad = false;
        boolean divides =
                operator == IntegerArithmetic.Operator.DIVIDE || operator == IntegerArithmetic.Operator.REMAINDER;
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            float a = left.getFloat(at);
            float b = right.getFloat(at);
            bad |= divides && b == 0 && !Float.isNaN(a);
            float value = switch (operator) {
                case ADD -> a + b;
                case SUBTRACT -> a - b;
                case MULTIPLY -> a * b;
                case DIVIDE -> a / b;
                case REMAINDER -> a % b;
            };
            Memory.putFloat(out + ((long) at << 2), value);
        }
        return bad;
    }

    private double value(ColumnVector vector, int row) {
        return type.kind() == TypeKind.DOUBLE ? vector.getDouble(row) : vector.getFloat(row);
    }
}
