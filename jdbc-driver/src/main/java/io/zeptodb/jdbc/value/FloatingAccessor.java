package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.NumberText;
import io.zeptodb.engine.api.ResultColumn;
import java.math.BigDecimal;
import java.sql.SQLException;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** REAL and DOUBLE. As integers they lose their fraction, as every driver does; what does not fit is refused. */
abstract class FloatingAccessor extends FixedAccessor {
    /** 2^63: the first double above every long. */
    private static final double ABOVE_LONGS = 0x1p63;

    private FloatingAccessor(ArrowCursor cursor, ResultColumn column) {
        super(cursor, column);
    }

    @Override
    public abstract double getDouble() throws SQLException;

    @Override
    public final boolean getBoolean() throws SQLException {
        return getDouble() != 0;
    }

    @Override
    final long whole(String target) throws SQLException {
        double value = getDouble();
        if (value >= -ABOVE_LONGS && value < ABOVE_LONGS) {
            return (long) value;
        }
        throw outOfRange(value, target);
    }

    @Override
    public final long getLong() throws SQLException {
        return whole("BIGINT");
    }

    @Override
    public final @Nullable BigDecimal getBigDecimal() throws SQLException {
        String text = getString();
        if (text == null) {
            return null;
        }
        if (!Double.isFinite(getDouble())) {
            throw outOfRange(text, "DECIMAL");
        }
        return new BigDecimal(text);
    }

    static final class OfFloat extends FloatingAccessor {
        OfFloat(ArrowCursor cursor, ResultColumn column) {
            super(cursor, column);
        }

        @Override
        void copy(FieldVector vector, int from, long[] values) {
            copyInts(vector, from, values);
        }

        @Override
        public float getFloat() throws SQLException {
            return Float.intBitsToFloat((int) value());
        }

        @Override
        public double getDouble() throws SQLException {
            return getFloat();
        }

        @Override
        public @Nullable String getString() throws SQLException {
            float value = getFloat();
            return wasNull() ? null : NumberText.format(value);
        }

        @Override
        public @Nullable Object getObject() throws SQLException {
            float value = getFloat();
            return wasNull() ? null : (Object) value;
        }
    }

    static final class OfDouble extends FloatingAccessor {
        OfDouble(ArrowCursor cursor, ResultColumn column) {
            super(cursor, column);
        }

        @Override
        void copy(FieldVector vector, int from, long[] values) {
            copyLongs(vector, from, values);
        }

        @Override
        public double getDouble() throws SQLException {
            return Double.longBitsToDouble(value());
        }

        @Override
        public @Nullable String getString() throws SQLException {
            double value = getDouble();
            return wasNull() ? null : NumberText.format(value);
        }

        @Override
        public @Nullable Object getObject() throws SQLException {
            double value = getDouble();
            return wasNull() ? null : (Object) value;
        }
    }
}
