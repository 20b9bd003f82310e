package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import org.jspecify.annotations.Nullable;

/** The second argument of percentiles: one for all rows, from 0 to 1 or in percent. State of one aggregator. */
final class Fraction {
    private final double scale;
    private double value;
    private boolean isNull;
    private boolean known;

    /** @param scale what the argument is divided by: 1 for fractions, 100 for percents; 0 when there is no such argument: the median */
    Fraction(double scale) {
        this.scale = scale;
        if (scale == 0) {
            value = 0.5;
            known = true;
        }
    }

    double value() {
        return value;
    }

    boolean isNull() {
        return isNull;
    }

    /** Takes the argument of the rows at places [from, to) of the list, or of these rows when there is none. */
    void read(ColumnVector[] arguments, int @Nullable [] rows, int from, int to) {
        if (scale == 0) {
            return;
        }
        int end = arguments[1].isConstant() ? Math.min(to, from + 1) : to;
        for (int i = from; i < end; i++) {
            read(arguments[1], rows == null ? i : rows[i]);
        }
    }

    private void read(ColumnVector argument, int row) {
        boolean missing = argument.isNull(row);
        double given = missing ? 0 : argument.getDouble(row) / scale;
        if (!missing && !(given >= 0 && given <= 1)) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a percentile must be from 0 to " + (scale == 1 ? "1" : "100") + ", got "
                            + argument.getDouble(row));
        }
        take(given, missing);
    }

    private void take(double given, boolean missing) {
        if (known && (given != value || missing != isNull)) {
            throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a percentile must be the same for all rows, got " + text(value, isNull) + " and "
                            + text(given, missing) + " (as fractions)");
        }
        value = given;
        isNull = missing;
        known = true;
    }

    private static String text(double value, boolean isNull) {
        return isNull ? "NULL" : Double.toString(value);
    }

    /** Joins that of another state. */
    void merge(Fraction other) {
        if (other.known) {
            take(other.value, other.isNull);
        }
    }
}
