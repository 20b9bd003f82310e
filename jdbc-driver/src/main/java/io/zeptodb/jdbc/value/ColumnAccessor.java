package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ResultColumn;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.SQLException;
import java.sql.SQLXML;
import java.sql.Struct;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.Calendar;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.calcite.avatica.util.Cursor;
import org.joou.UByte;
import org.joou.UInteger;
import org.joou.ULong;
import org.joou.UShort;
import org.jspecify.annotations.Nullable;

/**
 * Reads one column at the cursor's row. A subclass reads its vector type's own value without boxing and offers the conversions that make
 * sense; what it does not offer is refused here with the names of both types. NULL reads as null, 0 or false, and is noted for wasNull.
 * As thread-safe as its cursor.
 */
abstract class ColumnAccessor implements Cursor.Accessor {
    final ResultColumn column;
    final ArrowCursor cursor;
    /** Of the batch that is shown; only touched under the cursor's lock. */
    private @Nullable FieldVector vector;

    ColumnAccessor(ArrowCursor cursor, ResultColumn column) {
        this.cursor = cursor;
        this.column = column;
    }

    /** Another batch is read from now on; the cursor's lock is held. */
    void show(FieldVector ofBatch, DictionaryProvider dictionaries) {
        vector = ofBatch;
    }

    /** The vector to read between {@link ArrowCursor#enter()} and {@link ArrowCursor#leave()}. */
    final FieldVector vector() {
        return Objects.requireNonNull(vector);
    }

    /** Makes an object of a value that is not NULL; the cursor's lock is held. */
    interface FromVector<V extends FieldVector, T> {
        @Nullable
        T read(V vector, int row);
    }

    /** The value of the current row, null for NULL, which is noted for wasNull. */
    final <V extends FieldVector, T> @Nullable T read(Class<V> type, FromVector<V, T> reader) throws SQLException {
        int row = cursor.enter();
        try {
            V values = type.cast(vector());
            boolean isNull = values.isNull(row);
            cursor.noteNull(isNull);
            return isNull ? null : reader.read(values, row);
        } finally {
            cursor.leave();
        }
    }

    /** Whether the value of the current row is NULL, noted for wasNull. */
    final boolean noteNull() throws SQLException {
        int row = cursor.enter();
        try {
            boolean isNull = vector().isNull(row);
            cursor.noteNull(isNull);
            return isNull;
        } finally {
            cursor.leave();
        }
    }

    @Override
    public final boolean wasNull() {
        return cursor.wasNull();
    }

    // ---- refused unless a subclass can

    final SQLException refuse(String target) {
        return SqlErrors.of(
                SqlErrors.RESTRICTED_CONVERSION,
                "cannot read column '" + column.label() + "' as " + target + ": it is " + column.type());
    }

    final SQLException outOfRange(Object value, String target) {
        return SqlErrors.of(
                ErrorCode.NUMERIC_OUT_OF_RANGE.sqlState(),
                "column '" + column.label() + "' holds " + value + ", which is outside the range of " + target);
    }

    /** Null for a NULL, else {@link SQLException}: what a getter of an object does that its type does not have. */
    private void refuseUnlessNull(String target) throws SQLException {
        if (!noteNull()) {
            throw refuse(target);
        }
    }

    @Override
    public abstract @Nullable String getString() throws SQLException;

    @Override
    public abstract @Nullable Object getObject() throws SQLException;

    @Override
    public boolean getBoolean() throws SQLException {
        refuseUnlessNull("BOOLEAN");
        return false;
    }

    @Override
    public byte getByte() throws SQLException {
        return (byte) narrow(Byte.MIN_VALUE, Byte.MAX_VALUE, "TINYINT");
    }

    @Override
    public short getShort() throws SQLException {
        return (short) narrow(Short.MIN_VALUE, Short.MAX_VALUE, "SMALLINT");
    }

    @Override
    public int getInt() throws SQLException {
        return (int) narrow(Integer.MIN_VALUE, Integer.MAX_VALUE, "INTEGER");
    }

    private long narrow(long least, long most, String target) throws SQLException {
        long value = whole(target);
        if (value < least || value > most) {
            throw outOfRange(value, target);
        }
        return value;
    }

    /** The value without its fraction. @param target the type that was asked for, for the error of a value that is beyond all integers */
    long whole(String target) throws SQLException {
        return getLong();
    }

    @Override
    public long getLong() throws SQLException {
        refuseUnlessNull("BIGINT");
        return 0;
    }

    @Override
    public float getFloat() throws SQLException {
        double value = getDouble();
        if (Double.isFinite(value) && Float.isInfinite((float) value)) {
            throw outOfRange(value, "REAL");
        }
        return (float) value;
    }

    @Override
    public double getDouble() throws SQLException {
        refuseUnlessNull("DOUBLE");
        return 0;
    }

    @Override
    public @Nullable BigDecimal getBigDecimal() throws SQLException {
        refuseUnlessNull("DECIMAL");
        return null;
    }

    @Override
    public @Nullable BigDecimal getBigDecimal(int scale) throws SQLException {
        BigDecimal value = getBigDecimal();
        return value == null ? null : JdbcTypes.withScale(value, scale);
    }

    @Override
    public byte @Nullable [] getBytes() throws SQLException {
        refuseUnlessNull("VARBINARY");
        return null;
    }

    @Override
    public @Nullable Date getDate(@Nullable Calendar calendar) throws SQLException {
        refuseUnlessNull("DATE");
        return null;
    }

    @Override
    public @Nullable Time getTime(@Nullable Calendar calendar) throws SQLException {
        refuseUnlessNull("TIME");
        return null;
    }

    @Override
    public @Nullable Timestamp getTimestamp(@Nullable Calendar calendar) throws SQLException {
        refuseUnlessNull("TIMESTAMP");
        return null;
    }

    // ---- getObject of a class

    @Override
    public final <T> @Nullable T getObject(Class<T> target) throws SQLException {
        if (target == null) {
            throw SqlErrors.of(SqlErrors.INVALID_CALL, "getObject wants a class, got null");
        }
        Object value = noteNull() ? null : as(target);
        return target.cast(value);
    }

    /** The value, which is not NULL, as an object of the class. */
    @Nullable
    Object as(Class<?> target) throws SQLException {
        if (target == Object.class) {
            return getObject();
        }
        if (target == String.class || target == CharSequence.class) {
            return getString();
        }
        if (target == Boolean.class) {
            return getBoolean();
        }
        if (target == byte[].class) {
            return getBytes();
        }
        Object number = asNumber(target);
        if (number != null) {
            return number;
        }
        Object sqlTime = asSqlTime(target);
        if (sqlTime != null) {
            return sqlTime;
        }
        Object large = asLargeObject(target);
        if (large != null) {
            return large;
        }
        throw refuse(target.getName());
    }

    private @Nullable Object asLargeObject(Class<?> target) throws SQLException {
        if (target == Blob.class) {
            return getBlob();
        }
        if (target == Clob.class || target == NClob.class) {
            return getNClob();
        }
        if (target == InputStream.class) {
            return getBinaryStream();
        }
        return target == Reader.class ? getCharacterStream() : null;
    }

    private @Nullable Object asNumber(Class<?> target) throws SQLException {
        if (target == Long.class) {
            return getLong();
        }
        if (target == Integer.class) {
            return getInt();
        }
        if (target == Double.class) {
            return getDouble();
        }
        if (target == BigDecimal.class) {
            return getBigDecimal();
        }
        if (target == Float.class) {
            return getFloat();
        }
        if (target == Short.class) {
            return getShort();
        }
        if (target == Byte.class) {
            return getByte();
        }
        if (target == BigInteger.class) {
            BigDecimal value = getBigDecimal();
            return value == null ? null : value.toBigInteger();
        }
        return null;
    }

    private @Nullable Object asSqlTime(Class<?> target) throws SQLException {
        if (target == Timestamp.class || target == java.util.Date.class) {
            return getTimestamp(null);
        }
        if (target == Date.class) {
            return getDate(null);
        }
        return target == Time.class ? getTime(null) : null;
    }

    @Override
    public final @Nullable Object getObject(@Nullable Map<String, Class<?>> map) throws SQLException {
        if (map != null && !map.isEmpty()) {
            throw SqlErrors.unsupported("type maps are not supported: the engine has no user-defined types");
        }
        return getObject();
    }

    // ---- streams

    @Override
    public final @Nullable String getNString() throws SQLException {
        return getString();
    }

    @Override
    public final @Nullable InputStream getAsciiStream() throws SQLException {
        String text = getString();
        return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public final @Nullable InputStream getUnicodeStream() throws SQLException {
        String text = getString();
        return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public final @Nullable InputStream getBinaryStream() throws SQLException {
        byte[] bytes = getBytes();
        return bytes == null ? null : new ByteArrayInputStream(bytes);
    }

    @Override
    public final @Nullable Reader getCharacterStream() throws SQLException {
        String text = getString();
        return text == null ? null : new StringReader(text);
    }

    @Override
    public final @Nullable Reader getNCharacterStream() throws SQLException {
        return getCharacterStream();
    }

    // ---- types that the engine does not have

    @Override
    public final @Nullable Ref getRef() throws SQLException {
        refuseUnlessNull("REF");
        return null;
    }

    /** Of what has bytes. */
    @Override
    public final @Nullable Blob getBlob() throws SQLException {
        byte[] bytes = getBytes();
        return bytes == null ? null : new BlobValue(bytes);
    }

    @Override
    public final @Nullable Clob getClob() throws SQLException {
        return getNClob();
    }

    @Override
    public @Nullable NClob getNClob() throws SQLException {
        refuseUnlessNull("CLOB");
        return null;
    }

    @Override
    public @Nullable Array getArray() throws SQLException {
        refuseUnlessNull("ARRAY");
        return null;
    }

    @Override
    public @Nullable Struct getStruct() throws SQLException {
        refuseUnlessNull("STRUCT");
        return null;
    }

    @Override
    public final @Nullable URL getURL() throws SQLException {
        refuseUnlessNull("DATALINK");
        return null;
    }

    @Override
    public final @Nullable SQLXML getSQLXML() throws SQLException {
        refuseUnlessNull("SQLXML");
        return null;
    }

    @Override
    public final UByte getUByte() throws SQLException {
        throw refuse("an unsigned number");
    }

    @Override
    public final UShort getUShort() throws SQLException {
        throw refuse("an unsigned number");
    }

    @Override
    public final UInteger getUInt() throws SQLException {
        throw refuse("an unsigned number");
    }

    @Override
    public final ULong getULong() throws SQLException {
        throw refuse("an unsigned number");
    }
}
