package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.IntervalText;
import io.zeptodb.engine.api.NumberText;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.FunctionContext;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.Floors;
import io.zeptodb.engine.kernel.Memory;
import org.jspecify.annotations.Nullable;

/**
 * Floors to buckets: xbar and time_bucket. A width of nanoseconds counts from 1970-01-01 00:00 or an origin, a width of months by the
 * calendar from January 1970 or the origin's month; with a zone the wall clock there is floored.
 *
 * <p>The argument order of SQL is settled by the resolver: {@code value} and {@code width} are the indexes of the arguments, {@code
 * origin} and {@code zone} too, or -1.
 */
final class BucketKernels implements ScalarKernel {
    private final String name;
    private final int value;
    private final int width;
    private final int origin;
    private final int zone;

    BucketKernels(String name, int value, int width, int origin, int zone) {
        this.name = name;
        this.value = value;
        this.width = width;
        this.origin = origin;
        this.zone = zone;
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
        if (count == 0) {
            return;
        }
        ColumnVector values = arguments[value];
        ColumnVector widths = arguments[width];
        boolean plain = origin < 0 && zone < 0 && widths.type().kind() != TypeKind.INTERVAL_MONTH;
        if (plain && widths.isConstant() && values.type().width() == Long.BYTES) {
            long nanos = checkedWidth(widths, 0);
            if (Floors.longs(values.data(), values.mask(), nanos, positions, count, result.data())) {
                throw Failures.outOfRange(name + " of the smallest value", result.type());
            }
            return;
        }
        rows(arguments, positions, count, result);
    }

    private void rows(ColumnVector[] arguments, int @Nullable [] positions, int count, WritableColumn result) {
        ColumnVector values = arguments[value];
        ColumnVector widths = arguments[width];
        if (values.type().kind() == TypeKind.BIGINT) {
            numbers(values, widths, positions, count, result);
            return;
        }
        boolean months = widths.type().kind() == TypeKind.INTERVAL_MONTH;
        boolean days = values.type().kind() == TypeKind.DATE;
        BucketGrid grid = null;
        boolean constant = widths.isConstant()
                && (origin < 0 || arguments[origin].isConstant())
                && (zone < 0 || arguments[zone].isConstant());
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            if (grid == null || !constant) {
                long from = origin < 0 ? 0 : arguments[origin].getLong(at);
                String name = zone < 0 ? null : arguments[zone].getText(at);
                grid = BucketGrid.of(this.name, checkedWidth(widths, at), months, from, name);
            }
            long point = values.getAsLong(at);
            result.setLong(at, days ? grid.floorDay((int) point) : grid.floor(point));
        }
    }

    private void numbers(
            ColumnVector values, ColumnVector widths, int @Nullable [] positions, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            int at = positions == null ? i : positions[i];
            long point = values.getLong(at);
            long start = point - Math.floorMod(point, checkedWidth(widths, at));
            if (start > point) {
                throw Failures.outOfRange(name + " of the smallest value", result.type());
            }
            result.setLong(at, start);
        }
    }

    private long checkedWidth(ColumnVector widths, int row) {
        long step = widths.getAsLong(row);
        if (step <= 0) {
            String shown = switch (widths.type().kind()) {
                case INTERVAL_DAY -> "INTERVAL '" + IntervalText.formatNanos(step) + "'";
                case INTERVAL_MONTH -> "INTERVAL '" + IntervalText.formatMonths((int) step) + "'";
                default -> Long.toString(step);
            };
            throw Failures.invalidArgument(name, "the width must be greater than zero, got " + shown);
        }
        return step;
    }

    /** Whole numbers are all that doubles have from here on. */
    private static final double ALL_WHOLE = 0x1p52;

    /** Floors of doubles: {@code xbar(value, width)}. A value is its own floor where doubles near the quotient have no fractions. */
    static ScalarKernel doubles(String name) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            long out = result.data();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                double step = arguments[1].getDouble(at);
                if (!(step > 0)) {
                    throw Failures.invalidArgument(
                            name, "the width must be greater than zero, got " + NumberText.format(step));
                }
                double value = arguments[0].getDouble(at);
                double quotient = value / step;
                double floor = Math.abs(quotient) >= ALL_WHOLE ? value : Math.floor(quotient) * step;
                Memory.putDouble(out + ((long) at << 3), floor);
            }
        };
    }
}
