package io.zeptodb.engine.plan;

/**
 * A key of an order.
 *
 * @param column index of the input's column
 * @param descending greatest first
 * @param nullsFirst where NULLs go, whatever the direction
 */
public record SortKey(int column, boolean descending, boolean nullsFirst) {}
