package io.zeptodb.engine.catalog;

import io.zeptodb.engine.api.TableSchema;

/**
 * A table as the catalog knows it. Immutable.
 *
 * @param id unique in the life of a database, never used again after DROP
 * @param schema name, columns, key, time
 */
public record TableMetadata(long id, TableSchema schema) {
    public String name() {
        return schema.name();
    }
}
