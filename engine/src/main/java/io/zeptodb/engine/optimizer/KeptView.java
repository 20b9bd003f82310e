package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.plan.KeptAggregation;

/**
 * A materialized view as the planner knows it.
 *
 * @param kept what is kept of it
 * @param form the same over the columns of the table
 */
record KeptView(KeptAggregation kept, TableAggregate form) {}
