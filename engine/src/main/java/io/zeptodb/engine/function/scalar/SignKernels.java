package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.Int128;
import io.zeptodb.engine.kernel.Memory;
import org.jspecify.annotations.Nullable;

/** What looks at the sign of a number: unary minus, abs and sign. The smallest integer has no opposite: an error. */
final class SignKernels {
    private SignKernels() {}

    static @Nullable ScalarFunction negate(Call call) {
        return switch (call.kind(0)) {
            case TINYINT, SMALLINT, INTEGER, BIGINT, INTERVAL_DAY, INTERVAL_MONTH ->
                call.partial(call.type(0), integers(false), call.type(0));
            case NULL -> call.partial(ColumnType.BIGINT, integers(false), ColumnType.BIGINT);
            case REAL, DOUBLE -> call.total(call.type(0), floats(false), call.type(0));
            case DECIMAL -> call.total(call.type(0), decimals(false), call.type(0));
            default -> null;
        };
    }

    static @Nullable ScalarFunction absolute(Call call) {
        return switch (call.kind(0)) {
            case TINYINT, SMALLINT, INTEGER, BIGINT, INTERVAL_DAY ->
                call.partial(call.type(0), integers(true), call.type(0));
            case NULL -> call.partial(ColumnType.BIGINT, integers(true), ColumnType.BIGINT);
            case REAL, DOUBLE -> call.total(call.type(0), floats(true), call.type(0));
            case DECIMAL -> call.total(call.type(0), decimals(true), call.type(0));
            default -> null;
        };
    }

    /** -1, 0 or 1: INTEGER for integers, DOUBLE for the others; NaN stays NaN. */
    static @Nullable ScalarFunction sign(Call call) {
        return switch (call.kind(0)) {
            case TINYINT, SMALLINT, INTEGER, BIGINT, NULL ->
                call.total(
                        ColumnType.INTEGER,
                        (arguments, selection, rowCount, result, context) -> {
                            int[] positions = Rows.positions(selection);
                            int count = Rows.count(selection, rowCount);
                            for (int i = 0; i < count; i++) {
                                int at = positions == null ? i : positions[i];
                                result.setLong(at, Long.signum(arguments[0].getLong(at)));
                            }
                        },
                        ColumnType.BIGINT);
            case REAL, DOUBLE, DECIMAL ->
                call.total(ColumnType.DOUBLE, DoubleLoops.unary(Math::signum), ColumnType.DOUBLE);
            default -> null;
        };
    }

    private static ScalarKernel integers(boolean absolute) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            ColumnType type = result.type();
            int unused = Long.SIZE - Byte.SIZE * type.width();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                long value = arguments[0].getAsLong(at);
                long opposite = absolute && value >= 0 ? value : -value;
                if (opposite << unused >> unused != opposite || (value == Long.MIN_VALUE)) {
                    throw Failures.outOfRange((absolute ? "abs(" : "-(") + value + ")", type);
                }
                result.setLong(at, opposite);
            }
        };
    }

    private static ScalarKernel floats(boolean absolute) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            boolean isDouble = result.type().kind() == TypeKind.DOUBLE;
            long out = result.data();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                if (isDouble) {
                    double value = arguments[0].getDouble(at);
                    Memory.putDouble(out + ((long) at << 3), absolute ? Math.abs(value) : -value);
                } else {
                    float value = arguments[0].getFloat(at);
                    Memory.putFloat(out + ((long) at << 2), absolute ? Math.abs(value) : -value);
                }
            }
        };
    }

    private static ScalarKernel decimals(boolean absolute) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            Int128 value = new Int128();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                negated(arguments[0], at, absolute, value, result);
            }
        };
    }

    private static void negated(ColumnVector from, int row, boolean absolute, Int128 value, WritableColumn result) {
        value.load(from.viewAddress(row));
        if (!absolute || value.high() < 0) {
            value.negate();
        }
        value.store(result.data() + ((long) row << 4));
    }
}
