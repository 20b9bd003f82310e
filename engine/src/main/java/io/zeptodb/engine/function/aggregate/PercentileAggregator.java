package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import org.jspecify.annotations.Nullable;

/**
 * MEDIAN, PERCENTILE_CONT and PERCENTILE_DISC, exact: every value is kept as an {@link OrderKey}. The continuous form interpolates between the
 * two nearest of n values at place p * (n - 1) (Hyndman and Fan's type 7, R's default); the discrete form gives the first value whose place
 * among n is at least p * n, counted from the least, or from the greatest.
 */
public final class PercentileAggregator extends RowAggregator {
    /** Which value it is. */
    public enum Form {
        CONTINUOUS,
        DISCRETE,
        /** The first value counted from the greatest. */
        DISCRETE_DESCENDING
    }

    private final ValueLog log;
    private final ColumnType type;
    private final Form form;
    private final Fraction fraction;
    private int groupsReserved;

    /**
     * @param type DOUBLE when continuous; any type that {@link OrderKey#isLong} otherwise
     * @param scale see {@link Fraction}
     */
    public PercentileAggregator(MemoryBudget budget, ColumnType type, Form form, double scale) {
        super(budget, 0, 1);
        this.log = new ValueLog(budget, this::account);
        this.type = type;
        this.form = form;
        this.fraction = new Fraction(scale);
    }

    @Override
    void grow(int groups) {
        groupsReserved = groups;
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
        fraction.read(arguments, rows, from, to);
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
        fraction.merge(from.fraction);
        log.addAll(from.log, groups);
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        log.order(groupsReserved);
        for (int i = 0; i < count; i++) {
            int start = log.start(from + i);
            int n = log.end(from + i) - start;
            if (n == 0 || fraction.isNull()) {
                result.setNull(i);
            } else if (form == Form.CONTINUOUS) {
                result.setDouble(i, interpolated(start, n));
            } else {
                int place = (int) Math.max(1, Math.ceil(fraction.value() * n));
                int index = form == Form.DISCRETE ? place - 1 : n - place;
                write(result, i, log.value(start + index));
            }
        }
    }

    private double interpolated(int start, int n) {
        double place = fraction.value() * (n - 1);
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
