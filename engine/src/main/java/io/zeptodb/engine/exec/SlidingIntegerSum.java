package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Int128;
import io.zeptodb.engine.kernel.Memory;

/** SUM and AVG of INTEGER or BIGINT over frames: rows are added when they enter and taken away when they leave, exactly, in 128 bits. */
final class SlidingIntegerSum implements FrameFunction {
    private final ColumnVector argument;
    private final boolean wide;
    private final boolean average;
    private final PresentCounts present;
    private int start;
    private int end;
    private long high;
    private long low;

    SlidingIntegerSum(MemoryBudget budget, ColumnVector argument, int rowCount, boolean average) {
        this.argument = argument;
        this.wide = argument.type().width() == Long.BYTES;
        this.average = average;
        this.present = new PresentCounts(budget, argument, rowCount);
    }

    private long value(int row) {
        if (argument.hasNulls() && argument.isNull(row)) {
            return 0;
        }
        int at = row & argument.mask();
        return wide
                ? Memory.getLong(argument.data() + ((long) at << 3))
                : Memory.getInt(argument.data() + ((long) at << 2));
    }

    @Override
    public void compute(int from, int count, int[] starts, int[] ends, WritableColumn result) {
        for (int i = 0; i < count; i++) {
            slide(starts[i], ends[i]);
            int rows = present.between(start, end);
            if (rows == 0) {
                result.setNull(from + i);
            } else if (average) {
                result.setDouble(from + i, Int128.toDouble(high, low) / rows);
            } else if (high == low >> (Long.SIZE - 1)) {
                Memory.putLong(result.data() + ((long) (from + i) << 3), low);
            } else {
                throw new EngineException(
                        ErrorCode.NUMERIC_OUT_OF_RANGE,
                        "sum is out of range: " + Int128.toString(high, low)
                                + " does not fit BIGINT (cast the argument to DECIMAL(38,0) or DOUBLE)");
            }
        }
    }

    private void slide(int newStart, int newEnd) {
        if (newStart >= end || newStart < start || newEnd < end) {
            // far from the frame before, or, at the end of a month, back from it
            high = 0;
            low = 0;
            start = newStart;
            end = newStart;
        }
        for (; end < newEnd; end++) {
            long value = value(end);
            high += (value >> (Long.SIZE - 1)) + Int128.carry(low, value);
            low += value;
        }
        for (; start < newStart; start++) {
            long value = value(start);
            // low - value borrows when value is the greater, unsigned
            high -= (value >> (Long.SIZE - 1)) + (Long.compareUnsigned(low, value) < 0 ? 1 : 0);
            low -= value;
        }
    }

    @Override
    public void close() {
        present.close();
    }
}
