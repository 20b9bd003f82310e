package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.NestedText;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value of an ARRAY type. It holds no resource, so that {@link #free()} only forgets it, and outlives its result set. */
final class ArrayValue implements Array {
    private final ColumnType type;
    private final @Nullable ArrayRows arrayRows;
    private @Nullable List<?> values;

    ArrayValue(ColumnType type, List<?> values, @Nullable ArrayRows arrayRows) {
        this.type = type;
        this.values = values;
        this.arrayRows = arrayRows;
    }

    private List<?> values() throws SQLException {
        List<?> held = values;
        if (held == null) {
            throw SqlErrors.closed("array");
        }
        return held;
    }

    @Override
    public String getBaseTypeName() {
        return JdbcTypes.typeName(type.element());
    }

    @Override
    public int getBaseType() {
        return JdbcTypes.sqlType(type.element());
    }

    /** An array of the objects that getObject gives of a column of the elements' type. */
    @Override
    public Object getArray() throws SQLException {
        return getArray(1, values().size());
    }

    @Override
    public Object getArray(@Nullable Map<String, Class<?>> map) throws SQLException {
        refuse(map);
        return getArray();
    }

    @Override
    public Object getArray(long index, int count) throws SQLException {
        List<?> held = elements(index, count);
        @Nullable Object[] elements = new Object[held.size()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = NestedObjects.of(type.element(), held.get(i), arrayRows);
        }
        return elements;
    }

    /** As many as there are, at most {@code count}. */
    private List<?> elements(long index, int count) throws SQLException {
        List<?> held = values();
        if (index < 1 || count < 0 || index - 1 > held.size()) {
            throw SqlErrors.of(
                    SqlErrors.INVALID_CALL,
                    "elements " + index + " to " + (index + count - 1) + " of an array with " + held.size()
                            + " of them");
        }
        int from = (int) (index - 1);
        return held.subList(from, from + Math.min(count, held.size() - from));
    }

    @Override
    public Object getArray(long index, int count, @Nullable Map<String, Class<?>> map) throws SQLException {
        refuse(map);
        return getArray(index, count);
    }

    private static void refuse(@Nullable Map<String, Class<?>> map) throws SQLException {
        if (map != null && !map.isEmpty()) {
            throw SqlErrors.unsupported("type maps are not supported: the engine has no user-defined types");
        }
    }

    /** A row for each element: its INDEX, counted from 1, and its VALUE. It closes with the connection. */
    @Override
    public ResultSet getResultSet() throws SQLException {
        return getResultSet(1, values().size());
    }

    @Override
    public ResultSet getResultSet(@Nullable Map<String, Class<?>> map) throws SQLException {
        refuse(map);
        return getResultSet();
    }

    @Override
    public ResultSet getResultSet(long index, int count) throws SQLException {
        List<?> elements = elements(index, count);
        if (arrayRows == null) {
            throw SqlErrors.unsupported("an array that no connection gave has no result set: use getArray");
        }
        return arrayRows.of(type.element(), elements, index);
    }

    @Override
    public ResultSet getResultSet(long index, int count, @Nullable Map<String, Class<?>> map) throws SQLException {
        refuse(map);
        return getResultSet(index, count);
    }

    @Override
    public void free() {
        values = null;
    }

    @Override
    public String toString() {
        return NestedText.format(type, values);
    }
}
