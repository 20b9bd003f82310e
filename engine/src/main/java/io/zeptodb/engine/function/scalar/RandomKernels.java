package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.function.NullRule;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.Memory;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** random and width_bucket: chance, and the parts that a histogram sorts it into. */
final class RandomKernels {
    private static final ColumnType DOUBLE = ColumnType.DOUBLE;

    private RandomKernels() {}

    static @Nullable ScalarFunction resolve(Call call) {
        if (call.name().equals("random")) {
            boolean fits = call.count() == 0;
            return fits
                    ? new ScalarFunction("random", List.of(), DOUBLE, NullRule.STRICT, false, false, random())
                    : null;
        }
        return call.partial(ColumnType.BIGINT, buckets(), DOUBLE, DOUBLE, DOUBLE, ColumnType.BIGINT);
    }

    private static ScalarKernel random() {
        return (arguments, selection, rowCount, result, context) -> {
            SplittableRandom random = new SplittableRandom();
            for (int i = 0; i < rowCount; i++) {
                Memory.putDouble(result.data() + ((long) i << 3), random.nextDouble());
            }
        };
    }

    private static ScalarKernel buckets() {
        return TextLoops.rows((arguments, row, result, work) -> result.setLong(row, bucket(arguments, row)));
    }

    private static long bucket(ColumnVector[] arguments, int row) {
        double x = arguments[0].getDouble(row);
        double low = arguments[1].getDouble(row);
        double high = arguments[2].getDouble(row);
        long count = arguments[3].getLong(row);
        boolean bounded = Double.isFinite(low) && Double.isFinite(high) && low != high;
        if (count < 1 || count == Long.MAX_VALUE || !bounded || Double.isNaN(x)) {
            throw Failures.invalidArgument(
                    "width_bucket", "there are no " + count + " buckets between " + low + " and " + high + " for " + x);
        }
        boolean descending = low > high;
        boolean before = descending ? x > low : x < low;
        boolean behind = descending ? x <= high : x >= high;
        if (before || behind) {
            return before ? 0 : count + 1;
        }
        double part = Math.abs(x - low) / Math.abs(high - low);
        return Math.min(count, (long) (part * count) + 1);
    }
}
