package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.function.TextLimit;
import io.zeptodb.engine.kernel.Memory;

/** Texts put together from several. */
final class TextJoins {
    private TextJoins() {}

    static ScalarKernel concatenation() {
        return TextLoops.rows((arguments, row, result, work) -> {
            int left = arguments[0].viewLength(row);
            int right = arguments[1].viewLength(row);
            long out = result.heap().reserve(checked(left + (long) right));
            Memory.copy(arguments[0].viewBytes(row), out, left);
            Memory.copy(arguments[1].viewBytes(row), out + left, right);
            result.heap().finishView(result.data() + ((long) row << 4), out, left + right);
        });
    }

    private static int checked(long bytes) {
        if (bytes > TextLimit.MOST_BYTES) {
            throw Failures.invalidArgument(
                    "concat", "a text of " + bytes + " bytes is longer than " + TextLimit.MOST_BYTES);
        }
        return (int) bytes;
    }

    /** Goes over rows whatever their NULLs. */
    private static ScalarKernel everyRow(TextLoops.RowFunction function) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            ColumnVector[] texts = TextLoops.texts(arguments);
            WorkMeter work = new WorkMeter(context.stopCheck());
            for (int i = 0; i < count; i++) {
                int row = positions == null ? i : positions[i];
                for (ColumnVector text : texts) {
                    work.add(text.isNull(row) ? 0 : text.viewLength(row));
                }
                function.apply(arguments, row, result, work);
            }
        };
    }

    static ScalarKernel concat() {
        return everyRow((arguments, row, result, work) -> join(arguments, 0, null, row, result));
    }

    static ScalarKernel concatWithSeparator() {
        return everyRow((arguments, row, result, work) -> {
            if (arguments[0].isNull(row)) {
                TextLoops.putEmpty(result, row);
                result.setNull(row);
            } else {
                join(arguments, 1, arguments[0], row, result);
            }
        });
    }

    private static void join(
            ColumnVector[] arguments,
            int first,
            @org.jspecify.annotations.Nullable ColumnVector separators,
            int row,
            WritableColumn result) {
        int separator = separators == null ? 0 : separators.viewLength(row);
        long most = 0;
        for (int i = first; i < arguments.length; i++) {
            most += arguments[i].isNull(row) ? 0 : arguments[i].viewLength(row) + (long) separator;
        }
        long out = result.heap().reserve(checked(most));
        int length = 0;
        boolean any = false;
        for (int i = first; i < arguments.length; i++) {
            if (arguments[i].isNull(row)) {
                continue;
            }
            if (any && separators != null) {
                Memory.copy(separators.viewBytes(row), out + length, separator);
                length += separator;
            }
            Memory.copy(arguments[i].viewBytes(row), out + length, arguments[i].viewLength(row));
            length += arguments[i].viewLength(row);
            any = true;
        }
        result.heap().finishView(result.data() + ((long) row << 4), out, length);
    }

    static ScalarKernel constant(String text) {
        return everyRow((arguments, row, result, work) -> result.setText(row, text));
    }

    static ScalarKernel format() {
        return everyRow((arguments, row, result, work) -> {
            if (arguments[0].isNull(row)) {
                TextLoops.putEmpty(result, row);
                result.setNull(row);
            } else {
                TextLimit.put("format", new TextPattern(arguments, row, work).text(), row, result);
            }
        });
    }
}
