package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.Aggregator;
import io.zeptodb.engine.function.TextLimit;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** STRING_AGG: the texts in the order of arrival, each but the first behind its row's separator; a NULL separator is empty. */
public final class TextJoin extends RowAggregator {
    private static final int BYTES_PER_GROUP = 2 * Long.BYTES;
    private static final byte[] NOTHING = {};
    private static final int LEAST_TEXT = 32;
    /** Bytes copied between two looks at whether the statement shall stop: far below a millisecond. */
    private static final int POLL_BYTES = 1 << 20;

    private byte[] @Nullable [] texts = {};
    private int[] lengths = {};
    /** Bytes of the first row's separator, which begins the group's bytes and is not shown. */
    private int[] hidden = {};

    public TextJoin(MemoryBudget budget) {
        super(budget, BYTES_PER_GROUP, 1);
    }

    @Override
    public boolean dependsOnArrival() {
        return true;
    }

    @Override
    void grow(int groups) {
        texts = Arrays.copyOf(texts, groups);
        lengths = Arrays.copyOf(lengths, groups);
        hidden = Arrays.copyOf(hidden, groups);
    }

    @Override
    void scatter(ColumnVector[] arguments, int @Nullable [] rows, int count, int[] groups) {
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            add(groups[row], arguments, row);
        }
    }

    @Override
    void addRows(int group, ColumnVector[] arguments, int[] rows, int count) {
        for (int i = 0; i < count; i++) {
            add(group, arguments, rows[i]);
        }
    }

    @Override
    void addRange(int group, ColumnVector[] arguments, int from, int to) {
        for (int i = from; i < to; i++) {
            add(group, arguments, i);
        }
    }

    private void add(int group, ColumnVector[] arguments, int row) {
        ColumnVector separator = arguments[1];
        boolean first = texts[group] == null;
        if (!separator.isNull(row)) {
            append(group, separator.viewBytes(row), separator.viewLength(row));
        }
        if (first) {
            hidden[group] = lengths[group];
        }
        append(group, arguments[0].viewBytes(row), arguments[0].viewLength(row));
    }

    private void append(int group, long from, int length) {
        int old = lengths[group];
        byte[] bytes = room(group, old + (long) length);
        Memory.copyToArray(from, bytes, old, length);
        lengths[group] = old + length;
    }

    private byte[] room(int group, long length) {
        TextLimit.check("string_agg", length);
        byte[] bytes = texts[group];
        int size = bytes == null ? 0 : bytes.length;
        if (bytes == null || size < length) {
            int wanted = (int) Math.max(Math.max(LEAST_TEXT, length), Math.min(size * 2L, TextLimit.MOST_BYTES));
            account(wanted - size);
            bytes = bytes == null ? new byte[wanted] : Arrays.copyOf(bytes, wanted);
            texts[group] = bytes;
        }
        return bytes;
    }

    /** Long texts take longer to copy than many groups do to count: asks whether to go on by bytes. The bytes since it last asked. */
    private long pollAfter(long copied, int more) {
        if (copied + more < POLL_BYTES) {
            return copied + more;
        }
        budget().poll();
        return 0;
    }

    @Override
    public void merge(Aggregator other, int[] groups, int groupCount) {
        TextJoin from = (TextJoin) other;
        long copied = 0;
        for (int g = 0; g < groupCount; g++) {
            copied = pollAfter(copied, from.lengths[g]);
            byte[] bytes = from.texts[g];
            if (bytes == null) {
                continue;
            }
            int to = groups[g];
            boolean first = texts[to] == null;
            int old = lengths[to];
            int length = from.lengths[g];
            System.arraycopy(bytes, 0, room(to, old + (long) length), old, length);
            lengths[to] = old + length;
            if (first) {
                hidden[to] = from.hidden[g];
            }
        }
    }

    @Override
    public void finish(int from, int count, WritableColumn result) {
        long copied = 0;
        for (int i = 0; i < count; i++) {
            copied = pollAfter(copied, lengths[from + i]);
            byte[] bytes = texts[from + i];
            long view = result.data() + (long) i * ColumnVector.VIEW_BYTES;
            if (bytes == null) {
                result.heap().putView(view, NOTHING, 0, 0);
                result.setNull(i);
            } else {
                result.heap().putView(view, bytes, hidden[from + i], lengths[from + i] - hidden[from + i]);
            }
        }
    }
}
