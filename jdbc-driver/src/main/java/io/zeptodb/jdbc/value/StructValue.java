package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.NestedText;
import java.sql.SQLException;
import java.sql.Struct;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of a ROW type. Immutable; outlives its result set. */
final class StructValue implements Struct {
    private final ColumnType type;
    private final List<?> values;
    private final @Nullable ArrayRows arrayRows;

    StructValue(ColumnType type, List<?> values, @Nullable ArrayRows arrayRows) {
        this.type = type;
        this.values = values;
        this.arrayRows = arrayRows;
    }

    @Override
    public String getSQLTypeName() {
        return JdbcTypes.typeName(type);
    }

    /** The objects that getObject gives of columns of the fields' types, in the order of the fields. */
    @Override
    public Object[] getAttributes() {
        @Nullable Object[] attributes = new Object[values.size()];
        for (int i = 0; i < attributes.length; i++) {
            attributes[i] = NestedObjects.of(type.fields().get(i).type(), values.get(i), arrayRows);
        }
        return attributes;
    }

    @Override
    public Object[] getAttributes(@Nullable Map<String, Class<?>> map) throws SQLException {
        if (map != null && !map.isEmpty()) {
            throw SqlErrors.unsupported("type maps are not supported: the engine has no user-defined types");
        }
        return getAttributes();
    }

    @Override
    public String toString() {
        return NestedText.format(type, values);
    }
}
