package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ResultColumn;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** TINYINT, SMALLINT, INTEGER and BIGINT. */
abstract class IntegerAccessor extends FixedAccessor {
    private IntegerAccessor(ArrowCursor cursor, ResultColumn column) {
        super(cursor, column);
    }

    @Override
    public final long getLong() throws SQLException {
        return value();
    }

    /** The value, which is not NULL, as an object of the class that JDBC has for the type: Integer for the small ones too. */
    Object boxed(long value) {
        return (int) value;
    }

    @Override
    public final boolean getBoolean() throws SQLException {
        return getLong() != 0;
    }

    @Override
    public final double getDouble() throws SQLException {
        return getLong();
    }

    @Override
    public final float getFloat() throws SQLException {
        return getLong();
    }

    @Override
    public final @Nullable BigDecimal getBigDecimal() throws SQLException {
        long value = getLong();
        return wasNull() ? null : BigDecimal.valueOf(value);
    }

    @Override
    public final @Nullable String getString() throws SQLException {
        long value = getLong();
        return wasNull() ? null : Long.toString(value);
    }

    @Override
    public final @Nullable Object getObject() throws SQLException {
        long value = getLong();
        return wasNull() ? null : boxed(value);
    }

    static final class OfByte extends IntegerAccessor {
        OfByte(ArrowCursor cursor, ResultColumn column) {
            super(cursor, column);
        }

        @Override
        void copy(FieldVector vector, int from, long[] values) {
            ByteBuffer source = bytes(vector, from, values.length, Byte.BYTES);
            for (int i = 0; i < values.length; i++) {
                values[i] = source.get(i);
            }
        }
    }

    static final class OfShort extends IntegerAccessor {
        OfShort(ArrowCursor cursor, ResultColumn column) {
            super(cursor, column);
        }

        @Override
        void copy(FieldVector vector, int from, long[] values) {
            ByteBuffer source = bytes(vector, from, values.length, Short.BYTES);
            for (int i = 0; i < values.length; i++) {
                values[i] = source.getShort(i * Short.BYTES);
            }
        }
    }

    static final class OfInt extends IntegerAccessor {
        OfInt(ArrowCursor cursor, ResultColumn column) {
            super(cursor, column);
        }

        @Override
        void copy(FieldVector vector, int from, long[] values) {
            copyInts(vector, from, values);
        }

        @Override
        public int getInt() throws SQLException {
            return (int) value();
        }
    }

    static final class OfLong extends IntegerAccessor {
        OfLong(ArrowCursor cursor, ResultColumn column) {
            super(cursor, column);
        }

        @Override
        void copy(FieldVector vector, int from, long[] values) {
            copyLongs(vector, from, values);
        }

        @Override
        Object boxed(long value) {
            return value;
        }
    }
}
