/**
 * The physical plan, as plain data: {@link io.zeptodb.engine.plan.PhysicalPlan} and {@link io.zeptodb.engine.plan.Expression} are sealed
 * families of records, {@link io.zeptodb.engine.plan.Statement} is what a text becomes. The optimizer makes them, exec has one operator for
 * each plan record, {@link io.zeptodb.engine.plan.PlanText} prints them for EXPLAIN. Nothing here runs.
 */
@NullMarked
package io.zeptodb.engine.plan;

import org.jspecify.annotations.NullMarked;
