package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ResultColumn;
import java.math.BigDecimal;
import java.sql.SQLException;
import org.apache.arrow.vector.BitVector;
import org.jspecify.annotations.Nullable;

/** BOOLEAN; as a number 0 or 1. */
final class BooleanAccessor extends ColumnAccessor {
    private final BitVector values;

    BooleanAccessor(ArrowCursor cursor, ResultColumn column, BitVector values) {
        super(cursor, column, values);
        this.values = values;
    }

    @Override
    public boolean getBoolean() throws SQLException {
        int row = row();
        return !noteNull(row) && values.get(row) != 0;
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
