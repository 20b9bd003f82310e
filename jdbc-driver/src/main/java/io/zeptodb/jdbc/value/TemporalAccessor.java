package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.TemporalText;
import java.sql.Date;
import java.sql.SQLException;
import java.sql.Time;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Calendar;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/**
 * DATE, TIME and TIMESTAMP. getLong gives what is stored: days, nanoseconds of the day, nanoseconds since 1970 UTC. The instants of
 * java.time (Instant, OffsetDateTime, ZonedDateTime) take the stored time as UTC.
 */
abstract class TemporalAccessor extends FixedAccessor {
    static final long NANOS_PER_DAY = 86_400L * WallClock.NANOS_PER_SECOND;

    private TemporalAccessor(ArrowCursor cursor, ResultColumn column) {
        super(cursor, column);
    }

    @Override
    public final long getLong() throws SQLException {
        return value();
    }

    static final class OfDate extends TemporalAccessor {
        OfDate(ArrowCursor cursor, ResultColumn column) {
            super(cursor, column);
        }

        @Override
        void copy(FieldVector vector, int from, long[] values) {
            copyInts(vector, from, values);
        }

        @Override
        public @Nullable Date getDate(@Nullable Calendar calendar) throws SQLException {
            long days = getLong();
            return wasNull() ? null : WallClock.date(days, calendar);
        }

        @Override
        public @Nullable Timestamp getTimestamp(@Nullable Calendar calendar) throws SQLException {
            Date date = getDate(calendar);
            return date == null ? null : new Timestamp(date.getTime());
        }

        @Override
        public @Nullable String getString() throws SQLException {
            long days = getLong();
            return wasNull() ? null : TemporalText.formatDate((int) days);
        }

        @Override
        public @Nullable Object getObject() throws SQLException {
            return getDate(null);
        }

        @Override
        @Nullable
        Object as(Class<?> target) throws SQLException {
            if (target == LocalDate.class) {
                return LocalDate.ofEpochDay(getLong());
            }
            return target == LocalDateTime.class
                    ? LocalDate.ofEpochDay(getLong()).atStartOfDay()
                    : super.as(target);
        }
    }

    static final class OfTime extends TemporalAccessor {
        OfTime(ArrowCursor cursor, ResultColumn column) {
            super(cursor, column);
        }

        @Override
        void copy(FieldVector vector, int from, long[] values) {
            copyLongs(vector, from, values);
        }

        @Override
        public @Nullable Time getTime(@Nullable Calendar calendar) throws SQLException {
            long nanos = getLong();
            return wasNull() ? null : WallClock.time(nanos, calendar);
        }

        @Override
        public @Nullable String getString() throws SQLException {
            long nanos = getLong();
            return wasNull() ? null : TemporalText.formatTime(nanos);
        }

        @Override
        public @Nullable Object getObject() throws SQLException {
            return getTime(null);
        }

        @Override
        @Nullable
        Object as(Class<?> target) throws SQLException {
            return target == LocalTime.class ? LocalTime.ofNanoOfDay(getLong()) : super.as(target);
        }
    }

    static final class OfTimestamp extends TemporalAccessor {
        OfTimestamp(ArrowCursor cursor, ResultColumn column) {
            super(cursor, column);
        }

        @Override
        void copy(FieldVector vector, int from, long[] values) {
            copyLongs(vector, from, values);
        }

        @Override
        public @Nullable Timestamp getTimestamp(@Nullable Calendar calendar) throws SQLException {
            long nanos = getLong();
            return wasNull() ? null : WallClock.timestamp(nanos, calendar);
        }

        @Override
        public @Nullable Date getDate(@Nullable Calendar calendar) throws SQLException {
            long nanos = getLong();
            return wasNull() ? null : WallClock.date(Math.floorDiv(nanos, NANOS_PER_DAY), calendar);
        }

        @Override
        public @Nullable Time getTime(@Nullable Calendar calendar) throws SQLException {
            long nanos = getLong();
            return wasNull() ? null : WallClock.time(Math.floorMod(nanos, NANOS_PER_DAY), calendar);
        }

        @Override
        public @Nullable String getString() throws SQLException {
            long nanos = getLong();
            return wasNull() ? null : TemporalText.formatTimestamp(nanos);
        }

        @Override
        public @Nullable Object getObject() throws SQLException {
            return getTimestamp(null);
        }

        @Override
        @Nullable
        Object as(Class<?> target) throws SQLException {
            LocalDateTime local = WallClock.localDateTime(getLong());
            if (target == LocalDateTime.class) {
                return local;
            }
            if (target == Instant.class) {
                return local.toInstant(ZoneOffset.UTC);
            }
            if (target == OffsetDateTime.class) {
                return local.atOffset(ZoneOffset.UTC);
            }
            if (target == ZonedDateTime.class) {
                return local.atZone(ZoneOffset.UTC);
            }
            if (target == LocalDate.class) {
                return local.toLocalDate();
            }
            return target == LocalTime.class ? local.toLocalTime() : super.as(target);
        }
    }
}
