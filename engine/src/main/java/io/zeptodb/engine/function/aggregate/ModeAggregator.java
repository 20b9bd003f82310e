package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import org.jspecify.annotations.Nullable;

/** MODE: the most frequent value, the least of several; text among them. Every value is kept. */
public final class ModeAggregator extends RowAggregator {
    private final ValueLog log;
    private final ColumnType type;
    private int groupsReserved;
    private @Nullable SymbolDictionary dictionary;

    /** @param type a type that {@link OrderKey#isLong}, or SYMBOL */
    public ModeAggregator(MemoryBudget budget, ColumnType type) {
        super(budget, 0, 1);
        this.log = new ValueLog(budget, this::account);
        this.type = type;
    }

    @Override
    void grow(int groups) {
        groupsReserved = groups;
    }

    private void prepare(ColumnVector[] arguments, int count) {
        log.reserve(count);
        dictionary = SymbolDictionary.ofBoth(dictionary, arguments[0].dictionary());
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        prepare(arguments, count);
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            log.add(groups[row], OrderKey.at(arguments[0], row));
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        prepare(arguments, count);
        for (int i = 0; i < count; i++) {
            log.add(group, OrderKey.at(arguments[0], rows[i]));
        }
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        prepare(arguments, to - from);
        for (int i = from; i < to; i++) {
            log.add(group, OrderKey.at(arguments[0], i));
        }
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        ModeAggregator from = (ModeAggregator) other;
        dictionary = SymbolDictionary.ofBoth(dictionary, from.dictionary);
        log.addAll(from.log, groups);
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        log.order(groupsReserved);
        if (dictionary != null) {
            result.setDictionary(dictionary);
        }
        for (int i = 0; i < count; i++) {
            int start = log.start(from + i);
            int end = log.end(from + i);
            if (start == end) {
                result.setNull(i);
                continue;
            }
            long mode = mode(start, end);
            if (type.kind().isFloat()) {
                result.setDouble(i, OrderKey.toDouble(mode));
            } else {
                result.setLong(i, mode);
            }
        }
    }

    private long mode(int start, int end) {
        long best = log.value(start);
        int bestLength = 0;
        int at = start;
        while (at < end) {
            long value = log.value(at);
            int next = at + 1;
            while (next < end && log.value(next) == value) {
                next++;
            }
            int length = next - at;
            if (length > bestLength || (length == bestLength && less(value, best))) {
                best = value;
                bestLength = length;
            }
            at = next;
        }
        return best;
    }

    private boolean less(long value, long than) {
        SymbolDictionary texts = dictionary;
        return texts != null && texts.compare((int) value, (int) than) < 0;
    }
}
