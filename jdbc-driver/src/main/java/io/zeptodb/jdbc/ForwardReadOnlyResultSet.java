package io.zeptodb.jdbc;

import io.zeptodb.jdbc.value.SqlErrors;
import java.io.InputStream;
import java.io.Reader;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.Date;
import java.sql.NClob;
import java.sql.Ref;
import java.sql.ResultSetMetaData;
import java.sql.RowId;
import java.sql.SQLException;
import java.sql.SQLType;
import java.sql.SQLXML;
import java.sql.Time;
import java.sql.Timestamp;
import java.util.TimeZone;
import org.apache.calcite.avatica.AvaticaResultSet;
import org.apache.calcite.avatica.AvaticaStatement;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.avatica.QueryState;
import org.jspecify.annotations.Nullable;

/** What a result set refuses: to go anywhere but forward, and to write. Avatica's own refusals say neither what nor a SQLSTATE. */
abstract class ForwardReadOnlyResultSet extends AvaticaResultSet {
    ForwardReadOnlyResultSet(
            @Nullable AvaticaStatement statement,
            QueryState state,
            Meta.Signature signature,
            ResultSetMetaData metaData,
            TimeZone timeZone)
            throws SQLException {
        super(statement, state, signature, metaData, timeZone, null);
    }

    private SQLException onlyForward(String method) throws SQLException {
        checkOpen();
        return SqlErrors.unsupported(
                method
                        + " is not supported: rows are read forward only, with next(); ask for TYPE_SCROLL_INSENSITIVE to read them to and fro");
    }

    private SQLException readOnly(String method) throws SQLException {
        checkOpen();
        return SqlErrors.unsupported(method + " is not supported: rows are read-only, write with INSERT");
    }

    private SQLException unknown(String method) throws SQLException {
        checkOpen();
        return SqlErrors.unsupported(method + " is not supported: rows have no such thing");
    }

    // ---- moving

    @Override
    public void beforeFirst() throws SQLException {
        throw onlyForward("beforeFirst");
    }

    @Override
    public boolean isLast() throws SQLException {
        throw onlyForward("isLast");
    }

    @Override
    public void afterLast() throws SQLException {
        throw onlyForward("afterLast");
    }

    @Override
    public boolean first() throws SQLException {
        throw onlyForward("first");
    }

    @Override
    public boolean last() throws SQLException {
        throw onlyForward("last");
    }

    @Override
    public boolean absolute(int rows) throws SQLException {
        throw onlyForward("absolute");
    }

    @Override
    public boolean relative(int rows) throws SQLException {
        throw onlyForward("relative");
    }

    @Override
    public boolean previous() throws SQLException {
        throw onlyForward("previous");
    }

    // ---- writing

    @Override
    public void updateNull(int column) throws SQLException {
        throw readOnly("updateNull");
    }

    @Override
    public void updateBoolean(int column, boolean value) throws SQLException {
        throw readOnly("updateBoolean");
    }

    @Override
    public void updateByte(int column, byte value) throws SQLException {
        throw readOnly("updateByte");
    }

    @Override
    public void updateShort(int column, short value) throws SQLException {
        throw readOnly("updateShort");
    }

    @Override
    public void updateInt(int column, int value) throws SQLException {
        throw readOnly("updateInt");
    }

    @Override
    public void updateLong(int column, long value) throws SQLException {
        throw readOnly("updateLong");
    }

    @Override
    public void updateFloat(int column, float value) throws SQLException {
        throw readOnly("updateFloat");
    }

    @Override
    public void updateDouble(int column, double value) throws SQLException {
        throw readOnly("updateDouble");
    }

    @Override
    public void updateBigDecimal(int column, @Nullable BigDecimal value) throws SQLException {
        throw readOnly("updateBigDecimal");
    }

    @Override
    public void updateString(int column, @Nullable String value) throws SQLException {
        throw readOnly("updateString");
    }

    @Override
    public void updateBytes(int column, byte @Nullable [] value) throws SQLException {
        throw readOnly("updateBytes");
    }

    @Override
    public void updateDate(int column, @Nullable Date value) throws SQLException {
        throw readOnly("updateDate");
    }

    @Override
    public void updateTime(int column, @Nullable Time value) throws SQLException {
        throw readOnly("updateTime");
    }

    @Override
    public void updateTimestamp(int column, @Nullable Timestamp value) throws SQLException {
        throw readOnly("updateTimestamp");
    }

    @Override
    public void updateAsciiStream(int column, @Nullable InputStream value, int length) throws SQLException {
        throw readOnly("updateAsciiStream");
    }

    @Override
    public void updateBinaryStream(int column, @Nullable InputStream value, int length) throws SQLException {
        throw readOnly("updateBinaryStream");
    }

    @Override
    public void updateCharacterStream(int column, @Nullable Reader value, int length) throws SQLException {
        throw readOnly("updateCharacterStream");
    }

    @Override
    public void updateObject(int column, @Nullable Object value, int length) throws SQLException {
        throw readOnly("updateObject");
    }

    @Override
    public void updateObject(int column, @Nullable Object value) throws SQLException {
        throw readOnly("updateObject");
    }

    @Override
    public void updateNull(String label) throws SQLException {
        throw readOnly("updateNull");
    }

    @Override
    public void updateBoolean(String label, boolean value) throws SQLException {
        throw readOnly("updateBoolean");
    }

    @Override
    public void updateByte(String label, byte value) throws SQLException {
        throw readOnly("updateByte");
    }

    @Override
    public void updateShort(String label, short value) throws SQLException {
        throw readOnly("updateShort");
    }

    @Override
    public void updateInt(String label, int value) throws SQLException {
        throw readOnly("updateInt");
    }

    @Override
    public void updateLong(String label, long value) throws SQLException {
        throw readOnly("updateLong");
    }

    @Override
    public void updateFloat(String label, float value) throws SQLException {
        throw readOnly("updateFloat");
    }

    @Override
    public void updateDouble(String label, double value) throws SQLException {
        throw readOnly("updateDouble");
    }

    @Override
    public void updateBigDecimal(String label, @Nullable BigDecimal value) throws SQLException {
        throw readOnly("updateBigDecimal");
    }

    @Override
    public void updateString(String label, @Nullable String value) throws SQLException {
        throw readOnly("updateString");
    }

    @Override
    public void updateBytes(String label, byte @Nullable [] value) throws SQLException {
        throw readOnly("updateBytes");
    }

    @Override
    public void updateDate(String label, @Nullable Date value) throws SQLException {
        throw readOnly("updateDate");
    }

    @Override
    public void updateTime(String label, @Nullable Time value) throws SQLException {
        throw readOnly("updateTime");
    }

    @Override
    public void updateTimestamp(String label, @Nullable Timestamp value) throws SQLException {
        throw readOnly("updateTimestamp");
    }

    @Override
    public void updateAsciiStream(String label, @Nullable InputStream value, int length) throws SQLException {
        throw readOnly("updateAsciiStream");
    }

    @Override
    public void updateBinaryStream(String label, @Nullable InputStream value, int length) throws SQLException {
        throw readOnly("updateBinaryStream");
    }

    @Override
    public void updateCharacterStream(String label, @Nullable Reader value, int length) throws SQLException {
        throw readOnly("updateCharacterStream");
    }

    @Override
    public void updateObject(String label, @Nullable Object value, int length) throws SQLException {
        throw readOnly("updateObject");
    }

    @Override
    public void updateObject(String label, @Nullable Object value) throws SQLException {
        throw readOnly("updateObject");
    }

    @Override
    public void insertRow() throws SQLException {
        throw readOnly("insertRow");
    }

    @Override
    public void updateRow() throws SQLException {
        throw readOnly("updateRow");
    }

    @Override
    public void deleteRow() throws SQLException {
        throw readOnly("deleteRow");
    }

    @Override
    public void refreshRow() throws SQLException {
        throw readOnly("refreshRow");
    }

    @Override
    public void cancelRowUpdates() throws SQLException {
        throw readOnly("cancelRowUpdates");
    }

    @Override
    public void moveToInsertRow() throws SQLException {
        throw readOnly("moveToInsertRow");
    }

    @Override
    public void moveToCurrentRow() throws SQLException {
        throw readOnly("moveToCurrentRow");
    }

    @Override
    public void updateRef(int column, @Nullable Ref value) throws SQLException {
        throw readOnly("updateRef");
    }

    @Override
    public void updateRef(String label, @Nullable Ref value) throws SQLException {
        throw readOnly("updateRef");
    }

    @Override
    public void updateBlob(int column, @Nullable Blob value) throws SQLException {
        throw readOnly("updateBlob");
    }

    @Override
    public void updateBlob(String label, @Nullable Blob value) throws SQLException {
        throw readOnly("updateBlob");
    }

    @Override
    public void updateClob(int column, @Nullable Clob value) throws SQLException {
        throw readOnly("updateClob");
    }

    @Override
    public void updateClob(String label, @Nullable Clob value) throws SQLException {
        throw readOnly("updateClob");
    }

    @Override
    public void updateArray(int column, @Nullable Array value) throws SQLException {
        throw readOnly("updateArray");
    }

    @Override
    public void updateArray(String label, @Nullable Array value) throws SQLException {
        throw readOnly("updateArray");
    }

    @Override
    public void updateRowId(int column, @Nullable RowId value) throws SQLException {
        throw readOnly("updateRowId");
    }

    @Override
    public void updateRowId(String label, @Nullable RowId value) throws SQLException {
        throw readOnly("updateRowId");
    }

    @Override
    public void updateNString(int column, @Nullable String value) throws SQLException {
        throw readOnly("updateNString");
    }

    @Override
    public void updateNString(String label, @Nullable String value) throws SQLException {
        throw readOnly("updateNString");
    }

    @Override
    public void updateNClob(int column, @Nullable NClob value) throws SQLException {
        throw readOnly("updateNClob");
    }

    @Override
    public void updateNClob(String label, @Nullable NClob value) throws SQLException {
        throw readOnly("updateNClob");
    }

    @Override
    public void updateSQLXML(int column, @Nullable SQLXML value) throws SQLException {
        throw readOnly("updateSQLXML");
    }

    @Override
    public void updateSQLXML(String label, @Nullable SQLXML value) throws SQLException {
        throw readOnly("updateSQLXML");
    }

    @Override
    public void updateNCharacterStream(int column, @Nullable Reader value, long length) throws SQLException {
        throw readOnly("updateNCharacterStream");
    }

    @Override
    public void updateNCharacterStream(String label, @Nullable Reader value, long length) throws SQLException {
        throw readOnly("updateNCharacterStream");
    }

    @Override
    public void updateAsciiStream(int column, @Nullable InputStream value, long length) throws SQLException {
        throw readOnly("updateAsciiStream");
    }

    @Override
    public void updateBinaryStream(int column, @Nullable InputStream value, long length) throws SQLException {
        throw readOnly("updateBinaryStream");
    }

    @Override
    public void updateCharacterStream(int column, @Nullable Reader value, long length) throws SQLException {
        throw readOnly("updateCharacterStream");
    }

    @Override
    public void updateAsciiStream(String label, @Nullable InputStream value, long length) throws SQLException {
        throw readOnly("updateAsciiStream");
    }

    @Override
    public void updateBinaryStream(String label, @Nullable InputStream value, long length) throws SQLException {
        throw readOnly("updateBinaryStream");
    }

    @Override
    public void updateCharacterStream(String label, @Nullable Reader value, long length) throws SQLException {
        throw readOnly("updateCharacterStream");
    }

    @Override
    public void updateBlob(int column, @Nullable InputStream value, long length) throws SQLException {
        throw readOnly("updateBlob");
    }

    @Override
    public void updateBlob(String label, @Nullable InputStream value, long length) throws SQLException {
        throw readOnly("updateBlob");
    }

    @Override
    public void updateClob(int column, @Nullable Reader value, long length) throws SQLException {
        throw readOnly("updateClob");
    }

    @Override
    public void updateClob(String label, @Nullable Reader value, long length) throws SQLException {
        throw readOnly("updateClob");
    }

    @Override
    public void updateNClob(int column, @Nullable Reader value, long length) throws SQLException {
        throw readOnly("updateNClob");
    }

    @Override
    public void updateNClob(String label, @Nullable Reader value, long length) throws SQLException {
        throw readOnly("updateNClob");
    }

    @Override
    public void updateNCharacterStream(int column, @Nullable Reader value) throws SQLException {
        throw readOnly("updateNCharacterStream");
    }

    @Override
    public void updateNCharacterStream(String label, @Nullable Reader value) throws SQLException {
        throw readOnly("updateNCharacterStream");
    }

    @Override
    public void updateAsciiStream(int column, @Nullable InputStream value) throws SQLException {
        throw readOnly("updateAsciiStream");
    }

    @Override
    public void updateBinaryStream(int column, @Nullable InputStream value) throws SQLException {
        throw readOnly("updateBinaryStream");
    }

    @Override
    public void updateCharacterStream(int column, @Nullable Reader value) throws SQLException {
        throw readOnly("updateCharacterStream");
    }

    @Override
    public void updateAsciiStream(String label, @Nullable InputStream value) throws SQLException {
        throw readOnly("updateAsciiStream");
    }

    @Override
    public void updateBinaryStream(String label, @Nullable InputStream value) throws SQLException {
        throw readOnly("updateBinaryStream");
    }

    @Override
    public void updateCharacterStream(String label, @Nullable Reader value) throws SQLException {
        throw readOnly("updateCharacterStream");
    }

    @Override
    public void updateBlob(int column, @Nullable InputStream value) throws SQLException {
        throw readOnly("updateBlob");
    }

    @Override
    public void updateBlob(String label, @Nullable InputStream value) throws SQLException {
        throw readOnly("updateBlob");
    }

    @Override
    public void updateClob(int column, @Nullable Reader value) throws SQLException {
        throw readOnly("updateClob");
    }

    @Override
    public void updateClob(String label, @Nullable Reader value) throws SQLException {
        throw readOnly("updateClob");
    }

    @Override
    public void updateNClob(int column, @Nullable Reader value) throws SQLException {
        throw readOnly("updateNClob");
    }

    @Override
    public void updateNClob(String label, @Nullable Reader value) throws SQLException {
        throw readOnly("updateNClob");
    }

    @Override
    public void updateObject(int column, @Nullable Object value, @Nullable SQLType type, int length)
            throws SQLException {
        throw readOnly("updateObject");
    }

    @Override
    public void updateObject(String label, @Nullable Object value, @Nullable SQLType type, int length)
            throws SQLException {
        throw readOnly("updateObject");
    }

    @Override
    public void updateObject(int column, @Nullable Object value, @Nullable SQLType type) throws SQLException {
        throw readOnly("updateObject");
    }

    @Override
    public void updateObject(String label, @Nullable Object value, @Nullable SQLType type) throws SQLException {
        throw readOnly("updateObject");
    }

    // ---- what rows do not have

    @Override
    public String getCursorName() throws SQLException {
        throw unknown("getCursorName");
    }
}
