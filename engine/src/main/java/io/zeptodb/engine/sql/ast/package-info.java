/**
 * Nodes that the grammar in {@code engine/src/main/codegen} makes beyond Calcite's own: one record-like node for each statement of ours, and
 * the syntax of as-of joins and intervals. Nothing here knows a catalog. Read {@link io.zeptodb.engine.sql.ast.CreateTableNode} first.
 */
@NullMarked
package io.zeptodb.engine.sql.ast;

import org.jspecify.annotations.NullMarked;
