package io.zeptodb.engine.optimizer;

/**
 * What is expected of the values of a column.
 *
 * @param distinct how many different ones, at least 1; NaN when unknown
 * @param min least, NaN when unknown; dates in days, timestamps in nanoseconds
 * @param max greatest, NaN when unknown
 */
record ColumnEstimate(double distinct, double min, double max) {
    static final ColumnEstimate UNKNOWN = new ColumnEstimate(Double.NaN, Double.NaN, Double.NaN);

    static ColumnEstimate of(double distinct) {
        return new ColumnEstimate(Math.max(1, distinct), Double.NaN, Double.NaN);
    }

    /** The column of fewer rows. */
    ColumnEstimate among(double rows) {
        return distinct > rows ? new ColumnEstimate(Math.max(1, rows), min, max) : this;
    }

    /** Different values, or this many when that is not known. */
    double distinctOr(double otherwise) {
        return Double.isNaN(distinct) ? otherwise : distinct;
    }

    /** The part of the values that are less than this one; NaN when that is not known. */
    double below(double value) {
        return max > min ? Math.max(0, Math.min(1, (value - min) / (max - min))) : Double.NaN;
    }
}
