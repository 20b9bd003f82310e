package io.zeptodb.jdbc.value;

import io.zeptodb.engine.api.ResultColumn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.SQLException;
import org.apache.arrow.vector.FieldVector;

/**
 * A column whose values have a fixed width of at most 8 bytes. They are copied out of their vector in windows, under the cursor's lock, and read from
 * there: a lock for each value would cost more than the value.
 */
abstract class FixedAccessor extends ColumnAccessor {
    /** A query for one row should not pay for many. */
    private static final int FIRST_ROWS = 16;

    private static final int MOST_ROWS = 1024;
    private static final int GROWTH = 4;

    private RowWindow window = RowWindow.NONE;
    private int rows = FIRST_ROWS;

    FixedAccessor(ArrowCursor cursor, ResultColumn column) {
        super(cursor, column);
    }

    /** The value's bits, 0 for NULL, which is noted for wasNull. */
    final long value() throws SQLException {
        long row = cursor.row();
        RowWindow held = window;
        long place = held.place(row);
        if (!held.has(place)) {
            held = load(row, held);
            place = held.place(row);
        }
        int index = (int) place;
        cursor.noteNull(held.isNull(index));
        return held.value(index);
    }

    private RowWindow load(long row, RowWindow before) throws SQLException {
        // who reads on gets more at a time, who jumps to and fro does not
        rows = row == before.end() ? Math.min(rows * GROWTH, MOST_ROWS) : FIRST_ROWS;
        int index = cursor.enter();
        try {
            FieldVector vector = vector();
            int count = Math.min(rows, vector.getValueCount() - index);
            long[] values = new long[count];
            copy(vector, index, values);
            RowWindow loaded = new RowWindow(row, values, nulls(vector, index, values));
            window = loaded;
            return loaded;
        } finally {
            cursor.leave();
        }
    }

    private static long[] nulls(FieldVector vector, int from, long[] values) {
        if (vector.getNullCount() == 0) {
            return new long[0];
        }
        long[] nulls = RowWindow.noNulls(values.length);
        for (int i = 0; i < values.length; i++) {
            if (vector.isNull(from + i)) {
                RowWindow.setNull(nulls, i);
                values[i] = 0; // what lies below a NULL is undefined
            }
        }
        return nulls;
    }

    /** Fills the array with the values from a row of the vector on; the lock is held. */
    abstract void copy(FieldVector vector, int from, long[] values);

    /** The bytes of rows, in the order of this machine as Arrow has them. */
    static ByteBuffer bytes(FieldVector vector, int from, int rows, int width) {
        return vector.getDataBuffer()
                .nioBuffer((long) from * width, rows * width)
                .order(ByteOrder.nativeOrder());
    }

    static void copyLongs(FieldVector vector, int from, long[] values) {
        bytes(vector, from, values.length, Long.BYTES).asLongBuffer().get(values);
    }

    static void copyInts(FieldVector vector, int from, long[] values) {
        ByteBuffer source = bytes(vector, from, values.length, Integer.BYTES);
        for (int i = 0; i < values.length; i++) {
            values[i] = source.getInt(i * Integer.BYTES);
        }
    }
}
