package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.ScalarKernel;
import io.zeptodb.engine.function.TextLimit;
import io.zeptodb.engine.kernel.Memory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Texts made from a text. ASCII, which most texts are, is changed byte by byte where that is enough. */
final class TextChanges {
    private static final int FEW_CHARACTERS = 64;

    private TextChanges() {}

    static ScalarKernel upper() {
        return TextLoops.rows((arguments, row, result) -> {
            if (!asciiCase(arguments[0], row, result, 'a', 'z')) {
                result.setText(row, arguments[0].getText(row).toUpperCase(Locale.ROOT));
            }
        });
    }

    static ScalarKernel lower() {
        return TextLoops.rows((arguments, row, result) -> {
            if (!asciiCase(arguments[0], row, result, 'A', 'Z')) {
                result.setText(row, arguments[0].getText(row).toLowerCase(Locale.ROOT));
            }
        });
    }

    /** Turns letters in [first, last] into those of the other case; false when there is more than ASCII. */
    private static boolean asciiCase(ColumnVector texts, int row, WritableColumn result, char first, char last) {
        long bytes = texts.viewBytes(row);
        int size = texts.viewLength(row);
        if (!Utf8.isAscii(bytes, size)) {
            return false;
        }
        long out = result.heap().reserve(size);
        for (int i = 0; i < size; i++) {
            byte b = Memory.getByte(bytes + i);
            int other = b >= first && b <= last ? b ^ 0x20 : b;
            Memory.putByte(out + i, (byte) other);
        }
        result.heap().finishView(result.data() + ((long) row << 4), out, size);
        return true;
    }

    static ScalarKernel initcap() {
        return TextLoops.rows((arguments, row, result) -> {
            StringBuilder text = new StringBuilder();
            boolean inWord = false;
            int[] characters = arguments[0].getText(row).codePoints().toArray();
            for (int c : characters) {
                text.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
                inWord = Character.isLetterOrDigit(c);
            }
            result.setText(row, text.toString());
        });
    }

    static ScalarKernel reverse() {
        return TextLoops.rows((arguments, row, result) -> {
            long bytes = arguments[0].viewBytes(row);
            int size = arguments[0].viewLength(row);
            long out = result.heap().reserve(size);
            int to = size;
            for (int from = 0; from < size; ) {
                int width = Math.min(Utf8.width(Memory.getByte(bytes + from)), size - from);
                to -= width;
                Memory.copy(bytes + from, out + to, width);
                from += width;
            }
            result.heap().finishView(result.data() + ((long) row << 4), out, size);
        });
    }

    static ScalarKernel repeat() {
        return TextLoops.rows((arguments, row, result) -> {
            int size = arguments[0].viewLength(row);
            long times = Math.max(0, arguments[1].getLong(row));
            if (size != 0 && times > TextLimit.MOST_BYTES / size) {
                throw Failures.invalidArgument(
                        "repeat", size + " bytes " + times + " times are more than " + TextLimit.MOST_BYTES + " bytes");
            }
            int length = size == 0 ? 0 : (int) (size * times);
            long bytes = arguments[0].viewBytes(row);
            long out = result.heap().reserve(length);
            for (int at = 0; at < length; at += size) {
                Memory.copy(bytes, out + at, size);
            }
            result.heap().finishView(result.data() + ((long) row << 4), out, length);
        });
    }

    static ScalarKernel replace() {
        return TextLoops.rows((arguments, row, result) -> {
            ColumnVector texts = arguments[0];
            ColumnVector parts = arguments[1];
            long bytes = texts.viewBytes(row);
            int size = texts.viewLength(row);
            long part = parts.viewBytes(row);
            int width = parts.viewLength(row);
            int first = width == 0 ? -1 : Utf8.find(bytes, size, 0, part, width);
            if (first < 0) {
                result.setBytes(row, bytes, size);
                return;
            }
            long other = arguments[2].viewBytes(row);
            int otherWidth = arguments[2].viewLength(row);
            long found = 0;
            for (int at = first; at >= 0; at = Utf8.find(bytes, size, at + width, part, width)) {
                found++;
            }
            long length = size + found * (otherWidth - width);
            TextLimit.check("replace", length);
            long out = result.heap().reserve((int) length);
            long to = out;
            int from = 0;
            for (int at = first; at >= 0; at = Utf8.find(bytes, size, from, part, width)) {
                Memory.copy(bytes + from, to, at - from);
                Memory.copy(other, to + at - from, otherWidth);
                to += at - from + otherWidth;
                from = at + width;
            }
            Memory.copy(bytes + from, to, size - from);
            result.heap().finishView(result.data() + ((long) row << 4), out, (int) length);
        });
    }

    static ScalarKernel overlay() {
        return TextLoops.rows((arguments, row, result) -> {
            long bytes = arguments[0].viewBytes(row);
            int size = arguments[0].viewLength(row);
            int width = arguments[1].viewLength(row);
            long start = arguments[2].getLong(row);
            if (start < 1) {
                throw Failures.invalidArgument("overlay", "the start counts from 1, got " + start);
            }
            long length = arguments.length > 3
                    ? Math.max(0, arguments[3].getLong(row))
                    : Utf8.count(arguments[1].viewBytes(row), width);
            int before = Utf8.offset(bytes, size, start - 1);
            int after = before + Utf8.offset(bytes + before, size - before, length);
            TextLimit.check("overlay", (long) before + width + size - after);
            long out = result.heap().reserve(before + width + size - after);
            Memory.copy(bytes, out, before);
            Memory.copy(arguments[1].viewBytes(row), out + before, width);
            Memory.copy(bytes + after, out + before + width, size - after);
            result.heap().finishView(result.data() + ((long) row << 4), out, before + width + size - after);
        });
    }

    static ScalarKernel translate() {
        return TextLoops.rows((arguments, row, result) -> {
            int[] from = arguments[1].getText(row).codePoints().toArray();
            int[] to = arguments[2].getText(row).codePoints().toArray();
            Map<Integer, Integer> many = places(from);
            String text = arguments[0].getText(row);
            StringBuilder changed = new StringBuilder();
            for (int at = 0; at < text.length(); ) {
                int c = text.codePointAt(at);
                at += Character.charCount(c);
                int place = many == null ? place(from, c) : many.getOrDefault(c, from.length);
                if (place == from.length) {
                    changed.appendCodePoint(c);
                } else if (place < to.length) {
                    changed.appendCodePoint(to[place]);
                }
            }
            TextLimit.put("translate", changed.toString(), row, result);
        });
    }

    private static int place(int[] characters, int sought) {
        int place = 0;
        while (place < characters.length && characters[place] != sought) {
            place++;
        }
        return place;
    }

    /** The first place of each character; null when they are so few that {@link #place} finds one as fast. */
    private static @Nullable Map<Integer, Integer> places(int[] characters) {
        if (characters.length <= FEW_CHARACTERS) {
            return null;
        }
        Map<Integer, Integer> places = new HashMap<>();
        for (int i = 0; i < characters.length; i++) {
            places.putIfAbsent(characters[i], i);
        }
        return places;
    }

    static ScalarKernel pad(String name, boolean left) {
        return TextLoops.rows((arguments, row, result) -> {
            long wanted = Math.max(0, arguments[1].getLong(row));
            long bytes = arguments[0].viewBytes(row);
            int size = arguments[0].viewLength(row);
            int characters = Utf8.count(bytes, size);
            int[] fill = arguments.length > 2
                    ? arguments[2].getText(row).codePoints().toArray()
                    : new int[] {' '};
            if (wanted <= characters || fill.length == 0) {
                result.setBytes(row, bytes, Utf8.offset(bytes, size, wanted));
                return;
            }
            if (wanted > TextLimit.MOST_BYTES / Integer.BYTES) {
                throw Failures.invalidArgument(
                        name, wanted + " characters may be more than " + TextLimit.MOST_BYTES + " bytes");
            }
            StringBuilder padding = new StringBuilder();
            for (int i = 0; i < wanted - characters; i++) {
                padding.appendCodePoint(fill[i % fill.length]);
            }
            String text = arguments[0].getText(row);
            result.setText(
                    row,
                    left
                            ? padding.append(text).toString()
                            : padding.insert(0, text).toString());
        });
    }

    static ScalarKernel chr() {
        return TextLoops.rows((arguments, row, result) -> {
            long code = arguments[0].getLong(row);
            boolean surrogate = code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
            if (code < 1 || code > Character.MAX_CODE_POINT || surrogate) {
                throw Failures.invalidArgument("chr", code + " is not the code point of a character");
            }
            result.setText(row, Character.toString((int) code));
        });
    }

    static ScalarKernel digest(String algorithm) {
        return (arguments, selection, rowCount, result, context) -> {
            MessageDigest digest;
            try {
                digest = MessageDigest.getInstance(algorithm);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has " + algorithm, e);
            }
            TextLoops.rows((texts, row, column) ->
                            column.setText(row, HexFormat.of().formatHex(digest.digest(texts[0].getBytes(row)))))
                    .evaluate(arguments, selection, rowCount, result, context);
        };
    }
}
