package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import org.jspecify.annotations.Nullable;

/**
 * MEDIAN, PERCENTILE_CONT and PERCENTILE_DISC, exact: every value is kept as an {@link OrderKey}. The continuous form interpolates between the
 * two nearest of n values at place p * (n - 1) (Hyndman and Fan's type 7, R's default); the discrete form gives the first value whose place
 * among n is at least p * n.
 */
public final class PercentileAggregator extends RowAggregator {
    private final ValueLog log;
    private final ColumnType type;
    private final boolean continuous;
    private final double scale;
    private int groupsReserved;
    private double fraction;
    private boolean fractionIsNull;
    private boolean fractionKnown;

    /**
     * @param type DOUBLE when continuous; any type that {@link OrderKey#isLong} otherwise
     * @param scale what the second argument is divided by: 1 for fractions, 100 for percents; 0 when there is no such argument: the median
     */
    public PercentileAggregator(MemoryBudget budget, ColumnType type, boolean continuous, double scale) {
        super(budget, 0, 1);
        this.log = new ValueLog(budget, this::account);
        this.type = type;
        this.continuous = continuous;
        this.scale = scale;
        if (scale == 0) {
            fraction = 0.5;
            fractionKnown = true;
        }
    }

    @Override
    void grow(int groups) {
        groupsReserved = groups;
    }

    private void readFraction(ColumnVector[] arguments, int row) {
        if (scale == 0) {
            return;
        }
        boolean isNull = arguments[1].isNull(row);
        double given = isNull ? 0 : arguments[1].getDouble(row) / scale;
        if (!isNull && !(given >= 0 && given <= 1)) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a percentile must be from 0 to " + (scale == 1 ? "1" : "100") + ", got "
                            + arguments[1].getDouble(row));
        }
        takeFraction(given, isNull);
    }

    private void takeFraction(double given, boolean isNull) {
        if (fractionKnown && (given != fraction || isNull != fractionIsNull)) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a percentile must be the same for all rows, got " + fraction + " and " + given
                            + " (as fractions)");
        }
        fraction = given;
        fractionIsNull = isNull;
        fractionKnown = true;
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        prepare(arguments, rows, 0, count);
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            log.add(groups[row], OrderKey.at(arguments[0], row));
        }
    }

    private void prepare(ColumnVector[] arguments, int @Nullable [] rows, int from, int to) {
        log.reserve(to - from);
        int end = arguments.length > 1 && arguments[1].isConstant() ? Math.min(to, from + 1) : to;
        for (int i = from; i < end; i++) {
            readFraction(arguments, rows == null ? i : rows[i]);
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        prepare(arguments, rows, 0, count);
        for (int i = 0; i < count; i++) {
            log.add(group, OrderKey.at(arguments[0], rows[i]));
        }
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        prepare(arguments, null, from, to);
        for (int i = from; i < to; i++) {
            log.add(group, OrderKey.at(arguments[0], i));
        }
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        PercentileAggregator from = (PercentileAggregator) other;
        if (from.fractionKnown) {
            takeFraction(from.fraction, from.fractionIsNull);
        }
        log.addAll(from.log, groups);
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        log.order(groupsReserved);
        for (int i = 0; i < count; i++) {
            int start = log.start(from + i);
            int n = log.end(from + i) - start;
            if (n == 0 || fractionIsNull) {
                result.setNull(i);
            } else if (continuous) {
                result.setDouble(i, interpolated(start, n));
            } else {
                int place = (int) Math.max(1, Math.ceil(fraction * n));
                write(result, i, log.value(start + place - 1));
            }
        }
    }

    private double interpolated(int start, int n) {
        double place = fraction * (n - 1);
        int below = (int) place;
        double low = OrderKey.toDouble(log.value(start + below));
        double part = place - below;
        if (part == 0) {
            return low;
        }
        double high = OrderKey.toDouble(log.value(start + below + 1));
        return low == high ? low : low + part * (high - low);
    }

    private void write(WritableColumn result, int row, long key) {
        TypeKind kind = type.kind();
        if (kind.isFloat()) {
            result.setDouble(row, OrderKey.toDouble(key));
        } else {
            result.setLong(row, key);
        }
    }
}
