package io.zeptodb.jdbc.meta;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.ResultColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The elements of an array as the rows that {@link java.sql.Array#getResultSet()} gives. */
public final class ArrayElements {
    private ArrayElements() {}

    public static List<ResultColumn> columns(ColumnType element) {
        return List.of(
                new ResultColumn("INDEX", ColumnType.INTEGER, false, null, null),
                new ResultColumn("VALUE", element, true, null, null));
    }

    /**
     * In {@link WireFormat#EXACT}.
     *
     * @param values in the form of {@link io.zeptodb.engine.api.NestedText}
     * @param firstIndex of the first of them
     */
    public static List<Object> rows(ColumnType element, List<?> values, long firstIndex) {
        List<Object> rows = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            Object value = values.get(i);
            @Nullable
            Object[] row = {
                firstIndex + i, value != null && element.kind().isNested() ? NestedWire.encode(element, value) : value
            };
            rows.add(Arrays.asList(row));
        }
        return rows;
    }
}
