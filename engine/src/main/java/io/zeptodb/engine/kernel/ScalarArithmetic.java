package io.zeptodb.engine.kernel;

import org.jspecify.annotations.Nullable;

/** {@link ArithmeticKernels} row by row: runs everywhere, and says what faster ones must give. */
final class ScalarArithmetic implements ArithmeticKernels {
    private static final int INT_SHIFT = 2;
    private static final int LONG_SHIFT = 3;

    @Override
    public long addLongs(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out) {
        long bad = 0;
        if (positions == null) {
            for (int i = 0; i < count; i++) {
                long a = Memory.getLong(left + ((long) (i & leftMask) << LONG_SHIFT));
                long b = Memory.getLong(right + ((long) (i & rightMask) << LONG_SHIFT));
                long sum = a + b;
                bad |= (a ^ sum) & (b ^ sum);
                Memory.putLong(out + ((long) i << LONG_SHIFT), sum);
            }
            return bad;
        }
        for (int i = 0; i < count; i++) {
            int at = positions[i];
            long a = Memory.getLong(left + ((long) (at & leftMask) << LONG_SHIFT));
            long b = Memory.getLong(right + ((long) (at & rightMask) << LONG_SHIFT));
            long sum = a + b;
            bad |= (a ^ sum) & (b ^ sum);
            Memory.putLong(out + ((long) at << LONG_SHIFT), sum);
        }
        return bad;
    }

    @Override
    public long subtractLongs(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out) {
        long bad = 0;
        if (positions == null) {
            for (int i = 0; i < count; i++) {
                long a = Memory.getLong(left + ((long) (i & leftMask) << LONG_SHIFT));
                long b = Memory.getLong(right + ((long) (i & rightMask) << LONG_SHIFT));
                long difference = a - b;
                bad |= (a ^ b) & (a ^ difference);
                Memory.putLong(out + ((long) i << LONG_SHIFT), difference);
            }
            return bad;
        }
        for (int i = 0; i < count; i++) {
            int at = positions[i];
            long a = Memory.getLong(left + ((long) (at & leftMask) << LONG_SHIFT));
            long b = Memory.getLong(right + ((long) (at & rightMask) << LONG_SHIFT));
            long difference = a - b;
            bad |= (a ^ b) & (a ^ difference);
            Memory.putLong(out + ((long) at << LONG_SHIFT), difference);
        }
        return bad;
    }

    @Override
    public long multiplyLongs(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out) {
        long bad = 0;
        if (positions == null) {
            for (int i = 0; i < count; i++) {
                long a = Memory.getLong(left + ((long) (i & leftMask) << LONG_SHIFT));
                long b = Memory.getLong(right + ((long) (i & rightMask) << LONG_SHIFT));
                long product = a * b;
                bad |= Math.multiplyHigh(a, b) ^ (product >> 63);
                Memory.putLong(out + ((long) i << LONG_SHIFT), product);
            }
            return bad;
        }
        for (int i = 0; i < count; i++) {
            int at = positions[i];
            long a = Memory.getLong(left + ((long) (at & leftMask) << LONG_SHIFT));
            long b = Memory.getLong(right + ((long) (at & rightMask) << LONG_SHIFT));
            long product = a * b;
            bad |= Math.multiplyHigh(a, b) ^ (product >> 63);
            Memory.putLong(out + ((long) at << LONG_SHIFT), product);
        }
        return bad;
    }

    @Override
    public long addInts(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out) {
        long bad = 0;
        if (positions == null) {
            for (int i = 0; i < count; i++) {
                long a = Memory.getInt(left + ((long) (i & leftMask) << INT_SHIFT));
                long b = Memory.getInt(right + ((long) (i & rightMask) << INT_SHIFT));
                long sum = a + b;
                bad |= sum ^ (int) sum;
                Memory.putInt(out + ((long) i << INT_SHIFT), (int) sum);
            }
            return bad;
        }
        for (int i = 0; i < count; i++) {
            int at = positions[i];
            long a = Memory.getInt(left + ((long) (at & leftMask) << INT_SHIFT));
            long b = Memory.getInt(right + ((long) (at & rightMask) << INT_SHIFT));
            long sum = a + b;
            bad |= sum ^ (int) sum;
            Memory.putInt(out + ((long) at << INT_SHIFT), (int) sum);
        }
        return bad;
    }

    @Override
    public long subtractInts(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out) {
        long bad = 0;
        if (positions == null) {
            for (int i = 0; i < count; i++) {
                long a = Memory.getInt(left + ((long) (i & leftMask) << INT_SHIFT));
                long b = Memory.getInt(right + ((long) (i & rightMask) << INT_SHIFT));
                long difference = a - b;
                bad |= difference ^ (int) difference;
                Memory.putInt(out + ((long) i << INT_SHIFT), (int) difference);
            }
            return bad;
        }
        for (int i = 0; i < count; i++) {
            int at = positions[i];
            long a = Memory.getInt(left + ((long) (at & leftMask) << INT_SHIFT));
            long b = Memory.getInt(right + ((long) (at & rightMask) << INT_SHIFT));
            long difference = a - b;
            bad |= difference ^ (int) difference;
            Memory.putInt(out + ((long) at << INT_SHIFT), (int) difference);
        }
        return bad;
    }

    @Override
    public long multiplyInts(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out) {
        long bad = 0;
        if (positions == null) {
            for (int i = 0; i < count; i++) {
                long a = Memory.getInt(left + ((long) (i & leftMask) << INT_SHIFT));
                long b = Memory.getInt(right + ((long) (i & rightMask) << INT_SHIFT));
                long product = a * b;
                bad |= product ^ (int) product;
                Memory.putInt(out + ((long) i << INT_SHIFT), (int) product);
            }
            return bad;
        }
        for (int i = 0; i < count; i++) {
            int at = positions[i];
            long a = Memory.getInt(left + ((long) (at & leftMask) << INT_SHIFT));
            long b = Memory.getInt(right + ((long) (at & rightMask) << INT_SHIFT));
            long product = a * b;
            bad |= product ^ (int) product;
            Memory.putInt(out + ((long) at << INT_SHIFT), (int) product);
        }
        return bad;
    }

    @Override
    public void addDoubles(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out) {
        if (positions == null) {
            for (int i = 0; i < count; i++) {
                double a = Memory.getDouble(left + ((long) (i & leftMask) << LONG_SHIFT));
                double b = Memory.getDouble(right + ((long) (i & rightMask) << LONG_SHIFT));
                Memory.putDouble(out + ((long) i << LONG_SHIFT), a + b);
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            int at = positions[i];
            double a = Memory.getDouble(left + ((long) (at & leftMask) << LONG_SHIFT));
            double b = Memory.getDouble(right + ((long) (at & rightMask) << LONG_SHIFT));
            Memory.putDouble(out + ((long) at << LONG_SHIFT), a + b);
        }
    }

    @Override
    public void subtractDoubles(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out) {
        if (positions == null) {
            for (int i = 0; i < count; i++) {
                double a = Memory.getDouble(left + ((long) (i & leftMask) << LONG_SHIFT));
                double b = Memory.getDouble(right + ((long) (i & rightMask) << LONG_SHIFT));
                Memory.putDouble(out + ((long) i << LONG_SHIFT), a - b);
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            int at = positions[i];
            double a = Memory.getDouble(left + ((long) (at & leftMask) << LONG_SHIFT));
            double b = Memory.getDouble(right + ((long) (at & rightMask) << LONG_SHIFT));
            Memory.putDouble(out + ((long) at << LONG_SHIFT), a - b);
        }
    }

    @Override
    public void multiplyDoubles(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out) {
        if (positions == null) {
            for (int i = 0; i < count; i++) {
                double a = Memory.getDouble(left + ((long) (i & leftMask) << LONG_SHIFT));
                double b = Memory.getDouble(right + ((long) (i & rightMask) << LONG_SHIFT));
                Memory.putDouble(out + ((long) i << LONG_SHIFT), a * b);
            }
            return;
        }
        for (int i = 0; i < count; i++) {
            int at = positions[i];
            double a = Memory.getDouble(left + ((long) (at & leftMask) << LONG_SHIFT));
            double b = Memory.getDouble(right + ((long) (at & rightMask) << LONG_SHIFT));
            Memory.putDouble(out + ((long) at << LONG_SHIFT), a * b);
        }
    }

    @Override
    public long divideDoubles(
            long left, int leftMask, long right, int rightMask, int @Nullable [] positions, int count, long out) {
        long bad = 0;
        if (positions == null) {
            for (int i = 0; i < count; i++) {
                double a = Memory.getDouble(left + ((long) (i & leftMask) << LONG_SHIFT));
                double b = Memory.getDouble(right + ((long) (i & rightMask) << LONG_SHIFT));
                bad |= (b == 0 ? 1 : 0) & (Double.isNaN(a) ? 0 : 1);
                Memory.putDouble(out + ((long) i << LONG_SHIFT), a / b);
            }
            return bad;
        }
        for (int i = 0; i < count; i++) {
            int at = positions[i];
            double a = Memory.getDouble(left + ((long) (at & leftMask) << LONG_SHIFT));
            double b = Memory.getDouble(right + ((long) (at & rightMask) << LONG_SHIFT));
            bad |= (b == 0 ? 1 : 0) & (Double.isNaN(a) ? 0 : 1);
            Memory.putDouble(out + ((long) at << LONG_SHIFT), a / b);
        }
        return bad;
    }
}
