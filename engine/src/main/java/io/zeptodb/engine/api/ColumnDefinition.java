package io.zeptodb.engine.api;

/**
 * A column of a table: its name as it was written, its type, whether it takes NULL, and how its rows are found.
 *
 * @param name the name; compared without case
 * @param type the type
 * @param nullable whether NULL may be stored
 * @param attribute how rows are found by its values
 */
public record ColumnDefinition(String name, ColumnType type, boolean nullable, ColumnAttribute attribute) {
    /** A column without an attribute. */
    public ColumnDefinition(String name, ColumnType type, boolean nullable) {
        this(name, type, nullable, ColumnAttribute.NONE);
    }

    public ColumnDefinition {
        EngineException.required(name, "the name of a column");
        ValueText.checkUnicode(name);
        EngineException.required(type, "the type of a column");
        EngineException.required(attribute, "the attribute of a column");
    }

    /** The same column with another attribute. */
    public ColumnDefinition with(ColumnAttribute changed) {
        return new ColumnDefinition(name, type, nullable, changed);
    }
}
