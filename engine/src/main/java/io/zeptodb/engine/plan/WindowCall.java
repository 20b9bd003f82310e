package io.zeptodb.engine.plan;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.function.AggregateFunction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One window function.
 *
 * @param kind what it is
 * @param aggregate for kind AGGREGATE, else null
 * @param arguments columns of the input or literals; the last one of the averages is a constant, maybe a parameter
 * @param frame the frame; ignored by ranking, LAG, LEAD and the averages
 * @param ignoreNulls IGNORE NULLS
 * @param type type of the result
 * @param name name of the result column
 * @param place where it was written, or null when that is not known
 */
public record WindowCall(
        Kind kind,
        @Nullable AggregateFunction aggregate,
        List<Expression> arguments,
        Frame frame,
        boolean ignoreNulls,
        ColumnType type,
        String name,
        @Nullable TextPlace place) {
    public WindowCall(
            Kind kind,
            @Nullable AggregateFunction aggregate,
            List<Expression> arguments,
            Frame frame,
            boolean ignoreNulls,
            ColumnType type,
            String name) {
        this(kind, aggregate, arguments, frame, ignoreNulls, type, name, null);
    }

    /** The window functions that are not aggregates, and AGGREGATE. */
    public enum Kind {
        ROW_NUMBER,
        RANK,
        DENSE_RANK,
        PERCENT_RANK,
        CUME_DIST,
        NTILE,
        LAG,
        LEAD,
        FIRST_VALUE,
        LAST_VALUE,
        NTH_VALUE,
        /** Exponential moving averages: of a number of rows, of a weight, of a half-life (whose second argument is the time). */
        EMA,
        EMA_ALPHA,
        EMA_HALFLIFE,
        AGGREGATE
    }

    /** What offsets of a frame count. */
    public enum FrameUnit {
        ROWS,
        RANGE,
        GROUPS
    }

    /** Which rows in the frame are left out. */
    public enum Exclusion {
        NONE,
        CURRENT_ROW,
        GROUP,
        TIES
    }

    /** One end of a frame. */
    public enum BoundKind {
        UNBOUNDED_PRECEDING,
        PRECEDING,
        CURRENT_ROW,
        FOLLOWING,
        UNBOUNDED_FOLLOWING
    }

    /**
     * One end of a frame.
     *
     * @param offset for PRECEDING and FOLLOWING: a literal or parameter, rows as BIGINT, for RANGE of the order key's type or an interval
     */
    public record Bound(BoundKind kind, @Nullable Expression offset) {}

    /** A frame. */
    public record Frame(FrameUnit unit, Bound start, Bound end, Exclusion exclusion) {}
}
