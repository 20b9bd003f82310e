package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ResultColumn;
import java.math.BigDecimal;
import java.sql.SQLException;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.jspecify.annotations.Nullable;

/** TINYINT, SMALLINT, INTEGER and BIGINT. */
abstract class IntegerAccessor extends ColumnAccessor {
    private IntegerAccessor(ArrowCursor cursor, ResultColumn column, FieldVector vector) {
        super(cursor, column, vector);
    }

    @Override
    public abstract long getLong() throws SQLException;

    /** The value, which is not NULL, as an object of the type's own class. */
    abstract Object boxed(long value);

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
        private final TinyIntVector values;

        OfByte(ArrowCursor cursor, ResultColumn column, TinyIntVector values) {
            super(cursor, column, values);
            this.values = values;
        }

        @Override
        public long getLong() throws SQLException {
            int row = row();
            return noteNull(row) ? 0 : values.get(row);
        }

        @Override
        Object boxed(long value) {
            return (byte) value;
        }
    }

    static final class OfShort extends IntegerAccessor {
        private final SmallIntVector values;

        OfShort(ArrowCursor cursor, ResultColumn column, SmallIntVector values) {
            super(cursor, column, values);
            this.values = values;
        }

        @Override
        public long getLong() throws SQLException {
            int row = row();
            return noteNull(row) ? 0 : values.get(row);
        }

        @Override
        Object boxed(long value) {
            return (short) value;
        }
    }

    static final class OfInt extends IntegerAccessor {
        private final IntVector values;

        OfInt(ArrowCursor cursor, ResultColumn column, IntVector values) {
            super(cursor, column, values);
            this.values = values;
        }

        @Override
        public int getInt() throws SQLException {
            int row = row();
            return noteNull(row) ? 0 : values.get(row);
        }

        @Override
        public long getLong() throws SQLException {
            return getInt();
        }

        @Override
        Object boxed(long value) {
            return (int) value;
        }
    }

    static final class OfLong extends IntegerAccessor {
        private final BigIntVector values;

        OfLong(ArrowCursor cursor, ResultColumn column, BigIntVector values) {
            super(cursor, column, values);
            this.values = values;
        }

        @Override
        public long getLong() throws SQLException {
            int row = row();
            return noteNull(row) ? 0 : values.get(row);
        }

        @Override
        Object boxed(long value) {
            return value;
        }
    }
}
