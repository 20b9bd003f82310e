package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ResultColumn;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A column of nothing but NULLs. */
final class NullAccessor extends ColumnAccessor {
    NullAccessor(ArrowCursor cursor, ResultColumn column) {
        super(cursor, column);
    }

    @Override
    public @Nullable String getString() throws SQLException {
        noteNull();
        return null;
    }

    @Override
    public @Nullable Object getObject() throws SQLException {
        noteNull();
        return null;
    }
}
