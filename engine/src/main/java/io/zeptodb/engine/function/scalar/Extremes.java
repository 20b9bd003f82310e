package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.DecimalRules;
import io.zeptodb.engine.function.NullRule;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.Int128;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** greatest and least: any number of values of one type, NULLs passed over. */
final class Extremes {
    private Extremes() {}

    static @Nullable ScalarFunction of(Call call, boolean greatest) {
        ColumnType type = null;
        for (ColumnType next : call.types()) {
            type = type == null ? next : common(type, next);
            if (type == null) {
                return null;
            }
        }
        if (type == null || type.kind().isNested()) {
            return null;
        }
        // nothing but NULLs is text, as everywhere
        boolean text = type.kind() == TypeKind.SYMBOL || type.kind() == TypeKind.NULL;
        ColumnType[] parameters = new ColumnType[call.count()];
        Arrays.fill(parameters, text ? ColumnType.VARCHAR : type);
        if (type.kind() == TypeKind.DECIMAL) {
            return decimals(call, type, greatest);
        }
        return call.function(parameters[0], NullRule.CALLED_ON_NULL, false, loop(greatest), parameters);
    }

    /** DECIMALs of different scales are brought to one by casts, which {@link Call} would leave out. */
    private static ScalarFunction decimals(Call call, ColumnType type, boolean greatest) {
        return new ScalarFunction(
                call.name(),
                java.util.Collections.nCopies(call.count(), type),
                type,
                NullRule.CALLED_ON_NULL,
                false,
                true,
                loop(greatest));
    }

    /** The type that both go into, or null. */
    static @Nullable ColumnType common(ColumnType left, ColumnType right) {
        if (left.kind() == TypeKind.NULL) {
            return right;
        }
        if (right.kind() == TypeKind.NULL) {
            return left;
        }
        boolean exact = !left.kind().isFloat() && !right.kind().isFloat();
        boolean decimal = left.kind() == TypeKind.DECIMAL || right.kind() == TypeKind.DECIMAL;
        if (decimal && exact && left.kind().isNumeric() && right.kind().isNumeric()) {
            return DecimalRules.common(DecimalRules.decimalOf(left), DecimalRules.decimalOf(right));
        }
        boolean real = left.kind() == TypeKind.REAL || right.kind() == TypeKind.REAL;
        if (real && left.kind() != right.kind()) {
            return left.kind().isNumeric() && right.kind().isNumeric() ? ColumnType.DOUBLE : null;
        }
        if (left.kind() == right.kind()) {
            return left.precision() >= right.precision() ? left : right;
        }
        return Call.fits(left, right) ? right : Call.fits(right, left) ? left : null;
    }

    private static ScalarKernel loop(boolean greatest) {
        int wanted = greatest ? 1 : -1;
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                ColumnVector best = null;
                for (ColumnVector candidate : arguments) {
                    if (!candidate.isNull(at) && (best == null || compare(candidate, best, at) * wanted > 0)) {
                        best = candidate;
                    }
                }
                put(best, at, result);
            }
        };
    }

    private static int compare(ColumnVector left, ColumnVector right, int row) {
        return switch (left.type().kind()) {
            // -0 and 0 are equal
            case DOUBLE -> Double.compare(left.getDouble(row) + 0.0, right.getDouble(row) + 0.0);
            case REAL -> Float.compare(left.getFloat(row) + 0f, right.getFloat(row) + 0f);
            case VARCHAR, VARBINARY -> Integer.signum(left.compareText(row, right, row));
            case DECIMAL ->
                Int128.compare(
                        left.getDecimalHigh(row),
                        left.getDecimalLow(row),
                        right.getDecimalHigh(row),
                        right.getDecimalLow(row));
            default -> Long.compare(left.getAsLong(row), right.getAsLong(row));
        };
    }

    private static void put(@Nullable ColumnVector from, int row, WritableColumn result) {
        TypeKind kind = result.type().kind();
        if (from == null) {
            if (kind.isView()) {
                TextLoops.putEmpty(result, row);
            }
            result.setNull(row);
        } else if (kind.isView()) {
            result.setBytes(row, from.viewBytes(row), from.viewLength(row));
        } else if (kind == TypeKind.BOOLEAN) {
            result.setBoolean(row, from.getBoolean(row));
        } else {
            int width = kind.width();
            Memory.copy(from.data() + (long) (row & from.mask()) * width, result.data() + (long) row * width, width);
        }
    }
}
