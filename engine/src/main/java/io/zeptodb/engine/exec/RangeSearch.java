package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.SortKey;
import io.zeptodb.engine.plan.WindowCall.Bound;
import io.zeptodb.engine.plan.WindowCall.BoundKind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;

/**
 * An end of a RANGE frame that lies an offset away from the current row's order key. Keys are {@link OrderedLongs}, turned round for a
 * descending order, so that they always ascend; the end moves on with the rows, but for months back from a timestamp: a month before March 29
 * 01:00 is February 28 01:00, and so is not behind a month before March 28 23:00. NULL keys are peers of each other and near nothing else. One thread.
 */
final class RangeSearch {
    private static final long DAY_NANOS = 86_400_000_000_000L;
    private static final String KEY = "the order key of a RANGE frame";

    private final ColumnVector key;
    private final SortKey order;
    private final TypeKind kind;
    /** Whether this is the first row of the frame that is looked for, or the one behind the last. */
    private final boolean start;
    /** Toward greater places when positive; nanoseconds, months, days, unscaled decimals or whole numbers, as the key. */
    private final long offset;

    private final double doubleOffset;
    private final boolean months;

    private final long[] here = new long[Batch.ROWS];
    private final long[] there = new long[Batch.ROWS];
    private int thereFrom;
    private int thereCount;
    private int partitionFirst = -1;
    private int place;
    private int presentFirst;
    private int presentEnd;

    private RangeSearch(
            ColumnVector key, SortKey order, boolean start, long offset, double doubleOffset, boolean months) {
        this.key = key;
        this.order = order;
        this.kind = key.type().kind();
        this.start = start;
        this.offset = offset;
        this.doubleOffset = doubleOffset;
        this.months = months;
    }

    /** Whether the place of a row may lie before that of the row before. */
    boolean goesBack() {
        return months && kind == TypeKind.TIMESTAMP;
    }

    static RangeSearch of(WindowRows rows, Bound bound, boolean start, ExecutionContext context) {
        if (rows.orderBy().size() != 1) {
            throw new EngineException(
                    ErrorCode.INVALID_STATEMENT,
                    "a RANGE frame with an offset needs exactly one ORDER BY key, has "
                            + rows.orderBy().size());
        }
        SortKey order = rows.orderBy().get(0);
        ColumnVector key = rows.columns()[order.column()];
        Object value = FrameBounds.value(bound, context);
        Expression expression = java.util.Objects.requireNonNull(bound.offset());
        boolean months = expression.type().kind() == TypeKind.INTERVAL_MONTH;
        int sign = bound.kind() == BoundKind.PRECEDING ? -1 : 1;
        if (((Number) value).doubleValue() < 0) {
            throw FrameBounds.negative(value);
        }
        if (key.type().kind().isFloat()) {
            return new RangeSearch(key, order, start, 0, sign * ((Number) value).doubleValue(), false);
        }
        // toward the frame's inside when the offset is finer than the keys
        RoundingMode rounding = (sign < 0) == start ? RoundingMode.FLOOR : RoundingMode.CEILING;
        long whole = whole((Number) value, expression.type(), key.type(), rounding);
        return new RangeSearch(key, order, start, sign * whole, 0, months);
    }

    private static long whole(Number value, ColumnType offsetType, ColumnType keyType, RoundingMode rounding) {
        BigDecimal exact = value instanceof BigDecimal decimal ? decimal : new BigDecimal(value.toString());
        if (keyType.kind() == TypeKind.DECIMAL) {
            exact = exact.scaleByPowerOfTen(keyType.scale());
        } else if (keyType.kind() == TypeKind.DATE && offsetType.kind() == TypeKind.INTERVAL_DAY) {
            exact = exact.divide(BigDecimal.valueOf(DAY_NANOS), 0, rounding);
        }
        BigDecimal rounded = exact.setScale(0, rounding);
        return rounded.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : rounded.longValue();
    }

    /** Writes the place for each of rows [row, to) of the partition [first, behind) to {@code places[row - from …]}. */
    void fill(int from, int row, int to, int first, int behind, int[] places) {
        if (first != partitionFirst) {
            beginPartition(first, behind);
        }
        OrderedLongs.encode(key, row, to - row, here, KEY);
        for (int i = row; i < to; i++) {
            if (i < presentFirst) {
                places[i - from] = start ? first : presentFirst;
            } else if (i >= presentEnd) {
                places[i - from] = start ? presentEnd : behind;
            } else {
                places[i - from] = seek(limit(i, here[i - row]));
            }
        }
    }

    /**
     * The least place that this row and those behind it in its partition can have.
     *
     * @param first first row of the partition
     * @param behind the row behind its last
     */
    int least(int row, int first, int behind) {
        if (first != partitionFirst) {
            beginPartition(first, behind);
        }
        if (row < presentFirst || row >= presentEnd) {
            return start ? row < presentFirst ? first : presentEnd : row < presentFirst ? presentFirst : behind;
        }
        OrderedLongs.encode(key, row, 1, here, KEY);
        long limit = limit(row, here[0]);
        if (goesBack()) {
            // days do not go back: no limit of a later row comes before the first moment of this one's day
            long day = Math.floorMod(order.descending() ? ~limit : limit, DAY_NANOS);
            limit = saturatingAdd(limit, order.descending() ? day - DAY_NANOS + 1 : -day);
        }
        return seek(limit);
    }

    /** The key's long in the ascending space, moved by the offset; saturates. */
    private long limit(int row, long own) {
        if (kind.isFloat()) {
            double value = OrderedLongs.toDouble(own);
            double by = order.descending() ? -doubleOffset : doubleOffset;
            // an infinite offset leads back from an infinite key to the other end of all numbers
            double moved = Double.isInfinite(by) && Double.isInfinite(value) ? by : value + by;
            return order.descending() ? ~OrderedLongs.of(moved) : OrderedLongs.of(moved);
        }
        long by = order.descending() ? -offset : offset;
        long moved = months ? plusMonths(row, own, by) : saturatingAdd(own, by);
        return order.descending() ? ~moved : moved;
    }

    private static long saturatingAdd(long value, long by) {
        long sum = value + by;
        boolean wrapped = ((value ^ sum) & (by ^ sum)) < 0;
        return wrapped ? (by < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
    }

    private long plusMonths(int row, long own, long by) {
        if (kind == TypeKind.DATE) {
            return LocalDate.ofEpochDay(own).plusMonths(by).toEpochDay();
        }
        if (kind != TypeKind.TIMESTAMP) {
            throw new EngineException(
                    ErrorCode.DATATYPE_MISMATCH,
                    "a RANGE frame over " + key.type() + " takes no offset of months (row " + row + ")");
        }
        long day = LocalDate.ofEpochDay(Math.floorDiv(own, DAY_NANOS))
                .plusMonths(by)
                .toEpochDay();
        if (Math.abs(day) > Long.MAX_VALUE / DAY_NANOS - 1) {
            return by < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
        return day * DAY_NANOS + Math.floorMod(own, DAY_NANOS);
    }

    private int seek(long limit) {
        while (place > presentFirst && isReached(place - 1, limit)) {
            place--;
        }
        while (place < presentEnd && !isReached(place, limit)) {
            place++;
        }
        return place;
    }

    private boolean isReached(int row, long limit) {
        long at = at(row);
        return start ? at >= limit : at > limit;
    }

    /** The ascending long of a row that has a key; rows are read in order, with steps back. */
    private long at(int row) {
        if (row < thereFrom || row >= thereFrom + thereCount) {
            thereFrom = row < thereFrom ? Math.max(presentFirst, row - there.length / 2) : row;
            thereCount = Math.min(there.length, presentEnd - thereFrom);
            OrderedLongs.encode(key, thereFrom, thereCount, there, KEY);
            if (order.descending()) {
                for (int i = 0; i < thereCount; i++) {
                    there[i] = ~there[i];
                }
            }
        }
        return there[row - thereFrom];
    }

    private void beginPartition(int first, int behind) {
        partitionFirst = first;
        presentFirst = first;
        presentEnd = behind;
        while (presentFirst < behind && order.nullsFirst() && key.isNull(presentFirst)) {
            presentFirst++;
        }
        while (presentEnd > presentFirst && key.isNull(presentEnd - 1)) {
            presentEnd--;
        }
        place = presentFirst;
        thereCount = 0;
    }
}
