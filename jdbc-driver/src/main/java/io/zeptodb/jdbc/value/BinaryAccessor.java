package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.ValueText;
import java.sql.SQLException;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.jspecify.annotations.Nullable;

/** VARBINARY; as text {@code \x0aff}. */
final class BinaryAccessor extends ColumnAccessor {
    BinaryAccessor(ArrowCursor cursor, ResultColumn column) {
        super(cursor, column);
    }

    @Override
    public byte @Nullable [] getBytes() throws SQLException {
        return read(ViewVarBinaryVector.class, ViewVarBinaryVector::get);
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
