package io.zeptodb.engine.api;

import java.util.List;

/**
 * A view: a query with a name.
 *
 * @param columns the columns of its rows
 * @param query its text
 * @param materialized whether the database keeps what the query computes
 */
public record ViewDefinition(String name, List<ColumnDefinition> columns, String query, boolean materialized) {
    public ViewDefinition {
        columns = List.copyOf(columns);
    }
}
