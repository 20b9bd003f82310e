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
import java.util.function.UnaryOperator;

/** Texts made from a text. ASCII, which most texts are, is changed byte by byte where that is enough. */
final class TextChanges {
    private static final int FEW_CHARACTERS = 64;

    /** Characters whose case is changed at once. */
    private static final int CASE_PART = 256;

    /** A character whose case is changed may take as long as so many bytes of text. */
    private static final int CASE_WORK = 8;

    /** So is the work of a character that is looked for among others. */
    private static final int TRANSLATION_WORK = 8;

    /** What a character becomes that becomes nothing. */
    private static final int GONE = -1;

    private static final char SIGMA = 'Σ';

    private TextChanges() {}

    static ScalarKernel upper() {
        return TextLoops.rows((arguments, row, result, work) -> {
            if (!asciiCase(arguments[0], row, result, 'a', 'z')) {
                String text = arguments[0].getText(row);
                TextLimit.put(
                        "upper", otherCase("upper", text, work, part -> part.toUpperCase(Locale.ROOT)), row, result);
            }
        });
    }

    static ScalarKernel lower() {
        return TextLoops.rows((arguments, row, result, work) -> {
            if (!asciiCase(arguments[0], row, result, 'A', 'Z')) {
                String text = arguments[0].getText(row);
                TextLimit.put(
                        "lower", otherCase("lower", text, work, part -> part.toLowerCase(Locale.ROOT)), row, result);
            }
        });
    }

    /**
     * The other case part by part: Java copies what it has for each character that becomes longer, and goes over the word for each sigma, so that it takes
     * the square of the length. A word that is cut is longer than any; it is not cut beside a sigma, whose lower case goes by its neighbours.
     */
    private static String otherCase(String function, String text, WorkMeter work, UnaryOperator<String> change) {
        if (text.length() <= CASE_PART) {
            return change.apply(text);
        }
        StringBuilder changed = new StringBuilder(text.length());
        for (int from = 0; from < text.length(); ) {
            int end = partEnd(text, from);
            changed.append(change.apply(text.substring(from, end)));
            work.add((end - from) * CASE_WORK);
            TextLimit.check(function, changed.length());
            from = end;
        }
        return changed.toString();
    }

    private static int partEnd(String text, int from) {
        int most = from + CASE_PART;
        if (most >= text.length()) {
            return text.length();
        }
        int end = most;
        while (end > from && !Character.isWhitespace(text.charAt(end))) {
            end--;
        }
        if (end > from) {
            return end;
        }
        end = most;
        while (end > from + CASE_PART / 2 && (text.charAt(end) == SIGMA || text.charAt(end - 1) == SIGMA)) {
            end--;
        }
        return Character.isLowSurrogate(text.charAt(end)) ? end - 1 : end;
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
        return TextLoops.rows((arguments, row, result, work) -> {
            StringBuilder text = new StringBuilder();
            boolean inWord = false;
            String words = arguments[0].getText(row);
            for (int at = 0; at < words.length(); ) {
                int c = words.codePointAt(at);
                at += Character.charCount(c);
                work.add(CASE_WORK);
                text.appendCodePoint(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
                inWord = Character.isLetterOrDigit(c);
            }
            result.setText(row, text.toString());
        });
    }

    static ScalarKernel reverse() {
        return TextLoops.rows((arguments, row, result, work) -> {
            long bytes = arguments[0].viewBytes(row);
            int size = arguments[0].viewLength(row);
            long out = result.heap().reserve(size);
            int to = size;
            for (int from = 0; from < size; ) {
                int width = Math.min(Utf8.width(Memory.getByte(bytes + from)), size - from);
                to -= width;
                if (width == 1) {
                    Memory.putByte(out + to, Memory.getByte(bytes + from));
                } else {
                    Memory.copy(bytes + from, out + to, width);
                    work.add(width * Long.BYTES);
                }
                from += width;
            }
            result.heap().finishView(result.data() + ((long) row << 4), out, size);
        });
    }

    static ScalarKernel repeat() {
        return TextLoops.rows((arguments, row, result, work) -> {
            int size = arguments[0].viewLength(row);
            long times = Math.max(0, arguments[1].getLong(row));
            if (size != 0 && times > TextLimit.MOST_BYTES / size) {
                throw Failures.invalidArgument(
                        "repeat", size + " bytes " + times + " times are more than " + TextLimit.MOST_BYTES + " bytes");
            }
            int length = size == 0 ? 0 : (int) (size * times);
            long bytes = arguments[0].viewBytes(row);
            long out = result.heap().reserve(length);
            fill(out, length, bytes, size);
            result.heap().finishView(result.data() + ((long) row << 4), out, length);
        });
    }

    /** Writes a unit of one byte or more again and again, the last time as much as fits: what is there already is copied, for a few bytes take a call. */
    private static void fill(long out, int length, long unit, int unitLength) {
        int done = Math.min(unitLength, length);
        Memory.copy(unit, out, done);
        while (done < length) {
            // so far there are whole units
            int more = Math.min(done, length - done);
            Memory.copy(out, out + done, more);
            done += more;
        }
    }

    static ScalarKernel replace() {
        return TextLoops.rows((arguments, row, result, work) -> {
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
        return TextLoops.rows((arguments, row, result, work) -> {
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
        return TextLoops.rows((arguments, row, result, work) -> {
            String from = arguments[1].getText(row);
            String to = arguments[2].getText(row);
            boolean few = from.length() <= FEW_CHARACTERS;
            int[] sought = few ? from.codePoints().toArray() : new int[0];
            int[] targets = few ? to.codePoints().limit(sought.length).toArray() : sought;
            Map<Integer, Integer> many = few ? null : targets(from, to, work);
            String text = arguments[0].getText(row);
            StringBuilder changed = new StringBuilder();
            for (int at = 0; at < text.length(); ) {
                int c = text.codePointAt(at);
                at += Character.charCount(c);
                work.add(TRANSLATION_WORK);
                int target = many == null ? target(sought, targets, c) : many.getOrDefault(c, c);
                if (target != GONE) {
                    changed.appendCodePoint(target);
                }
            }
            TextLimit.put("translate", changed.toString(), row, result);
        });
    }

    private static int target(int[] sought, int[] targets, int c) {
        for (int i = 0; i < sought.length; i++) {
            if (sought[i] == c) {
                return i < targets.length ? targets[i] : GONE;
            }
        }
        return c;
    }

    /** What each character becomes: for more characters than {@link #target} looks through as fast. */
    private static Map<Integer, Integer> targets(String from, String to, WorkMeter work) {
        Map<Integer, Integer> targets = new HashMap<>();
        int place = 0;
        for (int at = 0; at < from.length(); ) {
            int c = from.codePointAt(at);
            at += Character.charCount(c);
            int target = place < to.length() ? to.codePointAt(place) : GONE;
            place += target == GONE ? 0 : Character.charCount(target);
            work.add(TRANSLATION_WORK);
            targets.putIfAbsent(c, target);
        }
        return targets;
    }

    static ScalarKernel pad(String name, boolean left) {
        return TextLoops.rows((arguments, row, result, work) -> {
            long wanted = Math.max(0, arguments[1].getLong(row));
            long bytes = arguments[0].viewBytes(row);
            int size = arguments[0].viewLength(row);
            int characters = Utf8.count(bytes, size);
            int unitLength = arguments.length > 2 ? arguments[2].viewLength(row) : 1;
            if (wanted <= characters || unitLength == 0) {
                result.setBytes(row, bytes, Utf8.offset(bytes, size, wanted));
                return;
            }
            if (wanted > TextLimit.MOST_BYTES / Integer.BYTES) {
                throw Failures.invalidArgument(
                        name, wanted + " characters may be more than " + TextLimit.MOST_BYTES + " bytes");
            }
            long missing = wanted - characters;
            int padding = arguments.length > 2 ? padding(arguments[2], row, missing) : (int) missing;
            TextLimit.check(name, (long) size + padding);
            long out = result.heap().reserve(size + padding);
            long filled = left ? out : out + size;
            Memory.copy(bytes, left ? out + padding : out, size);
            if (arguments.length > 2) {
                fill(filled, padding, arguments[2].viewBytes(row), unitLength);
            } else {
                Memory.putByte(filled, (byte) ' ');
                fill(filled, padding, filled, 1);
            }
            result.heap().finishView(result.data() + ((long) row << 4), out, size + padding);
        });
    }

    /** Bytes of so many characters of a text that is repeated. At most {@link TextLimit#MOST_BYTES}, for the characters are a quarter of that. */
    private static int padding(ColumnVector fills, int row, long characters) {
        long unit = fills.viewBytes(row);
        int unitLength = fills.viewLength(row);
        int unitCharacters = Utf8.count(unit, unitLength);
        long whole = characters / unitCharacters * unitLength;
        return (int) (whole + Utf8.offset(unit, unitLength, characters % unitCharacters));
    }

    static ScalarKernel chr() {
        return TextLoops.rows((arguments, row, result, work) -> {
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
            TextLoops.rows((texts, row, column, work) ->
                            column.setText(row, HexFormat.of().formatHex(digest.digest(texts[0].getBytes(row)))))
                    .evaluate(arguments, selection, rowCount, result, context);
        };
    }
}
