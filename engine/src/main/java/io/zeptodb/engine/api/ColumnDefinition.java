package io.zeptodb.engine.api;

/**
 * A column of a table: its name as it was written, its type, and whether it takes NULL.
 *
 * @param name the name; compared without case
 * @param type the type
 * @param nullable whether NULL may be stored
 */
public record ColumnDefinition(String name, ColumnType type, boolean nullable) {
    public ColumnDefinition {
        EngineException.required(name, "the name of a column");
        EngineException.required(type, "the type of a column");
    }
}
