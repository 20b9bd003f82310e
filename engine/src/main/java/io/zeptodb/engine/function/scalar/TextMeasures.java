package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.Memory;

/** What is counted or found in texts. */
final class TextMeasures {
    private TextMeasures() {}

    /** Number of bytes times a factor. */
    static ScalarKernel bytes(int factor) {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            ColumnVector texts = arguments[0];
            long out = result.data();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                Memory.putInt(out + ((long) at << 2), texts.viewLength(at) * factor);
            }
        };
    }

    static ScalarKernel characters() {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            ColumnVector texts = arguments[0];
            long out = result.data();
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                if (!texts.isNull(at)) {
                    Memory.putInt(out + ((long) at << 2), Utf8.count(texts.viewBytes(at), texts.viewLength(at)));
                }
            }
        };
    }

    /** Where the part occurs, in characters from 1. */
    static ScalarKernel position(int text, int part) {
        return TextLoops.rows((arguments, row, result, work) -> {
            ColumnVector texts = arguments[text];
            ColumnVector parts = arguments[part];
            long bytes = texts.viewBytes(row);
            int at = Utf8.find(bytes, texts.viewLength(row), 0, parts.viewBytes(row), parts.viewLength(row));
            result.setLong(row, at < 0 ? 0 : Utf8.count(bytes, at) + 1L);
        });
    }

    /** {@code locate(part, text, from)}. */
    static ScalarKernel locate() {
        return TextLoops.rows((arguments, row, result, work) -> {
            ColumnVector texts = arguments[1];
            long bytes = texts.viewBytes(row);
            int length = texts.viewLength(row);
            long from = Math.max(1, arguments[2].getLong(row));
            if (from - 1 > Utf8.count(bytes, length)) {
                result.setLong(row, 0);
                return;
            }
            int start = Utf8.offset(bytes, length, from - 1);
            int at = Utf8.find(bytes, length, start, arguments[0].viewBytes(row), arguments[0].viewLength(row));
            result.setLong(row, at < 0 ? 0 : Utf8.count(bytes, at) + 1L);
        });
    }

    static ScalarKernel startsWith() {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                if (!TextLoops.anyNull(arguments, at)) {
                    int length = arguments[1].viewLength(at);
                    boolean starts = length <= arguments[0].viewLength(at)
                            && Utf8.equal(arguments[0].viewBytes(at), arguments[1].viewBytes(at), length);
                    result.setBoolean(at, starts);
                }
            }
        };
    }

    static ScalarKernel endsWith() {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                if (!TextLoops.anyNull(arguments, at)) {
                    int length = arguments[1].viewLength(at);
                    int before = arguments[0].viewLength(at) - length;
                    boolean ends = before >= 0
                            && Utf8.equal(arguments[0].viewBytes(at) + before, arguments[1].viewBytes(at), length);
                    result.setBoolean(at, ends);
                }
            }
        };
    }

    static ScalarKernel contains() {
        return (arguments, selection, rowCount, result, context) -> {
            int[] positions = Rows.positions(selection);
            int count = Rows.count(selection, rowCount);
            ColumnVector texts = arguments[0];
            ColumnVector parts = arguments[1];
            WorkMeter work = new WorkMeter(context.stopCheck());
            for (int i = 0; i < count; i++) {
                int at = positions == null ? i : positions[i];
                if (!TextLoops.anyNull(arguments, at)) {
                    TextLoops.addBytes(arguments, at, work);
                    int found = Utf8.find(
                            texts.viewBytes(at), texts.viewLength(at), 0, parts.viewBytes(at), parts.viewLength(at));
                    result.setBoolean(at, found >= 0);
                }
            }
        };
    }

    static ScalarKernel ascii() {
        return TextLoops.rows((arguments, row, result, work) -> {
            int length = arguments[0].viewLength(row);
            if (length == 0) {
                result.setLong(row, 0);
                return;
            }
            long bytes = arguments[0].viewBytes(row);
            result.setLong(
                    row,
                    Utf8Text.decode(bytes, Math.min(length, Utf8.width(Memory.getByte(bytes))))
                            .codePointAt(0));
        });
    }
}
