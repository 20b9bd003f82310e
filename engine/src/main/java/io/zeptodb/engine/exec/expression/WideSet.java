package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A set of values of 16 bytes: texts, binaries, decimals. Open addressing over a column, at most half full. */
final class WideSet implements AutoCloseable {
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final int EMPTY = -1;

    private final WritableColumn values;
    private final ColumnVector vector;
    private final int[] slots;
    private final int shift;
    private final boolean views;

    WideSet(List<?> members, ColumnType type, MemoryBudget budget) {
        views = type.kind().isView();
        values = new WritableColumn(budget, type);
        values.reserve(members.size());
        int capacity = Integer.highestOneBit(Math.max(members.size(), 2) * 2 - 1) << 1;
        slots = new int[capacity];
        Arrays.fill(slots, EMPTY);
        shift = Long.SIZE - Integer.numberOfTrailingZeros(capacity);
        for (int i = 0; i < members.size(); i++) {
            BoxedValues.write(values, i, members.get(i));
        }
        values.setRowCount(members.size());
        vector = values.vector();
        for (int i = 0; i < members.size(); i++) {
            slots[find(vector, i)] = i;
        }
    }

    private int find(ColumnVector other, int row) {
        int at = (int) ((hash(other, row) * SPREAD) >>> shift);
        while (slots[at] != EMPTY && !equal(other, row, slots[at])) {
            at = (at + 1) & (slots.length - 1);
        }
        return at;
    }

    /** Of a long text only the ends are looked at: the comparison decides. */
    private long hash(ColumnVector other, int row) {
        long address = other.viewAddress(row);
        long first = Memory.getLong(address);
        if (views && Memory.getInt(address) > ColumnVector.INLINE_BYTES) {
            long end = other.viewBytes(row) + Memory.getInt(address);
            return first * SPREAD ^ Memory.getLong(end - Long.BYTES);
        }
        return first * SPREAD ^ Memory.getLong(address + Long.BYTES);
    }

    private boolean equal(ColumnVector other, int row, int member) {
        if (views) {
            return other.equalText(row, vector, member);
        }
        return other.getDecimalLow(row) == vector.getDecimalLow(member)
                && other.getDecimalHigh(row) == vector.getDecimalHigh(member);
    }

    int select(ColumnVector other, int @Nullable [] in, int count, int[] out, boolean negated) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            int at = in == null ? i : in[i];
            out[kept] = at;
            kept += (slots[find(other, at)] == EMPTY) == negated ? 1 : 0;
        }
        return kept;
    }

    @Override
    public void close() {
        values.close();
    }
}
