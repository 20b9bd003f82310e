package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ResultColumn;
import java.sql.SQLException;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** A column of nothing but NULLs. */
final class NullAccessor extends ColumnAccessor {
    NullAccessor(ArrowCursor cursor, ResultColumn column, FieldVector vector) {
        super(cursor, column, vector);
    }

    @Override
    public @Nullable String getString() throws SQLException {
        noteNull(row());
        return null;
    }

    @Override
    public @Nullable Object getObject() throws SQLException {
        noteNull(row());
        return null;
    }
}
