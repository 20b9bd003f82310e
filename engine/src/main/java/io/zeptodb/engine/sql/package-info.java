/**
 * From SQL text to a validated relational tree: {@link io.zeptodb.engine.sql.SqlFrontEnd} is the door. The grammar is in {@code
 * engine/src/main/codegen}, the nodes it makes in {@code sql.ast}, the operator table made from the function registry in {@code
 * sql.operator}, tables as Calcite sees them in {@code sql.schema}, types in {@code sql.type}. Plans are made in optimizer, not here.
 */
@NullMarked
package io.zeptodb.engine.sql;

import org.jspecify.annotations.NullMarked;
