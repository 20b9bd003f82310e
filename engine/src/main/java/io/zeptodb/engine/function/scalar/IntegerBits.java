package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.Memory;
import org.jspecify.annotations.Nullable;

/** Functions of the bits and divisors of BIGINTs. */
final class IntegerBits {
    private static final ColumnType BIGINT = ColumnType.BIGINT;

    private IntegerBits() {}

    static @Nullable ScalarFunction resolve(Call call) {
        return switch (call.name()) {
            case "bitand" -> call.total(BIGINT, binary((a, b) -> a & b), BIGINT, BIGINT);
            case "bitor" -> call.total(BIGINT, binary((a, b) -> a | b), BIGINT, BIGINT);
            case "bitxor" -> call.total(BIGINT, binary((a, b) -> a ^ b), BIGINT, BIGINT);
            case "bitnot" -> call.count() == 1 ? call.total(BIGINT, unary((a, b) -> ~a), BIGINT) : null;
            case "shiftleft" -> call.partial(BIGINT, binary((a, n) -> a << places(call.name(), n)), BIGINT, BIGINT);
            case "shiftright" -> call.partial(BIGINT, binary((a, n) -> a >> places(call.name(), n)), BIGINT, BIGINT);
            case "gcd" -> call.partial(BIGINT, binary(IntegerBits::greatestCommonDivisor), BIGINT, BIGINT);
            case "lcm" -> call.partial(BIGINT, binary(IntegerBits::leastCommonMultiple), BIGINT, BIGINT);
            case "factorial" -> call.count() == 1 ? call.partial(BIGINT, unary((n, b) -> factorial(n)), BIGINT) : null;
            default -> null;
        };
    }

    /** A function of two longs. */
    private interface LongFunction {
        long apply(long a, long b);
    }

    private static ScalarKernel binary(LongFunction function) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            long out = result.data();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                long value = function.apply(arguments[0].getLong(at), arguments[1].getLong(at));
                Memory.putLong(out + ((long) at << 3), value);
            }
        };
    }

    private static ScalarKernel unary(LongFunction function) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            long out = result.data();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                Memory.putLong(out + ((long) at << 3), function.apply(arguments[0].getLong(at), 0));
            }
        };
    }

    private static long factorial(long n) {
        if (n < 0) {
            throw Failures.invalidArgument("factorial", "a negative number has none, got " + n);
        }
        long product = 1;
        for (long i = 2; i <= n; i++) {
            if (Math.multiplyHigh(product, i) != 0 || product * i < 0) {
                throw Failures.outOfRange("factorial(" + n + ")", BIGINT);
            }
            product *= i;
        }
        return product;
    }

    private static int places(String name, long n) {
        if (n < 0 || n >= Long.SIZE) {
            throw Failures.invalidArgument(name, "a shift is by 0 to 63 places, got " + n);
        }
        return (int) n;
    }

    private static long greatestCommonDivisor(long a, long b) {
        // on the negative side, where every long has its place
        long x = a > 0 ? -a : a;
        long y = b > 0 ? -b : b;
        while (y != 0) {
            long rest = x % y;
            x = y;
            y = rest;
        }
        if (x == Long.MIN_VALUE) {
            throw Failures.outOfRange("gcd(" + a + ", " + b + ")", BIGINT);
        }
        return -x;
    }

    private static long leastCommonMultiple(long a, long b) {
        if (a == 0 || b == 0) {
            return 0;
        }
        long left = a / greatestCommonDivisor(a, b);
        long product = left * b;
        if (Math.multiplyHigh(left, b) != product >> 63 || product == Long.MIN_VALUE) {
            throw Failures.outOfRange("lcm(" + a + ", " + b + ")", BIGINT);
        }
        return Math.abs(product);
    }
}
