package io.zeptodb.engine.catalog;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ViewDefinition;
import java.util.List;

/**
 * A view as the catalog knows it. Immutable.
 *
 * @param id unique in the life of a database, among tables too, never used again
 * @param definition name, columns, text, kind
 * @param asofKeepsUnmatched what plain ASOF JOIN in the text means, as the session saw it that made the view
 * @param dependencies what the text reads directly
 */
public record ViewMetadata(
        long id, ViewDefinition definition, boolean asofKeepsUnmatched, List<Dependency> dependencies) {
    /** No table and no view of a database has such an id, or a greater one: only those that a transaction has made and not committed. */
    public static final long FIRST_PRIVATE_ID = 1L << 62;

    /**
     * A table or view that is read.
     *
     * @param relation its name
     * @param columns those that are read; those of a table of which only rows are counted may be none
     */
    public record Dependency(String relation, List<String> columns) {
        public Dependency {
            columns = List.copyOf(columns);
        }

        boolean isOf(String name) {
            return relation.equalsIgnoreCase(name);
        }

        boolean reads(String column) {
            return columns.stream().anyMatch(column::equalsIgnoreCase);
        }
    }

    public ViewMetadata {
        dependencies = List.copyOf(dependencies);
    }

    public String name() {
        return definition.name();
    }

    public List<ColumnDefinition> columns() {
        return definition.columns();
    }

    public boolean materialized() {
        return definition.materialized();
    }

    /** {@code view} or {@code materialized view}: how messages call it. */
    public String kind() {
        return materialized() ? "materialized view" : "view";
    }

    /** Whether a transaction has made it that is not committed. */
    public boolean isPrivate() {
        return id >= FIRST_PRIVATE_ID;
    }

    /** The same view with another id. */
    public ViewMetadata withId(long other) {
        return new ViewMetadata(other, definition, asofKeepsUnmatched, dependencies);
    }

    boolean hasColumn(String column) {
        return columns().stream().anyMatch(known -> known.name().equalsIgnoreCase(column));
    }
}
