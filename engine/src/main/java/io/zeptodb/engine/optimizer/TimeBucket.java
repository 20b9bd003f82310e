package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Call;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.Literal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A group expression that cuts time into buckets of one width.
 *
 * @param column the time column
 * @param width nanoseconds: an INTERVAL_DAY or BIGINT literal
 * @param origin nanoseconds at which a bucket begins
 */
record TimeBucket(Column column, Expression width, long origin) {
    private static final Map<String, Duration> UNITS = Map.of(
            "ns", Duration.ofNanos(1),
            "nanosecond", Duration.ofNanos(1),
            "us", Duration.ofNanos(1_000),
            "microsecond", Duration.ofNanos(1_000),
            "ms", Duration.ofMillis(1),
            "millisecond", Duration.ofMillis(1),
            "second", Duration.ofSeconds(1),
            "minute", Duration.ofMinutes(1),
            "hour", Duration.ofHours(1),
            "day", Duration.ofDays(1));

    private static final String WEEK = "week";

    /** 1970-01-05 was a Monday, on which weeks begin. */
    private static final Duration FIRST_MONDAY = Duration.ofDays(4);

    /** The bucket that a call means, or null when it is no bucket of fixed width over a TIMESTAMP column. */
    static @Nullable TimeBucket of(Expression expression) {
        if (!(expression instanceof Call call)) {
            return null;
        }
        List<Expression> arguments = call.arguments();
        return switch (call.function().name()) {
            case "xbar", "time_bucket" -> ofWidth(arguments);
            case "date_trunc" -> arguments.size() == 2 ? ofUnit(arguments.get(0), arguments.get(1)) : null;
            default -> null;
        };
    }

    private static @Nullable TimeBucket ofWidth(List<Expression> arguments) {
        if (arguments.size() < 2) {
            return null;
        }
        boolean timeFirst = isTimeColumn(arguments.get(0));
        Expression time = arguments.get(timeFirst ? 0 : 1);
        Expression width = arguments.get(timeFirst ? 1 : 0);
        if (!isTimeColumn(time) || !isWidth(width)) {
            return null;
        }
        if (arguments.size() == 2) {
            return new TimeBucket((Column) time, width, 0);
        }
        boolean fixedOrigin = arguments.size() == 3
                && arguments.get(2) instanceof Literal literal
                && literal.type().kind() == TypeKind.TIMESTAMP;
        if (fixedOrigin && ((Literal) arguments.get(2)).value() instanceof Long origin) {
            return new TimeBucket((Column) time, width, origin);
        }
        return null;
    }

    private static boolean isTimeColumn(Expression expression) {
        return expression instanceof Column column && column.type().kind() == TypeKind.TIMESTAMP;
    }

    /** A width that is not greater than zero is left to the function, which says what is wrong with it. */
    private static boolean isWidth(Expression expression) {
        TypeKind kind = expression.type().kind();
        return (kind == TypeKind.INTERVAL_DAY || kind == TypeKind.BIGINT)
                && expression instanceof Literal literal
                && literal.value() instanceof Long width
                && width > 0;
    }

    private static @Nullable TimeBucket ofUnit(Expression unit, Expression time) {
        if (!(unit instanceof Literal literal) || literal.value() == null || !isTimeColumn(time)) {
            return null;
        }
        String name = literal.value().toString();
        if (name.equals(WEEK)) {
            return new TimeBucket((Column) time, nanos(Duration.ofDays(7)), FIRST_MONDAY.toNanos());
        }
        Duration width = UNITS.get(name);
        return width == null ? null : new TimeBucket((Column) time, nanos(width), 0);
    }

    private static Literal nanos(Duration width) {
        return new Literal(width.toNanos(), ColumnType.INTERVAL_DAY);
    }
}
