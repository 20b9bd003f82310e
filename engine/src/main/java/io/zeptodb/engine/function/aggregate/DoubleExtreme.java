package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * MIN and MAX of REAL and DOUBLE, NaN being greater than every number. The loops compare once; a new extreme is rare, so the branch is
 * predicted, and only there NaN is looked at. An empty group holds what any value replaces: NaN for MIN, minus infinity for MAX.
 */
public final class DoubleExtreme extends RowAggregator {
    private static final int BYTES_PER_GROUP = Double.BYTES + 1;

    private final boolean wide;
    private final boolean greatest;
    private double[] values = {};
    private boolean[] present = {};

    public DoubleExtreme(MemoryBudget budget, ColumnType type, boolean greatest) {
        super(budget, BYTES_PER_GROUP, 1);
        this.wide = type.kind() == TypeKind.DOUBLE;
        this.greatest = greatest;
    }

    private double empty() {
        return greatest ? Double.NEGATIVE_INFINITY : Double.NaN;
    }

    private static double greater(double a, double b) {
        return Double.isNaN(a) || a >= b ? a : b;
    }

    private static double lesser(double a, double b) {
        return Double.isNaN(b) || a <= b ? a : b;
    }

    @Override
    void grow(int groups) {
        int old = values.length;
        values = Arrays.copyOf(values, groups);
        Arrays.fill(values, old, groups, empty());
        present = Arrays.copyOf(present, groups);
    }

    private static double load(long data, int at, boolean wide) {
        return wide ? Memory.getDouble(data + ((long) at << 3)) : Memory.getFloat(data + ((long) at << 2));
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        long data = arguments[0].data();
        int mask = arguments[0].mask();
        boolean doubles = wide;
        boolean max = greatest;
        double[] state = values;
        boolean[] seen = present;
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            int group = groups[row];
            double value = load(data, row & mask, doubles);
            double old = state[group];
            if (max ? !(value <= old) : !(value >= old)) {
                state[group] = max ? greater(old, value) : lesser(old, value);
            }
            seen[group] = true;
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        long data = arguments[0].data();
        int mask = arguments[0].mask();
        double best = values[group];
        for (int i = 0; i < count; i++) {
            double value = load(data, rows[i] & mask, wide);
            if (greatest ? !(value <= best) : !(value >= best)) {
                best = greatest ? greater(best, value) : lesser(best, value);
            }
        }
        values[group] = best;
        present[group] |= count > 0;
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        if (from == to) {
            return;
        }
        long data = arguments[0].data();
        double best = values[group];
        if (arguments[0].isConstant()) {
            double value = load(data, 0, wide);
            best = greatest ? greater(best, value) : lesser(best, value);
        } else if (wide) {
            best = greatest ? maxOfDoubles(data, from, to, best) : minOfDoubles(data, from, to, best);
        } else {
            best = greatest ? maxOfFloats(data, from, to, best) : minOfFloats(data, from, to, best);
        }
        values[group] = best;
        present[group] = true;
    }

    private static double maxOfDoubles(long data, int from, int to, double start) {
        double best = start;
        for (int i = from; i < to; i++) {
            double value = Memory.getDouble(data + ((long) i << 3));
            if (!(value <= best)) {
                best = greater(best, value);
            }
        }
        return best;
    }

    private static double minOfDoubles(long data, int from, int to, double start) {
        double best = start;
        for (int i = from; i < to; i++) {
            double value = Memory.getDouble(data + ((long) i << 3));
            if (!(value >= best)) {
                best = lesser(best, value);
            }
        }
        return best;
    }

    private static double maxOfFloats(long data, int from, int to, double start) {
        double best = start;
        for (int i = from; i < to; i++) {
            double value = Memory.getFloat(data + ((long) i << 2));
            if (!(value <= best)) {
                best = greater(best, value);
            }
        }
        return best;
    }

    private static double minOfFloats(long data, int from, int to, double start) {
        double best = start;
        for (int i = from; i < to; i++) {
            double value = Memory.getFloat(data + ((long) i << 2));
            if (!(value >= best)) {
                best = lesser(best, value);
            }
        }
        return best;
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        DoubleExtreme from = (DoubleExtreme) other;
        for (int g = 0; g < groupCount; g++) {
            int to = groups[g];
            values[to] = greatest ? greater(values[to], from.values[g]) : lesser(values[to], from.values[g]);
            present[to] |= from.present[g];
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            if (present[from + i]) {
                result.setDouble(i, values[from + i]);
            } else {
                result.setNull(i);
            }
        }
    }
}
