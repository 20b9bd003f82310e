package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.IntervalText;
import io.zeptodb.engine.api.ResultColumn;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Period;
import org.apache.arrow.vector.DurationVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntervalYearVector;
import org.jspecify.annotations.Nullable;

/** Intervals: getLong gives nanoseconds or months, getObject a Duration or a Period. */
abstract class IntervalAccessor extends ColumnAccessor {
    private IntervalAccessor(ArrowCursor cursor, ResultColumn column, FieldVector vector) {
        super(cursor, column, vector);
    }

    @Override
    public abstract long getLong() throws SQLException;

    static final class OfDay extends IntervalAccessor {
        private final DurationVector values;

        OfDay(ArrowCursor cursor, ResultColumn column, DurationVector values) {
            super(cursor, column, values);
            this.values = values;
        }

        @Override
        public long getLong() throws SQLException {
            int row = row();
            return noteNull(row) ? 0 : DurationVector.get(values.getDataBuffer(), row);
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
        private final IntervalYearVector values;

        OfMonth(ArrowCursor cursor, ResultColumn column, IntervalYearVector values) {
            super(cursor, column, values);
            this.values = values;
        }

        @Override
        public long getLong() throws SQLException {
            int row = row();
            return noteNull(row) ? 0 : values.get(row);
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
