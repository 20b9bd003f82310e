package io.zeptodb.engine.exec;

import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.TimeBound;
import java.util.List;

/**
 * The times that bounds leave, ends included.
 *
 * @param low least time, if {@code hasLow}
 * @param high greatest time, if {@code hasHigh}
 * @param isEmpty whether no time is left
 */
record TimeSpan(long low, boolean hasLow, long high, boolean hasHigh, boolean isEmpty) {
    /** A bound that is NULL leaves no time. */
    static TimeSpan of(List<TimeBound> bounds, ExecutionContext context) {
        long low = Long.MIN_VALUE;
        long high = Long.MAX_VALUE;
        boolean hasLow = false;
        boolean hasHigh = false;
        boolean empty = false;
        for (TimeBound bound : bounds) {
            Long given = (Long) Constants.evaluate(bound.value(), context);
            if (given == null) {
                empty = true;
                continue;
            }
            long value = given;
            switch (bound.operator()) {
                case GREATER, GREATER_OR_EQUAL -> {
                    boolean strict = bound.operator() == Comparator.GREATER;
                    empty |= strict && value == Long.MAX_VALUE;
                    low = Math.max(low, strict ? value + 1 : value);
                    hasLow = true;
                }
                case LESS, LESS_OR_EQUAL -> {
                    boolean strict = bound.operator() == Comparator.LESS;
                    empty |= strict && value == Long.MIN_VALUE;
                    high = Math.min(high, strict ? value - 1 : value);
                    hasHigh = true;
                }
                default -> throw new IllegalArgumentException("no bound of a range has operator " + bound.operator());
            }
        }
        return new TimeSpan(low, hasLow, high, hasHigh, empty || low > high);
    }
}
