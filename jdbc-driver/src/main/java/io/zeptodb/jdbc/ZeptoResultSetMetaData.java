package io.zeptodb.jdbc;

import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.jdbc.meta.Signatures;
import io.zeptodb.jdbc.value.JdbcTypes;
import io.zeptodb.jdbc.value.SqlErrors;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.List;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/** The columns of a result. One thread, as its result set. */
final class ZeptoResultSetMetaData implements ResultSetMetaData {
    private final Meta.Signature signature;
    private @Nullable List<ResultColumn> known;

    ZeptoResultSetMetaData(Meta.Signature signature) {
        this.signature = signature;
    }

    /** Worked out when somebody asks: most results are read without. */
    private List<ResultColumn> columns() {
        List<ResultColumn> columns = known;
        if (columns == null) {
            columns = Signatures.columns(signature);
            known = columns;
        }
        return columns;
    }

    private ResultColumn column(int index) throws SQLException {
        List<ResultColumn> columns = columns();
        if (index < 1 || index > columns.size()) {
            throw SqlErrors.of(
                    SqlErrors.UNDEFINED_RESULT_COLUMN,
                    "there is no column " + index + ": the result has " + columns.size() + ", counted from 1");
        }
        return columns.get(index - 1);
    }

    @Override
    public int getColumnCount() {
        return signature.columns.size();
    }

    @Override
    public boolean isAutoIncrement(int column) throws SQLException {
        column(column);
        return false;
    }

    @Override
    public boolean isCaseSensitive(int column) throws SQLException {
        return column(column).type().kind().isText();
    }

    @Override
    public boolean isSearchable(int column) throws SQLException {
        column(column);
        return true;
    }

    @Override
    public boolean isCurrency(int column) throws SQLException {
        column(column);
        return false;
    }

    @Override
    public int isNullable(int column) throws SQLException {
        return column(column).nullable() ? columnNullable : columnNoNulls;
    }

    @Override
    public boolean isSigned(int column) throws SQLException {
        return JdbcTypes.isSigned(column(column).type());
    }

    @Override
    public int getColumnDisplaySize(int column) throws SQLException {
        return JdbcTypes.displaySize(column(column).type());
    }

    @Override
    public String getColumnLabel(int column) throws SQLException {
        return column(column).label();
    }

    /** The column of the table; of an expression its label. */
    @Override
    public String getColumnName(int column) throws SQLException {
        ResultColumn result = column(column);
        return result.column() == null ? result.label() : result.column();
    }

    @Override
    public String getSchemaName(int column) throws SQLException {
        return column(column).table() == null ? "" : JdbcTypes.SCHEMA;
    }

    @Override
    public int getPrecision(int column) throws SQLException {
        return JdbcTypes.precision(column(column).type());
    }

    @Override
    public int getScale(int column) throws SQLException {
        return JdbcTypes.scale(column(column).type());
    }

    @Override
    public String getTableName(int column) throws SQLException {
        String table = column(column).table();
        return table == null ? "" : table;
    }

    @Override
    public String getCatalogName(int column) throws SQLException {
        return column(column).table() == null ? "" : JdbcTypes.CATALOG;
    }

    @Override
    public int getColumnType(int column) throws SQLException {
        return JdbcTypes.sqlType(column(column).type());
    }

    @Override
    public String getColumnTypeName(int column) throws SQLException {
        return JdbcTypes.typeName(column(column).type());
    }

    @Override
    public boolean isReadOnly(int column) throws SQLException {
        return column(column).table() == null;
    }

    @Override
    public boolean isWritable(int column) throws SQLException {
        return column(column).table() != null;
    }

    @Override
    public boolean isDefinitelyWritable(int column) throws SQLException {
        column(column);
        return false;
    }

    @Override
    public String getColumnClassName(int column) throws SQLException {
        return JdbcTypes.className(column(column).type());
    }

    @Override
    public <T> T unwrap(Class<T> iface) throws SQLException {
        return Wrapping.unwrap(this, "result set metadata", iface);
    }

    @Override
    public boolean isWrapperFor(Class<?> iface) {
        return Wrapping.isWrapper(this, iface);
    }
}
