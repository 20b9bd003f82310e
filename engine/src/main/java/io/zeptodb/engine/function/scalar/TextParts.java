package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.kernel.Memory;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Texts cut out of texts: positions are found in the bytes, nothing is decoded. */
final class TextParts {
    private static final int FEW_BYTES = 64;

    private TextParts() {}

    static ScalarKernel substring(boolean hasLength) {
        return TextLoops.rows((arguments, row, result, work) -> {
            long start = arguments[1].getLong(row);
            // saturated: a place beyond every text is as good as any
            long end = Long.MAX_VALUE;
            if (hasLength) {
                long length = arguments[2].getLong(row);
                if (length < 0) {
                    throw Failures.invalidArgument("substr", "the length must not be negative, got " + length);
                }
                end = start + length < start ? Long.MAX_VALUE : start + length;
            }
            ColumnVector texts = arguments[0];
            long bytes = texts.viewBytes(row);
            int size = texts.viewLength(row);
            int from = Utf8.offset(bytes, size, Math.max(start, 1) - 1);
            long characters = Math.max(0, end - Math.max(start, 1));
            int length = Utf8.offset(bytes + from, size - from, characters);
            result.setBytes(row, bytes + from, length);
        });
    }

    static ScalarKernel left() {
        return TextLoops.rows((arguments, row, result, work) -> {
            ColumnVector texts = arguments[0];
            long bytes = texts.viewBytes(row);
            int size = texts.viewLength(row);
            long n = arguments[1].getLong(row);
            long characters = n >= 0 ? n : Math.max(0, Utf8.count(bytes, size) + n);
            result.setBytes(row, bytes, Utf8.offset(bytes, size, characters));
        });
    }

    static ScalarKernel right() {
        return TextLoops.rows((arguments, row, result, work) -> {
            ColumnVector texts = arguments[0];
            long bytes = texts.viewBytes(row);
            int size = texts.viewLength(row);
            long n = arguments[1].getLong(row);
            long skipped =
                    n >= 0 ? Math.max(0, Utf8.count(bytes, size) - n) : n == Long.MIN_VALUE ? Long.MAX_VALUE : -n;
            int from = Utf8.offset(bytes, size, skipped);
            result.setBytes(row, bytes + from, size - from);
        });
    }

    static ScalarKernel trim(boolean leading, boolean trailing) {
        return TextLoops.rows((arguments, row, result, work) -> {
            ColumnVector texts = arguments[0];
            ColumnVector characters = arguments.length > 1 ? arguments[1] : null;
            BitSet many = characters == null ? null : many(characters, row);
            long bytes = texts.viewBytes(row);
            int from = 0;
            int end = texts.viewLength(row);
            while (leading && from < end) {
                int width = Math.min(Utf8.width(Memory.getByte(bytes + from)), end - from);
                if (!isOneOf(bytes + from, width, characters, many, row)) {
                    break;
                }
                work.add(width);
                from += width;
            }
            while (trailing && end > from) {
                int start = end - 1;
                while (start > from && Utf8.isContinuation(Memory.getByte(bytes + start))) {
                    start--;
                }
                if (!isOneOf(bytes + start, end - start, characters, many, row)) {
                    break;
                }
                work.add(end - start);
                end = start;
            }
            result.setBytes(row, bytes + from, end - from);
        });
    }

    /** The characters of a long list; null for a short one, which is looked through as fast. */
    private static @Nullable BitSet many(ColumnVector characters, int row) {
        if (characters.viewLength(row) <= FEW_BYTES) {
            return null;
        }
        BitSet set = new BitSet();
        characters.getText(row).codePoints().forEach(set::set);
        return set;
    }

    private static boolean isOneOf(
            long character, int width, @Nullable ColumnVector characters, @Nullable BitSet many, int row) {
        if (characters == null) {
            return Memory.getByte(character) == ' ';
        }
        if (many != null) {
            byte first = Memory.getByte(character);
            return many.get(
                    first >= 0 ? first : Utf8Text.decode(character, width).codePointAt(0));
        }
        return Utf8.find(characters.viewBytes(row), characters.viewLength(row), 0, character, width) >= 0;
    }

    static ScalarKernel splitPart() {
        return TextLoops.rows((arguments, row, result, work) -> {
            ColumnVector texts = arguments[0];
            ColumnVector delimiters = arguments[1];
            long n = arguments[2].getLong(row);
            if (n == 0) {
                throw Failures.invalidArgument("split_part", "parts count from 1, or from -1 at the end; got 0");
            }
            long bytes = texts.viewBytes(row);
            int size = texts.viewLength(row);
            long delimiter = delimiters.viewBytes(row);
            int width = delimiters.viewLength(row);
            if (width == 0) {
                result.setBytes(row, bytes, n == 1 || n == -1 ? size : 0);
                return;
            }
            long wanted = n > 0 ? n : parts(bytes, size, delimiter, width) + n + 1;
            int from = 0;
            int end = Utf8.find(bytes, size, 0, delimiter, width);
            for (long i = 1; i < wanted && end >= 0; i++) {
                from = end + width;
                end = Utf8.find(bytes, size, from, delimiter, width);
                if (end < 0 && i + 1 < wanted) {
                    from = size;
                }
            }
            boolean missing = wanted < 1 || (wanted > 1 && from == 0);
            int stop = end < 0 ? size : end;
            result.setBytes(row, bytes + from, missing ? 0 : stop - from);
        });
    }

    private static long parts(long bytes, int size, long delimiter, int width) {
        long parts = 1;
        for (int at = Utf8.find(bytes, size, 0, delimiter, width); at >= 0; parts++) {
            at = Utf8.find(bytes, size, at + width, delimiter, width);
        }
        return parts;
    }
}
