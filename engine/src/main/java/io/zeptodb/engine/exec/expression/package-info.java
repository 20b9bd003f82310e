/**
 * Expressions as trees of nodes over batches: {@link io.zeptodb.engine.exec.expression.ExpressionCompiler} makes the tree, each {@link
 * io.zeptodb.engine.exec.expression.ExpressionNode} owns the column of its results, which it uses again for each batch. Conditions narrow
 * selections instead of making BOOLEAN columns wherever they can. Operators use all this through {@code ExpressionEvaluator}.
 */
@NullMarked
package io.zeptodb.engine.exec.expression;

import org.jspecify.annotations.NullMarked;
