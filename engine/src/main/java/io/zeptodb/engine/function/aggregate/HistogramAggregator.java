package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.NestedShape;
import io.zeptodb.engine.batch.NestedWriter;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import org.jspecify.annotations.Nullable;

/** HISTOGRAM: an ARRAY of ROW(value, count), in order of value. Every value is kept as an {@link OrderKey} until the end. */
public final class HistogramAggregator extends RowAggregator {
    private final ValueLog log;
    private final ColumnType value;
    private final NestedWriter bars;
    private final NestedWriter bar;
    private final WritableColumn values;
    private final WritableColumn counts;
    private final WritableColumn rows;
    private int groupsReserved;

    /** @param type an ARRAY of ROWs of a value, of a type that {@link OrderKey#at} takes, and a BIGINT */
    public HistogramAggregator(MemoryBudget budget, ColumnType type) {
        super(budget, 0, 1);
        NestedShape shape = new NestedShape(type);
        this.log = new ValueLog(budget, this::account);
        this.value = shape.inner(0).part(0);
        this.bars = new NestedWriter(shape);
        this.bar = new NestedWriter(shape.inner(0));
        this.values = new WritableColumn(budget, value);
        this.counts = new WritableColumn(budget, ColumnType.BIGINT);
        this.rows = new WritableColumn(budget, type.element());
    }

    @Override
    void grow(int groups) {
        groupsReserved = groups;
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] positions, int count, int[] groups) {
        log.reserve(count);
        for (int i = 0; i < count; i++) {
            int row = positions == null ? i : positions[i];
            log.add(groups[row], OrderKey.at(arguments[0], row));
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] positions, int count) {
        log.reserve(count);
        for (int i = 0; i < count; i++) {
            log.add(group, OrderKey.at(arguments[0], positions[i]));
        }
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        log.reserve(to - from);
        for (int i = from; i < to; i++) {
            log.add(group, OrderKey.at(arguments[0], i));
        }
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        log.addAll(((HistogramAggregator) other).log, groups);
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        log.order(groupsReserved);
        for (int i = 0; i < count; i++) {
            budget().poll();
            int start = log.start(from + i);
            int end = log.end(from + i);
            if (start == end) {
                NestedShape.writeNull(result, i);
            } else {
                write(start, end, result, i);
            }
        }
    }

    private void write(int start, int end, WritableColumn result, int row) {
        int distinct = 1;
        for (int i = start + 1; i < end; i++) {
            distinct += log.value(i) == log.value(i - 1) ? 0 : 1;
        }
        values.clear();
        counts.clear();
        rows.clear();
        values.reserve(1);
        counts.reserve(1);
        rows.reserve(1);
        bars.begin(distinct);
        int from = start;
        for (int i = start + 1; i <= end; i++) {
            if (i == end || log.value(i) != log.value(from)) {
                putBar(log.value(from), i - from);
                from = i;
            }
        }
        bars.finish(result, row);
    }

    private void putBar(long key, int count) {
        if (value.kind().isFloat()) {
            values.setDouble(0, OrderKey.toDouble(key));
        } else {
            values.setLong(0, key);
        }
        counts.setLong(0, count);
        rows.clear();
        bar.begin(2).put(values.vector(), 0).put(counts.vector(), 0).finish(rows, 0);
        bars.put(rows.vector(), 0);
    }

    @Override
    public void close() {
        values.close();
        counts.close();
        rows.close();
        super.close();
    }
}
