/**
 * The type system: {@link io.zeptodb.engine.sql.type.Types} maps the engine's types to Calcite's and back, {@link
 * io.zeptodb.engine.sql.type.ZeptoTypeSystem} sets precisions and result types.
 */
@NullMarked
package io.zeptodb.engine.sql.type;

import org.jspecify.annotations.NullMarked;
