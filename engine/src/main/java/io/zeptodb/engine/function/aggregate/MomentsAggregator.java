package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Variance, standard deviation, skewness and kurtosis of doubles by central moments. Single rows join a group by Welford's update; a range first
 * finds its own mean, then its moments around it, and joins by the pairwise formulas of Chan, Golub and LeVeque (1979) and Pébay (Sandia report
 * SAND2008-6212), which also merge partial states. Values that are all equal give exactly 0. NaN or an infinity among the values makes the result NaN,
 * whatever the order of rows. Large values are counted in a power of two, so that no power of a distance overflows.
 */
public final class MomentsAggregator extends RowAggregator {
    /** What comes out; n is the number of rows, m2 to m4 the sums of powers of the distances from the mean. */
    public enum Statistic {
        /** m2 / (n - 1); NULL below two rows. */
        VARIANCE_SAMPLE(2),
        /** m2 / n. */
        VARIANCE_POPULATION(2),
        /** Root of the sample variance. */
        DEVIATION_SAMPLE(2),
        /** Root of the population variance. */
        DEVIATION_POPULATION(2),
        /** Adjusted Fisher-Pearson coefficient G1; NULL below three rows. */
        SKEWNESS(3),
        /** Sample excess kurtosis G2; NULL below four rows. */
        KURTOSIS(4);

        private final int order;

        Statistic(int order) {
            this.order = order;
        }
    }

    private static final int WORDS = 4;
    private static final int MEAN = 0;
    private static final int M2 = 1;
    private static final int M3 = 2;
    private static final int M4 = 3;
    private static final int LEAST_BLOCK = 8;
    private static final int BLOCK = 1024;
    /** Values are scaled down by steps of this power of two until they are less than that: the fourth powers of many rows are numbers then. */
    private static final int SCALE_STEP = 200;

    private static final double LIMIT = 0x1p200;
    private static final double SQUARE_LIMIT = 0x1p400;
    /** The scale of a group with a value that is no finite number. */
    private static final byte NOT_FINITE = Byte.MAX_VALUE;

    private final Statistic statistic;
    private final boolean higher;
    private long[] counts = {};
    /** The steps by which the group's values are scaled down. */
    private byte[] scales = {};
    /** Mean, m2, m3, m4 of group g from 4g on. */
    private double[] moments = {};

    public MomentsAggregator(MemoryBudget budget, Statistic statistic) {
        super(budget, (WORDS + 1) * Double.BYTES + 1, 1);
        this.statistic = statistic;
        this.higher = statistic.order > 2;
    }

    @Override
    void grow(int groups) {
        counts = Arrays.copyOf(counts, groups);
        scales = Arrays.copyOf(scales, groups);
        moments = Arrays.copyOf(moments, groups * WORDS);
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        long data = arguments[0].data();
        int mask = arguments[0].mask();
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            add(groups[row], Memory.getDouble(data + ((long) (row & mask) << 3)));
        }
    }

    private void add(int group, double value) {
        if (scales[group] == 0 && Math.abs(value) < LIMIT) {
            addScaled(group, value);
        } else {
            addLarge(group, value);
        }
    }

    private void addLarge(int group, double value) {
        raise(group, scaleOf(value));
        if (scales[group] == NOT_FINITE) {
            counts[group]++;
        } else {
            addScaled(group, Math.scalb(value, -SCALE_STEP * scales[group]));
        }
    }

    private static byte scaleOf(double value) {
        return Double.isNaN(value) || Double.isInfinite(value)
                ? NOT_FINITE
                : (byte) (Math.max(0, Math.getExponent(value)) / SCALE_STEP);
    }

    /** Scales the group's values down by at least so many steps. */
    private void raise(int group, byte scale) {
        int steps = scale - scales[group];
        if (steps <= 0) {
            return;
        }
        scales[group] = scale;
        int at = group * WORDS;
        for (int i = 0; i < WORDS && scale != NOT_FINITE; i++) {
            moments[at + i] = Math.scalb(moments[at + i], -SCALE_STEP * steps * (i + 1));
        }
    }

    /** Welford's update. */
    private void addScaled(int group, double value) {
        int at = group * WORDS;
        double before = counts[group];
        double n = before + 1;
        counts[group]++;
        double delta = value - moments[at + MEAN];
        double step = delta / n;
        double term = delta * step * before;
        moments[at + MEAN] += step;
        if (higher) {
            double square = step * step;
            moments[at + M4] +=
                    term * square * (n * n - 3 * n + 3) + 6 * square * moments[at + M2] - 4 * step * moments[at + M3];
            moments[at + M3] += term * step * (n - 2) - 3 * step * moments[at + M2];
        }
        moments[at + M2] += term;
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        long data = arguments[0].data();
        int mask = arguments[0].mask();
        for (int i = 0; i < count; i++) {
            add(group, Memory.getDouble(data + ((long) (rows[i] & mask) << 3)));
        }
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        if (to - from < LEAST_BLOCK || arguments[0].isConstant()) {
            for (int i = from; i < to; i++) {
                add(group, arguments[0].getDouble(i));
            }
            return;
        }
        for (int at = from; at < to; at += BLOCK) {
            int end = Math.min(at + BLOCK, to);
            if (higher) {
                addHigherBlock(group, arguments[0].data(), at, end);
            } else {
                addBlock(group, arguments[0].data(), at, end);
            }
        }
    }

    /** Mean of the block, from its distances to its first value: equal values have exactly that value as mean. */
    private static double meanOf(long data, int from, int to) {
        double shift = Memory.getDouble(data + ((long) from << 3));
        double sum0 = 0;
        double sum1 = 0;
        int i = from;
        for (; i + 1 < to; i += 2) {
            long at = data + ((long) i << 3);
            sum0 += Memory.getDouble(at) - shift;
            sum1 += Memory.getDouble(at + 8) - shift;
        }
        if (i < to) {
            sum0 += Memory.getDouble(data + ((long) i << 3)) - shift;
        }
        return shift + (sum0 + sum1) / (to - from);
    }

    private void addBlock(int group, long data, int from, int to) {
        double mean = meanOf(data, from, to);
        double rest0 = 0;
        double rest1 = 0;
        double square0 = 0;
        double square1 = 0;
        int i = from;
        for (; i + 1 < to; i += 2) {
            long at = data + ((long) i << 3);
            double distance0 = Memory.getDouble(at) - mean;
            double distance1 = Memory.getDouble(at + 8) - mean;
            rest0 += distance0;
            rest1 += distance1;
            square0 += distance0 * distance0;
            square1 += distance1 * distance1;
        }
        if (i < to) {
            double distance = Memory.getDouble(data + ((long) i << 3)) - mean;
            rest0 += distance;
            square0 += distance * distance;
        }
        int n = to - from;
        double rest = rest0 + rest1;
        // what rounding the mean left over is taken out of the squares
        joinBlock(group, data, from, to, mean + rest / n, square0 + square1 - rest * rest / n, 0, 0);
    }

    /** Joins the moments of rows, or these one by one when there is a value among them that no sum of powers has room for. */
    private void joinBlock(int group, long data, int from, int to, double mean, double m2, double m3, double m4) {
        if (scales[group] == 0 && Math.abs(mean) < LIMIT && m2 < SQUARE_LIMIT) {
            join(group, to - from, mean, m2, m3, m4);
            return;
        }
        for (int i = from; i < to; i++) {
            add(group, Memory.getDouble(data + ((long) i << 3)));
        }
    }

    private void addHigherBlock(int group, long data, int from, int to) {
        double mean = meanOf(data, from, to);
        double m2 = 0;
        double m3 = 0;
        double m4 = 0;
        for (int i = from; i < to; i++) {
            double distance = Memory.getDouble(data + ((long) i << 3)) - mean;
            double square = distance * distance;
            m2 += square;
            m3 += square * distance;
            m4 += square * square;
        }
        joinBlock(group, data, from, to, mean, m2, m3, m4);
    }

    /** Joins the moments of n more rows. */
    private void join(int group, long n, double mean, double m2, double m3, double m4) {
        int at = group * WORDS;
        double a = counts[group];
        double b = n;
        if (n == 0) {
            return;
        }
        if (counts[group] == 0) {
            counts[group] = n;
            moments[at + MEAN] = mean;
            moments[at + M2] = m2;
            moments[at + M3] = m3;
            moments[at + M4] = m4;
            return;
        }
        double all = a + b;
        double delta = mean - moments[at + MEAN];
        double ratio = delta / all;
        if (higher) {
            moments[at + M4] += m4
                    + delta * ratio * ratio * ratio * a * b * (a * a - a * b + b * b)
                    + 6 * ratio * ratio * (a * a * m2 + b * b * moments[at + M2])
                    + 4 * ratio * (a * m3 - b * moments[at + M3]);
            moments[at + M3] +=
                    m3 + delta * ratio * ratio * a * b * (a - b) + 3 * ratio * (a * m2 - b * moments[at + M2]);
        }
        moments[at + M2] += m2 + delta * ratio * a * b;
        moments[at + MEAN] += ratio * b;
        counts[group] += n;
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        MomentsAggregator from = (MomentsAggregator) other;
        for (int g = 0; g < groupCount; g++) {
            int at = g * WORDS;
            int to = groups[g];
            raise(to, from.scales[g]);
            int down = from.scales[g] == NOT_FINITE ? 0 : -SCALE_STEP * (scales[to] - from.scales[g]);
            join(
                    to,
                    from.counts[g],
                    Math.scalb(from.moments[at + MEAN], down),
                    Math.scalb(from.moments[at + M2], 2 * down),
                    Math.scalb(from.moments[at + M3], 3 * down),
                    Math.scalb(from.moments[at + M4], 4 * down));
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            double value = result(from + i);
            if (isNull(from + i)) {
                result.setNull(i);
            } else {
                result.setDouble(i, value);
            }
        }
    }

    private boolean isNull(int group) {
        long n = counts[group];
        return switch (statistic) {
            case VARIANCE_POPULATION, DEVIATION_POPULATION -> n < 1;
            case VARIANCE_SAMPLE, DEVIATION_SAMPLE -> n < 2;
            case SKEWNESS -> n < 3 || isFlat(group);
            case KURTOSIS -> n < 4 || isFlat(group);
        };
    }

    private boolean isFlat(int group) {
        return scales[group] != NOT_FINITE && moments[group * WORDS + M2] == 0;
    }

    private double result(int group) {
        if (scales[group] == NOT_FINITE) {
            return Double.NaN;
        }
        int up = SCALE_STEP * scales[group];
        double n = counts[group];
        int at = group * WORDS;
        // rounding may leave a negative trace
        double m2 = moments[at + M2] < 0 ? 0 : moments[at + M2];
        return switch (statistic) {
            case VARIANCE_SAMPLE -> Math.scalb(m2 / (n - 1), 2 * up);
            case VARIANCE_POPULATION -> Math.scalb(m2 / n, 2 * up);
            case DEVIATION_SAMPLE -> Math.scalb(Math.sqrt(m2 / (n - 1)), up);
            case DEVIATION_POPULATION -> Math.scalb(Math.sqrt(m2 / n), up);
            case SKEWNESS -> {
                double skew = Math.sqrt(n) * moments[at + M3] / Math.pow(m2, 1.5);
                yield Math.sqrt(n * (n - 1)) / (n - 2) * skew;
            }
            case KURTOSIS -> {
                double excess = n * moments[at + M4] / (m2 * m2) - 3;
                yield (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6);
            }
        };
    }
}
