package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ResultColumn;
import java.math.BigDecimal;
import java.sql.SQLException;
import org.apache.arrow.vector.DecimalVector;
import org.jspecify.annotations.Nullable;

/** DECIMAL. As an integer it loses its fraction; what does not fit is refused. */
final class DecimalAccessor extends ColumnAccessor {
    private static final BigDecimal LEAST_LONG = BigDecimal.valueOf(Long.MIN_VALUE);
    private static final BigDecimal MOST_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

    DecimalAccessor(ArrowCursor cursor, ResultColumn column) {
        super(cursor, column);
    }

    @Override
    public @Nullable BigDecimal getBigDecimal() throws SQLException {
        return read(DecimalVector.class, DecimalVector::getObject);
    }

    @Override
    public boolean getBoolean() throws SQLException {
        BigDecimal value = getBigDecimal();
        return value != null && value.signum() != 0;
    }

    @Override
    public long getLong() throws SQLException {
        return whole("BIGINT");
    }

    @Override
    long whole(String target) throws SQLException {
        BigDecimal value = getBigDecimal();
        if (value == null) {
            return 0;
        }
        BigDecimal whole = value.setScale(0, java.math.RoundingMode.DOWN);
        if (whole.compareTo(LEAST_LONG) < 0 || whole.compareTo(MOST_LONG) > 0) {
            throw outOfRange(value, target);
        }
        return whole.longValue();
    }

    @Override
    public double getDouble() throws SQLException {
        BigDecimal value = getBigDecimal();
        return value == null ? 0 : value.doubleValue();
    }

    @Override
    public float getFloat() throws SQLException {
        BigDecimal value = getBigDecimal();
        return value == null ? 0 : value.floatValue(); // 10^38 is below the greatest float
    }

    @Override
    public @Nullable String getString() throws SQLException {
        BigDecimal value = getBigDecimal();
        return value == null ? null : value.toPlainString();
    }

    @Override
    public @Nullable Object getObject() throws SQLException {
        return getBigDecimal();
    }
}
