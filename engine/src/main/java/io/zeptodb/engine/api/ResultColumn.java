package io.zeptodb.engine.api;

import org.jspecify.annotations.Nullable;

/**
 * A column of a result.
 *
 * @param label what the query calls it
 * @param type its type; SYMBOL columns arrive dictionary-encoded
 * @param nullable whether NULL can occur
 * @param table the table it comes from unchanged, or null
 * @param column the column of that table, or null
 */
public record ResultColumn(
        String label,
        ColumnType type,
        boolean nullable,
        @Nullable String table,
        @Nullable String column) {}
