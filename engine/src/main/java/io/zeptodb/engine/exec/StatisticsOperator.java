package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.partition.LiveTimes;
import io.zeptodb.engine.partition.PartitionSnapshot;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.TableSnapshot;
import io.zeptodb.engine.plan.PhysicalPlan.Statistic;
import io.zeptodb.engine.plan.PhysicalPlan.StatisticsAggregate;
import org.jspecify.annotations.Nullable;

/** Answers from what the snapshot knows of its segments; only of those with deleted rows the times are read. */
final class StatisticsOperator implements Operator {
    private final StatisticsAggregate plan;
    private final ExecutionContext context;
    private final BoxedRows rows;
    private boolean ended;

    StatisticsOperator(StatisticsAggregate plan, ExecutionContext context) {
        this.plan = plan;
        this.context = context;
        this.rows = new BoxedRows(plan.types(), context.budget());
    }

    @Override
    public @Nullable Batch next() {
        if (ended) {
            return null;
        }
        ended = true;
        TableSnapshot table = context.snapshot().table(plan.table().id());
        rows.begin(1);
        for (int i = 0; i < plan.statistics().size(); i++) {
            rows.write(0, i, value(plan.statistics().get(i), table));
        }
        return rows.batch(1);
    }

    private @Nullable Object value(Statistic statistic, TableSnapshot table) {
        return switch (statistic) {
            case ROW_COUNT -> table.rowCount();
            case MIN_TIME -> time(table, true);
            case MAX_TIME -> time(table, false);
        };
    }

    private @Nullable Long time(TableSnapshot table, boolean least) {
        int timeOrdinal = plan.table().schema().timestampOrdinal();
        Long found = null;
        for (PartitionSnapshot partition : table.partitions()) {
            for (SegmentSnapshot segment : partition.segments()) {
                if (segment.hasTimeRange() && isBetter(least ? segment.minTime() : segment.maxTime(), found, least)) {
                    // the bound may be a deleted row's
                    context.checkCancelled();
                    LiveTimes times = LiveTimes.of(segment, timeOrdinal, context.budget());
                    long time = least ? times.min() : times.max();
                    found = isBetter(time, found, least) ? Long.valueOf(time) : found;
                }
            }
        }
        return found;
    }

    private static boolean isBetter(long time, @Nullable Long found, boolean least) {
        return found == null || (least ? time < found : time > found);
    }

    @Override
    public void close() {
        ended = true;
        rows.close();
    }
}
