/**
 * Tables as Calcite sees them: {@link io.zeptodb.engine.sql.schema.CatalogReader} finds {@link io.zeptodb.engine.sql.schema.ZeptoTable}s in
 * one version of the catalog, and {@link io.zeptodb.engine.sql.schema.SystemTable}s that the engine knows of itself.
 */
@NullMarked
package io.zeptodb.engine.sql.schema;

import org.jspecify.annotations.NullMarked;
