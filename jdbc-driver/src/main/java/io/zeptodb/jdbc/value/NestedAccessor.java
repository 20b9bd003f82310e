package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.NestedText;
import io.zeptodb.engine.api.NestedVectors;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.TypeKind;
import java.sql.Array;
import java.sql.SQLException;
import java.sql.Struct;
import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** ARRAY and ROW: {@link Array} and {@link Struct}, or text as CAST makes it. */
public final class NestedAccessor extends ColumnAccessor {
    NestedAccessor(ArrowCursor cursor, ResultColumn column) {
        super(cursor, column);
    }

    /** The value in the form of {@link NestedText}; null for NULL. */
    public @Nullable Object getValue() throws SQLException {
        return read(FieldVector.class, (values, row) -> NestedVectors.read(values, row, column.type()));
    }

    @Override
    public @Nullable String getString() throws SQLException {
        Object value = getValue();
        return value == null ? null : NestedText.format(column.type(), value);
    }

    @Override
    public @Nullable Object getObject() throws SQLException {
        return NestedObjects.of(column.type(), getValue(), cursor.arrayRows());
    }

    @Override
    public @Nullable Array getArray() throws SQLException {
        return column.type().kind() == TypeKind.ARRAY ? (Array) getObject() : super.getArray();
    }

    @Override
    public @Nullable Struct getStruct() throws SQLException {
        return column.type().kind() == TypeKind.ROW ? (Struct) getObject() : super.getStruct();
    }

    @Override
    @Nullable
    Object as(Class<?> target) throws SQLException {
        if (target == Array.class) {
            return getArray();
        }
        return target == Struct.class ? getStruct() : super.as(target);
    }
}
