package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.NestedShape;
import io.zeptodb.engine.batch.NestedWriter;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * ARRAY_AGG: all values, NULLs too, in the order of time and sequence, else of arrival. Arguments: the value, maybe a time (a long) and a sequence. All values
 * are kept; a group's array is made when a result is asked for.
 */
public final class ArrayAggregator extends OrderedRows {
    private final boolean timed;
    private final WritableColumn values;
    private final NestedWriter writer;
    private int[] scratch = {};

    /** @param arguments how many there are: the value alone, or with time and sequence */
    public ArrayAggregator(MemoryBudget budget, ColumnType array, int arguments) {
        super(budget, 0, 0, 0, arguments > 1, arguments > 1);
        this.timed = arguments > 1;
        this.values = new WritableColumn(budget, array.element());
        this.writer = new NestedWriter(new NestedShape(array));
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groupOf) {
        int[] places = rows == null ? sequence(0, count) : rows;
        int before = size;
        append(arguments, places, count);
        for (int i = 0; i < count; i++) {
            groups[before + i] = groupOf[places[i]];
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        int before = size;
        append(arguments, rows, count);
        Arrays.fill(groups, before, size, group);
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        addRows(group, arguments, sequence(from, to), to - from);
    }

    private int[] sequence(int from, int to) {
        if (scratch.length < to - from) {
            scratch = new int[to - from];
        }
        for (int i = from; i < to; i++) {
            scratch[i - from] = i;
        }
        return scratch;
    }

    private void append(ColumnVector[] arguments, int[] rows, int count) {
        reserveRows(count);
        ColumnVector value = arguments[0];
        if (value.isConstant()) {
            int[] first = new int[count];
            values.append(value, first, count);
        } else {
            values.append(value, rows, count);
        }
        if (timed) {
            for (int i = 0; i < count; i++) {
                boolean noTime = arguments[1].isNull(rows[i]);
                times[size + i] = noTime ? Long.MAX_VALUE : arguments[1].getLong(rows[i]);
                sequences[size + i] = arguments[2].getLong(rows[i]);
            }
        }
        size += count;
    }

    @Override
    public void merge(Aggregator other, int[] map, int groupCount) {
        ArrayAggregator from = (ArrayAggregator) other;
        reserveRows(from.size);
        values.append(from.values.vector(), from.sequence(0, from.size), from.size);
        mergeRows(from, map);
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        order();
        ColumnVector all = values.vector();
        for (int i = 0; i < count; i++) {
            int start = ordering.start(from + i);
            int end = ordering.end(from + i);
            if (start == end) {
                NestedShape.writeNull(result, i);
                continue;
            }
            budget().poll();
            writer.begin(end - start);
            for (int at = start; at < end; at++) {
                writer.put(all, ordering.place(at));
            }
            writer.finish(result, i);
        }
    }

    @Override
    public void close() {
        values.close();
        super.close();
    }
}
