package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.ValueText;
import java.sql.SQLException;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.jspecify.annotations.Nullable;

/** VARBINARY; as text {@code \x0aff}. */
final class BinaryAccessor extends ColumnAccessor {
    private final ViewVarBinaryVector values;

    BinaryAccessor(ArrowCursor cursor, ResultColumn column, ViewVarBinaryVector values) {
        super(cursor, column, values);
        this.values = values;
    }

    @Override
    public byte @Nullable [] getBytes() throws SQLException {
        int row = row();
        return noteNull(row) ? null : values.get(row);
    }

    @Override
    public @Nullable String getString() throws SQLException {
        byte[] value = getBytes();
        return value == null ? null : ValueText.formatBinary(value);
    }

    @Override
    public @Nullable Object getObject() throws SQLException {
        return getBytes();
    }
}
