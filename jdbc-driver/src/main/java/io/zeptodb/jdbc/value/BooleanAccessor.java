package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ResultColumn;
import java.math.BigDecimal;
import java.sql.SQLException;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** BOOLEAN; as a number 0 or 1. */
final class BooleanAccessor extends FixedAccessor {
    BooleanAccessor(ArrowCursor cursor, ResultColumn column) {
        super(cursor, column);
    }

    @Override
    void copy(FieldVector vector, int from, long[] values) {
        BitVector bits = (BitVector) vector;
        for (int i = 0; i < values.length; i++) {
            values[i] = bits.isNull(from + i) ? 0 : bits.get(from + i);
        }
    }

    @Override
    public boolean getBoolean() throws SQLException {
        return value() != 0;
    }

    @Override
    public long getLong() throws SQLException {
        return getBoolean() ? 1 : 0;
    }

    @Override
    public double getDouble() throws SQLException {
        return getLong();
    }

    @Override
    public @Nullable BigDecimal getBigDecimal() throws SQLException {
        long value = getLong();
        return wasNull() ? null : BigDecimal.valueOf(value);
    }

    @Override
    public @Nullable String getString() throws SQLException {
        boolean value = getBoolean();
        return wasNull() ? null : Boolean.toString(value);
    }

    @Override
    public @Nullable Object getObject() throws SQLException {
        boolean value = getBoolean();
        return wasNull() ? null : (Object) value;
    }
}
