package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.Memory;
import java.util.Arrays;

/**
 * Loops over functions of texts. A row with a NULL argument is skipped, for the bytes behind its view may be gone, and gets an empty
 * view where the result is text.
 */
final class TextLoops {
    private TextLoops() {}

    /** Computes one row; no argument is NULL. The meter knows the arguments' bytes already: it is for rows that take much longer than reading those. */
    interface RowFunction {
        void apply(ColumnVector[] arguments, int row, WritableColumn result, WorkMeter work);
    }

    /** The loop over a function of each row. */
    static ScalarKernel rows(RowFunction function) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            boolean view = result.type().kind().isView();
            ColumnVector[] texts = texts(arguments);
            WorkMeter work = new WorkMeter(context.stopCheck());
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                if (!anyNull(arguments, at)) {
                    addBytes(texts, at, work);
                    function.apply(arguments, at, result, work);
                } else if (view) {
                    putEmpty(result, at);
                }
            }
        };
    }

    /** Those of the arguments whose values have lengths. */
    static ColumnVector[] texts(ColumnVector[] arguments) {
        int count = 0;
        ColumnVector[] texts = new ColumnVector[arguments.length];
        for (ColumnVector argument : arguments) {
            if (argument.type().kind().isView()) {
                texts[count++] = argument;
            }
        }
        return Arrays.copyOf(texts, count);
    }

    /** Adds the bytes of a row, none of whose texts is NULL. */
    static void addBytes(ColumnVector[] texts, int row, WorkMeter work) {
        for (ColumnVector text : texts) {
            work.add(text.viewLength(row));
        }
    }

    static boolean anyNull(ColumnVector[] arguments, int row) {
        for (ColumnVector argument : arguments) {
            if (argument.isNull(row)) {
                return true;
            }
        }
        return false;
    }

    /** Writes the view of an empty text. */
    static void putEmpty(WritableColumn result, int row) {
        long view = result.data() + ((long) row << 4);
        Memory.putLong(view, 0);
        Memory.putLong(view + Long.BYTES, 0);
    }
}
