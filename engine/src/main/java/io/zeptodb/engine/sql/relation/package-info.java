/**
 * Relations of ours, beside Calcite's: what no combination of Calcite's says well. Made from a converted tree in {@code io.zeptodb.engine.sql}, lowered
 * in the optimizer. Start with {@link io.zeptodb.engine.sql.relation.GapFill}.
 */
@NullMarked
package io.zeptodb.engine.sql.relation;

import org.jspecify.annotations.NullMarked;
