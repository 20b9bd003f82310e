/**
 * From a validated relational tree to a physical plan. {@link io.zeptodb.engine.optimizer.Planner} shows the way of a statement; {@link
 * io.zeptodb.engine.optimizer.RelationOptimizer} rewrites the tree with a chosen list of rules, {@link io.zeptodb.engine.optimizer.Lowering}
 * turns it into the records of plan. Constants are folded by the engine's own kernels, through {@code plan.ConstantEvaluator}. Nothing is
 * executed here.
 */
@NullMarked
package io.zeptodb.engine.optimizer;

import org.jspecify.annotations.NullMarked;
