package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.partition.PartitionSnapshot;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.TableSnapshot;
import io.zeptodb.engine.plan.PhysicalPlan.Statistic;
import io.zeptodb.engine.plan.PhysicalPlan.StatisticsAggregate;
import org.jspecify.annotations.Nullable;

/** Answers from what the snapshot knows of its segments; no column is read. */
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

    private static @Nullable Object value(Statistic statistic, TableSnapshot table) {
        return switch (statistic) {
            case ROW_COUNT -> table.rowCount();
            case MIN_TIME -> time(table, true);
            case MAX_TIME -> time(table, false);
        };
    }

    private static @Nullable Long time(TableSnapshot table, boolean least) {
        Long found = null;
        for (PartitionSnapshot partition : table.partitions()) {
            for (SegmentSnapshot segment : partition.segments()) {
                if (segment.hasTimeRange()) {
                    long time = least ? segment.minTime() : segment.maxTime();
                    boolean better = found == null || (least ? time < found : time > found);
                    found = better ? Long.valueOf(time) : found;
                }
            }
        }
        return found;
    }

    @Override
    public void close() {
        ended = true;
        rows.close();
    }
}
