package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ColumnType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Makes a result set of elements of an array, as JDBC's {@link java.sql.Array} has it: columns INDEX and VALUE. Any thread. */
@FunctionalInterface
public interface ArrayRows {
    /**
     * @param values in the form of {@link io.zeptodb.engine.api.NestedText}
     * @param firstIndex of the first of them, counted from 1
     */
    ResultSet of(ColumnType element, List<?> values, long firstIndex) throws SQLException;
}
