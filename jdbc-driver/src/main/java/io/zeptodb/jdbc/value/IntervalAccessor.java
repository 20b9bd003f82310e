package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.IntervalText;
import io.zeptodb.engine.api.ResultColumn;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Period;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** Intervals: getLong gives nanoseconds or months, getObject a Duration or a Period. */
abstract class IntervalAccessor extends FixedAccessor {
    private IntervalAccessor(ArrowCursor cursor, ResultColumn column) {
        super(cursor, column);
    }

    @Override
    public final long getLong() throws SQLException {
        return value();
    }

    static final class OfDay extends IntervalAccessor {
        OfDay(ArrowCursor cursor, ResultColumn column) {
            super(cursor, column);
        }

        @Override
        void copy(FieldVector vector, int from, long[] values) {
            copyLongs(vector, from, values);
        }

        @Override
        public @Nullable String getString() throws SQLException {
            long nanos = getLong();
            return wasNull() ? null : IntervalText.formatNanos(nanos);
        }

        @Override
        public @Nullable Object getObject() throws SQLException {
            long nanos = getLong();
            return wasNull() ? null : Duration.ofNanos(nanos);
        }

        @Override
        @Nullable
        Object as(Class<?> target) throws SQLException {
            return target == Duration.class ? getObject() : super.as(target);
        }
    }

    static final class OfMonth extends IntervalAccessor {
        OfMonth(ArrowCursor cursor, ResultColumn column) {
            super(cursor, column);
        }

        @Override
        void copy(FieldVector vector, int from, long[] values) {
            copyInts(vector, from, values);
        }

        @Override
        public @Nullable String getString() throws SQLException {
            long months = getLong();
            return wasNull() ? null : IntervalText.formatMonths((int) months);
        }

        @Override
        public @Nullable Object getObject() throws SQLException {
            long months = getLong();
            return wasNull() ? null : Period.ofMonths((int) months).normalized();
        }

        @Override
        @Nullable
        Object as(Class<?> target) throws SQLException {
            return target == Period.class ? getObject() : super.as(target);
        }
    }
}
