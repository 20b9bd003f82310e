package io.zeptodb.engine.plan;

import io.zeptodb.engine.catalog.TableMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a materialized view: an aggregation of the rows of one table, whose states can be merged.
 *
 * @param viewId of the catalog
 * @param view its name
 * @param table whose rows are aggregated
 * @param rows over a scan of that table, and projections and filters of it
 * @param bucket the group that is a bucket of the table's designated timestamp; null when there is none
 */
public record KeptAggregation(
        long viewId,
        String view,
        TableMetadata table,
        PhysicalPlan.HashAggregate rows,
        @Nullable Bucket bucket) {
    /**
     * Buckets of one width.
     *
     * @param group number of the group expression that is the begin of a row's bucket
     * @param width nanoseconds
     * @param origin at which one of them begins
     */
    public record Bucket(int group, long width, long origin) {}
}
