package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.batch.SymbolTable;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.kernel.Int128;
import io.zeptodb.engine.kernel.Memory;
import org.jspecify.annotations.Nullable;

/**
 * MODE: the most frequent value, the least of several. Every value is kept as a long; one that is none, a text or a DECIMAL, as its number in a table of
 * those that came, which is the aggregate's own.
 */
public final class ModeAggregator extends RowAggregator {
    private static final int DECIMAL_BYTES = 2 * Long.BYTES;
    private static final byte[] NOTHING = {};

    private final ValueLog log;
    private final ColumnType type;
    private final boolean numbered;
    private int groupsReserved;
    private @Nullable SymbolDictionary dictionary;
    private @Nullable SymbolTable table;

    /** @param type any that is not nested, but VARBINARY */
    public ModeAggregator(MemoryBudget budget, ColumnType type) {
        super(budget, 0, 1);
        this.log = new ValueLog(budget, this::account);
        this.type = type;
        this.numbered = type.kind() == TypeKind.VARCHAR || type.kind() == TypeKind.DECIMAL;
    }

    @Override
    void grow(int groups) {
        groupsReserved = groups;
    }

    private void prepare(ColumnVector[] arguments, int count) {
        log.reserve(count);
        dictionary = SymbolDictionary.ofBoth(dictionary, arguments[0].dictionary());
    }

    private SymbolTable table() {
        SymbolTable known = table;
        if (known == null) {
            known = new SymbolTable(budget());
            table = known;
        }
        return known;
    }

    private long key(ColumnVector values, int row) {
        if (!numbered) {
            return OrderKey.at(values, row);
        } else if (type.kind() == TypeKind.DECIMAL) {
            return table().intern(values.data() + (long) (row & values.mask()) * DECIMAL_BYTES, DECIMAL_BYTES);
        }
        return table().intern(values.viewBytes(row), values.viewLength(row));
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        prepare(arguments, count);
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            log.add(groups[row], key(arguments[0], row));
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        prepare(arguments, count);
        for (int i = 0; i < count; i++) {
            log.add(group, key(arguments[0], rows[i]));
        }
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        prepare(arguments, to - from);
        for (int i = from; i < to; i++) {
            log.add(group, key(arguments[0], i));
        }
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        ModeAggregator from = (ModeAggregator) other;
        dictionary = SymbolDictionary.ofBoth(dictionary, from.dictionary);
        SymbolTable theirs = from.table;
        if (theirs == null) {
            log.addAll(from.log, groups);
            return;
        }
        ColumnVector texts = theirs.values();
        int[] numbers = new int[theirs.size()];
        for (int i = 0; i < numbers.length; i++) {
            if ((i & (MemoryBudget.POLL_STEPS - 1)) == 0) {
                budget().poll();
            }
            numbers[i] = table().intern(texts.viewBytes(i), texts.viewLength(i));
        }
        log.addAll(from.log, groups, numbers);
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
                writeNull(result, i);
                continue;
            }
            long mode = mode(start, end);
            write(mode, result, i);
        }
    }

    private void write(long mode, WritableColumn result, int row) {
        switch (type.kind()) {
            case REAL, DOUBLE -> result.setDouble(row, OrderKey.toDouble(mode));
            case DECIMAL -> {
                long at = table().values().viewBytes((int) mode);
                result.setDecimal(row, Memory.getLong(at + Long.BYTES), Memory.getLong(at));
            }
            case VARCHAR -> {
                ColumnVector texts = table().values();
                long bytes = texts.viewBytes((int) mode);
                result.heap()
                        .putView(result.data() + (long) row * ColumnVector.VIEW_BYTES, bytes, texts.viewLength((int)
                                mode));
            }
            default -> result.setLong(row, mode);
        }
    }

    private void writeNull(WritableColumn result, int row) {
        if (type.kind().isView()) {
            result.heap().putView(result.data() + (long) row * ColumnVector.VIEW_BYTES, NOTHING, 0, 0);
        }
        result.setNull(row);
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

    /** Whether a value that is found behind another one is less: the numbers of texts and DECIMALs say nothing of their order. */
    private boolean less(long value, long than) {
        if (type.kind() == TypeKind.DECIMAL) {
            ColumnVector known = table().values();
            long left = known.viewBytes((int) value);
            long right = known.viewBytes((int) than);
            return Int128.compare(
                            Memory.getLong(left + Long.BYTES),
                            Memory.getLong(left),
                            Memory.getLong(right + Long.BYTES),
                            Memory.getLong(right))
                    < 0;
        }
        SymbolDictionary texts = numbered ? table() : dictionary;
        return texts != null && texts.compare((int) value, (int) than) < 0;
    }

    @Override
    public void close() {
        SymbolTable known = table;
        table = null;
        if (known != null) {
            known.close();
        }
        super.close();
    }
}
