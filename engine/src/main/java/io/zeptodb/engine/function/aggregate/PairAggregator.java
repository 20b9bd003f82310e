package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Statistics of pairs (y, x) of doubles, both present, by central moments: Welford's update row by row, Chan's formula to merge. As in
 * SQL the dependent variable y is the first argument.
 */
public final class PairAggregator extends RowAggregator {
    /** What comes out; n rows, sxx, syy and sxy the sums of products of distances from the means. */
    public enum Statistic {
        /** sxy / root of (sxx * syy); NULL when one does not vary. */
        CORRELATION,
        /** sxy / n. */
        COVARIANCE_POPULATION,
        /** sxy / (n - 1); NULL below two rows. */
        COVARIANCE_SAMPLE,
        /** sxy / sxx; NULL when x does not vary. */
        SLOPE,
        /** mean of y - slope * mean of x. */
        INTERCEPT,
        /** Square of the correlation; 1 when y does not vary, NULL when x does not. */
        R2,
        /** n, a BIGINT and never NULL. */
        COUNT,
        /** Mean of x. */
        MEAN_OF_X,
        /** Mean of y. */
        MEAN_OF_Y,
        /** sxx. */
        SUM_XX,
        /** syy. */
        SUM_YY,
        /** sxy. */
        SUM_XY
    }

    private static final int WORDS = 5;
    private static final int MEAN_X = 0;
    private static final int MEAN_Y = 1;
    private static final int SXX = 2;
    private static final int SYY = 3;
    private static final int SXY = 4;

    private final Statistic statistic;
    private long[] counts = {};
    private double[] moments = {};

    public PairAggregator(MemoryBudget budget, Statistic statistic) {
        super(budget, (WORDS + 1) * Double.BYTES, 2);
        this.statistic = statistic;
    }

    @Override
    void grow(int groups) {
        counts = Arrays.copyOf(counts, groups);
        moments = Arrays.copyOf(moments, groups * WORDS);
    }

    private void add(int group, double y, double x) {
        int at = group * WORDS;
        double n = ++counts[group];
        if (!(Double.isFinite(x) && Double.isFinite(y))) {
            addNotFinite(at, y, x);
            return;
        }
        double dx = x - moments[at + MEAN_X];
        double dy = y - moments[at + MEAN_Y];
        moments[at + MEAN_X] += dx / n;
        moments[at + MEAN_Y] += dy / n;
        double restX = x - moments[at + MEAN_X];
        double restY = y - moments[at + MEAN_Y];
        moments[at + SXX] += dx * restX;
        moments[at + SYY] += dy * restY;
        moments[at + SXY] += dx * restY;
    }

    /** What depends on a side with NaN or an infinity is NaN, whatever the order of rows. */
    private void addNotFinite(int at, double y, double x) {
        if (!Double.isFinite(x)) {
            moments[at + MEAN_X] = Double.NaN;
            moments[at + SXX] = Double.NaN;
        }
        if (!Double.isFinite(y)) {
            moments[at + MEAN_Y] = Double.NaN;
            moments[at + SYY] = Double.NaN;
        }
        moments[at + SXY] = Double.NaN;
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            add(groups[row], arguments[0].getDouble(row), arguments[1].getDouble(row));
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        for (int i = 0; i < count; i++) {
            add(group, arguments[0].getDouble(rows[i]), arguments[1].getDouble(rows[i]));
        }
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        for (int i = from; i < to; i++) {
            add(group, arguments[0].getDouble(i), arguments[1].getDouble(i));
        }
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        PairAggregator from = (PairAggregator) other;
        for (int g = 0; g < groupCount; g++) {
            if (from.counts[g] > 0) {
                join(groups[g], from, g);
            }
        }
    }

    private void join(int group, PairAggregator from, int other) {
        int at = group * WORDS;
        int with = other * WORDS;
        double a = counts[group];
        double b = from.counts[other];
        double n = a + b;
        double dx = from.moments[with + MEAN_X] - moments[at + MEAN_X];
        double dy = from.moments[with + MEAN_Y] - moments[at + MEAN_Y];
        double weight = a * b / n;
        moments[at + MEAN_X] += dx * b / n;
        moments[at + MEAN_Y] += dy * b / n;
        moments[at + SXX] += from.moments[with + SXX] + dx * dx * weight;
        moments[at + SYY] += from.moments[with + SYY] + dy * dy * weight;
        moments[at + SXY] += from.moments[with + SXY] + dx * dy * weight;
        counts[group] += from.counts[other];
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            if (isNull(from + i)) {
                result.setNull(i);
            } else if (statistic == Statistic.COUNT) {
                result.setLong(i, counts[from + i]);
            } else {
                result.setDouble(i, value(from + i));
            }
        }
    }

    private boolean isNull(int group) {
        long n = counts[group];
        double sxx = moments[group * WORDS + SXX];
        double syy = moments[group * WORDS + SYY];
        return switch (statistic) {
            case COUNT -> false;
            case COVARIANCE_POPULATION, MEAN_OF_X, MEAN_OF_Y, SUM_XX, SUM_YY, SUM_XY -> n < 1;
            case COVARIANCE_SAMPLE -> n < 2;
            case CORRELATION -> n < 1 || sxx == 0 || syy == 0;
            case SLOPE, INTERCEPT, R2 -> n < 1 || sxx == 0;
        };
    }

    private double value(int group) {
        int at = group * WORDS;
        double n = counts[group];
        double sxx = moments[at + SXX];
        double syy = moments[at + SYY];
        double sxy = moments[at + SXY];
        return switch (statistic) {
            case COUNT -> n;
            case MEAN_OF_X -> moments[at + MEAN_X];
            case MEAN_OF_Y -> moments[at + MEAN_Y];
            case SUM_XX -> sxx;
            case SUM_YY -> syy;
            case SUM_XY -> sxy;
            case COVARIANCE_POPULATION -> sxy / n;
            case COVARIANCE_SAMPLE -> sxy / (n - 1);
            case CORRELATION -> clamp(sxy / rootOfProduct(sxx, syy));
            case SLOPE -> sxy / sxx;
            case INTERCEPT -> moments[at + MEAN_Y] - sxy / sxx * moments[at + MEAN_X];
            case R2 -> syy == 0 ? 1 : Math.min(1, sxy / sxx * (sxy / syy));
        };
    }

    /** Rounded once where the product has a place among the doubles with all its digits, so that values on a line have exactly 1. */
    private static double rootOfProduct(double a, double b) {
        double product = a * b;
        return product >= Double.MIN_NORMAL && product <= Double.MAX_VALUE
                ? Math.sqrt(product)
                : Math.sqrt(a) * Math.sqrt(b);
    }

    /** Rounding may pass the bounds; NaN stays. */
    private static double clamp(double correlation) {
        return Math.max(-1, Math.min(1, correlation));
    }
}
