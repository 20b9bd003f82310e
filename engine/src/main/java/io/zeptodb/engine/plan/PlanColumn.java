package io.zeptodb.engine.plan;

import io.zeptodb.engine.api.ColumnType;

/**
 * A column of a plan's output. A SYMBOL column is a vector of codes with one dictionary for the whole query; where columns of several
 * dictionaries would meet (UNION, CASE, join keys) the lowering casts to VARCHAR first.
 */
public record PlanColumn(String name, ColumnType type, boolean nullable) {}
