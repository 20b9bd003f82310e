package io.zeptodb.engine.api;

/**
 * A field of a ROW, or, called {@code element}, what an ARRAY has many of.
 *
 * @param name as the user wrote it; compared without case
 * @param type of its values; never SYMBOL, for there is no dictionary inside a value
 */
public record NestedField(String name, ColumnType type) {
    public NestedField {
        EngineException.required(name, "the name of a field");
        EngineException.required(type, "the type of a field");
    }
}
