/**
 * The states behind aggregate functions: one {@link io.zeptodb.engine.function.Aggregator} for each kind of loop, with flat arrays indexed
 * by group. {@link io.zeptodb.engine.function.aggregate.FlatAggregator} is where their memory is counted, {@link
 * io.zeptodb.engine.function.aggregate.RowAggregator} splits input into the four ways rows come (many groups, one group, ranges, a selection); start
 * reading at {@link io.zeptodb.engine.function.aggregate.DoubleSum}. Names, types and documentation are in {@link
 * io.zeptodb.engine.function.StandardAggregates}; nothing here knows SQL.
 */
@NullMarked
package io.zeptodb.engine.function.aggregate;

import org.jspecify.annotations.NullMarked;
