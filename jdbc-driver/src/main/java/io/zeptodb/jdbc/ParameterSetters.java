package io.zeptodb.jdbc;

import io.zeptodb.jdbc.append.ParameterCells;
import io.zeptodb.jdbc.value.SqlErrors;
import io.zeptodb.jdbc.value.WallClock;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.Calendar;
import java.util.List;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.AvaticaPreparedStatement;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/**
 * The setters of a prepared statement. Values are kept as the engine takes them; Avatica's own form of them would lose nanoseconds and
 * cost an object for each.
 */
abstract class ParameterSetters extends AvaticaPreparedStatement {
    private static final int NO_SCALE = -1;

    private final ParameterCells parameters;
    private final List<AvaticaParameter> declared;

    ParameterSetters(
            ZeptoConnection connection, Meta.StatementHandle handle, Meta.Signature signature, int[] resultSetKind)
            throws SQLException {
        super(connection, handle, signature, resultSetKind[0], resultSetKind[1], resultSetKind[2]);
        this.declared = signature.parameters;
        this.parameters = new ParameterCells(declared.size());
    }

    /** A copy of the values. @throws SQLException when one is not set */
    final @Nullable Object[] parameterValues() throws SQLException {
        return parameters.copy();
    }

    final ParameterCells parameterCells() {
        return parameters;
    }

    private void set(int index, @Nullable Object value) throws SQLException {
        checkOpen();
        parameters.setObject(index, value);
    }

    @Override
    public void clearParameters() throws SQLException {
        checkOpen();
        parameters.clear();
    }

    @Override
    public void setNull(int parameterIndex, int sqlType) throws SQLException {
        set(parameterIndex, null);
    }

    @Override
    public void setNull(int parameterIndex, int sqlType, @Nullable String typeName) throws SQLException {
        set(parameterIndex, null);
    }

    @Override
    public void setBoolean(int parameterIndex, boolean x) throws SQLException {
        checkOpen();
        parameters.setBoolean(parameterIndex, x);
    }

    @Override
    public void setByte(int parameterIndex, byte x) throws SQLException {
        checkOpen();
        parameters.setByte(parameterIndex, x);
    }

    @Override
    public void setShort(int parameterIndex, short x) throws SQLException {
        checkOpen();
        parameters.setShort(parameterIndex, x);
    }

    @Override
    public void setInt(int parameterIndex, int x) throws SQLException {
        checkOpen();
        parameters.setInt(parameterIndex, x);
    }

    @Override
    public void setLong(int parameterIndex, long x) throws SQLException {
        checkOpen();
        parameters.setLong(parameterIndex, x);
    }

    @Override
    public void setFloat(int parameterIndex, float x) throws SQLException {
        checkOpen();
        parameters.setFloat(parameterIndex, x);
    }

    @Override
    public void setDouble(int parameterIndex, double x) throws SQLException {
        checkOpen();
        parameters.setDouble(parameterIndex, x);
    }

    @Override
    public void setBigDecimal(int parameterIndex, @Nullable BigDecimal x) throws SQLException {
        set(parameterIndex, x);
    }

    @Override
    public void setString(int parameterIndex, @Nullable String x) throws SQLException {
        set(parameterIndex, x);
    }

    @Override
    public void setNString(int parameterIndex, @Nullable String x) throws SQLException {
        set(parameterIndex, x);
    }

    @Override
    public void setBytes(int parameterIndex, byte @Nullable [] x) throws SQLException {
        set(parameterIndex, x == null ? null : x.clone());
    }

    // ---- dates and times

    @Override
    public void setDate(int parameterIndex, @Nullable Date x) throws SQLException {
        setDate(parameterIndex, x, null);
    }

    @Override
    public void setDate(int parameterIndex, @Nullable Date x, @Nullable Calendar calendar) throws SQLException {
        set(parameterIndex, x == null ? null : WallClock.localDate(x, calendar));
    }

    @Override
    public void setTime(int parameterIndex, @Nullable Time x) throws SQLException {
        setTime(parameterIndex, x, null);
    }

    @Override
    public void setTime(int parameterIndex, @Nullable Time x, @Nullable Calendar calendar) throws SQLException {
        set(parameterIndex, x == null ? null : WallClock.localTime(x, calendar));
    }

    @Override
    public void setTimestamp(int parameterIndex, @Nullable Timestamp x) throws SQLException {
        setTimestamp(parameterIndex, x, null);
    }

    @Override
    public void setTimestamp(int parameterIndex, @Nullable Timestamp x, @Nullable Calendar calendar)
            throws SQLException {
        set(parameterIndex, x == null ? null : WallClock.localDateTime(x, calendar));
    }

    // ---- objects

    @Override
    public void setObject(int parameterIndex, @Nullable Object x) throws SQLException {
        checkOpen();
        setNatural(parameterIndex, x);
    }

    private void setNatural(int index, @Nullable Object value) throws SQLException {
        set(index, ParameterConversion.natural(ParameterConversion.forType(value, typeOf(index))));
    }

    /** Of a parameter, counted from 1, as the statement was planned; of one that is not there, none. */
    final int typeOf(int index) {
        return index < 1 || index > declared.size() ? Types.NULL : declared.get(index - 1).parameterType;
    }

    @Override
    public void setObject(int parameterIndex, @Nullable Object x, int targetSqlType) throws SQLException {
        setObject(parameterIndex, x, targetSqlType, NO_SCALE);
    }

    @Override
    public void setObject(int parameterIndex, @Nullable Object x, int targetSqlType, int scaleOrLength)
            throws SQLException {
        checkOpen();
        if (targetSqlType == Types.OTHER || targetSqlType == Types.JAVA_OBJECT) {
            setNatural(parameterIndex, x);
            return;
        }
        Object given = ParameterConversion.forType(x, targetSqlType);
        set(parameterIndex, ParameterConversion.convert(given, targetSqlType, scaleOrLength));
    }

    @Override
    public void setObject(int parameterIndex, @Nullable Object x, SQLType targetSqlType) throws SQLException {
        setObject(parameterIndex, x, number(targetSqlType));
    }

    @Override
    public void setObject(int parameterIndex, @Nullable Object x, SQLType targetSqlType, int scaleOrLength)
            throws SQLException {
        setObject(parameterIndex, x, number(targetSqlType), scaleOrLength);
    }

    private static int number(@Nullable SQLType type) throws SQLException {
        if (type == null) {
            throw SqlErrors.of(SqlErrors.INVALID_CALL, "a parameter wants a type, got null");
        }
        Integer number = type.getVendorTypeNumber();
        if (number == null) {
            throw SqlErrors.of(
                    SqlErrors.INVALID_CALL,
                    "a parameter wants a type of java.sql.Types, got " + type.getName() + " without a number");
        }
        return number;
    }

    // ---- streams: read at once, for a row is stored as a whole

    @Override
    public void setAsciiStream(int parameterIndex, @Nullable InputStream x, int length) throws SQLException {
        checkOpen();
        byte[] bytes = ParameterConversion.bytes(x, length);
        set(parameterIndex, bytes == null ? null : new String(bytes, StandardCharsets.US_ASCII));
    }

    @Override
    public void setBinaryStream(int parameterIndex, @Nullable InputStream x, int length) throws SQLException {
        checkOpen();
        set(parameterIndex, ParameterConversion.bytes(x, length));
    }

    @Override
    public void setCharacterStream(int parameterIndex, @Nullable Reader reader, int length) throws SQLException {
        checkOpen();
        set(parameterIndex, ParameterConversion.text(reader, length));
    }

    @Override
    public void setAsciiStream(int parameterIndex, @Nullable InputStream x, long length) throws SQLException {
        checkOpen();
        byte[] bytes = ParameterConversion.bytes(x, length);
        set(parameterIndex, bytes == null ? null : new String(bytes, StandardCharsets.US_ASCII));
    }

    @Override
    public void setBinaryStream(int parameterIndex, @Nullable InputStream x, long length) throws SQLException {
        checkOpen();
        set(parameterIndex, ParameterConversion.bytes(x, length));
    }

    @Override
    public void setCharacterStream(int parameterIndex, @Nullable Reader reader, long length) throws SQLException {
        checkOpen();
        set(parameterIndex, ParameterConversion.text(reader, length));
    }

    @Override
    public void setAsciiStream(int parameterIndex, @Nullable InputStream x) throws SQLException {
        checkOpen();
        byte[] bytes = ParameterConversion.bytes(x);
        set(parameterIndex, bytes == null ? null : new String(bytes, StandardCharsets.US_ASCII));
    }

    @Override
    public void setBinaryStream(int parameterIndex, @Nullable InputStream x) throws SQLException {
        checkOpen();
        set(parameterIndex, ParameterConversion.bytes(x));
    }

    @Override
    public void setCharacterStream(int parameterIndex, @Nullable Reader reader) throws SQLException {
        checkOpen();
        set(parameterIndex, ParameterConversion.text(reader));
    }

    @Override
    @Deprecated
    public void setUnicodeStream(int parameterIndex, @Nullable InputStream x, int length) throws SQLException {
        checkOpen();
        byte[] bytes = ParameterConversion.bytes(x, length);
        set(parameterIndex, bytes == null ? null : new String(bytes, StandardCharsets.UTF_8));
    }

    @Override
    public void setNCharacterStream(int parameterIndex, @Nullable Reader reader, long length) throws SQLException {
        checkOpen();
        set(parameterIndex, ParameterConversion.text(reader, length));
    }

    @Override
    public void setClob(int parameterIndex, @Nullable Reader reader, long length) throws SQLException {
        checkOpen();
        set(parameterIndex, ParameterConversion.text(reader, length));
    }

    @Override
    public void setNClob(int parameterIndex, @Nullable Reader reader, long length) throws SQLException {
        checkOpen();
        set(parameterIndex, ParameterConversion.text(reader, length));
    }

    @Override
    public void setBlob(int parameterIndex, @Nullable InputStream x, long length) throws SQLException {
        checkOpen();
        set(parameterIndex, ParameterConversion.bytes(x, length));
    }

    @Override
    public void setNCharacterStream(int parameterIndex, @Nullable Reader reader) throws SQLException {
        checkOpen();
        set(parameterIndex, ParameterConversion.text(reader));
    }

    @Override
    public void setClob(int parameterIndex, @Nullable Reader reader) throws SQLException {
        checkOpen();
        set(parameterIndex, ParameterConversion.text(reader));
    }

    @Override
    public void setNClob(int parameterIndex, @Nullable Reader reader) throws SQLException {
        checkOpen();
        set(parameterIndex, ParameterConversion.text(reader));
    }

    @Override
    public void setBlob(int parameterIndex, @Nullable InputStream x) throws SQLException {
        checkOpen();
        set(parameterIndex, ParameterConversion.bytes(x));
    }

    @Override
    public void setClob(int parameterIndex, @Nullable Clob x) throws SQLException {
        checkOpen();
        set(parameterIndex, ParameterConversion.natural(x));
    }

    @Override
    public void setNClob(int parameterIndex, @Nullable NClob x) throws SQLException {
        checkOpen();
        set(parameterIndex, ParameterConversion.natural(x));
    }

    @Override
    public void setBlob(int parameterIndex, @Nullable Blob x) throws SQLException {
        checkOpen();
        set(parameterIndex, ParameterConversion.natural(x));
    }

    // ---- types that no column can hold

    @Override
    public void setRef(int parameterIndex, @Nullable Ref x) throws SQLException {
        throw noParameter("references");
    }

    @Override
    public void setArray(int parameterIndex, @Nullable Array x) throws SQLException {
        throw noParameter("arrays");
    }

    @Override
    public void setRowId(int parameterIndex, @Nullable RowId x) throws SQLException {
        throw noParameter("row ids");
    }

    @Override
    public void setSQLXML(int parameterIndex, @Nullable SQLXML x) throws SQLException {
        throw noParameter("XML values");
    }

    @Override
    public void setURL(int parameterIndex, @Nullable URL x) throws SQLException {
        throw noParameter("datalinks");
    }

    private SQLException noParameter(String type) throws SQLException {
        checkOpen();
        return SqlErrors.unsupported("parameters cannot be " + type + ": no column can hold them");
    }
}
