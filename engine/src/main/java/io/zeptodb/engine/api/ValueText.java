package io.zeptodb.engine.api;

import java.util.Locale;

/** BOOLEAN and VARBINARY as text and back, and what can be text at all. Stateless and thread-safe. */
public final class ValueText {
    private static final int HEX = 16;

    private ValueText() {}

    /**
     * true, t, yes, y, on, 1 and their opposites, without case; blanks around are allowed.
     *
     * @throws EngineException INVALID_TEXT showing the text
     */
    public static boolean parseBoolean(CharSequence text) {
        return switch (text.toString().strip().toLowerCase(Locale.ROOT)) {
            case "true", "t", "yes", "y", "on", "1" -> true;
            case "false", "f", "no", "n", "off", "0" -> false;
            default ->
                throw new EngineException(
                        ErrorCode.INVALID_TEXT, "'" + text + "' is not a BOOLEAN: expected true or false");
        };
    }

    /**
     * Bytes of a text {@code \x0aff}; with no {@code \x} at its beginning the text's own bytes in UTF-8.
     *
     * @throws EngineException INVALID_TEXT when a hexadecimal digit is wrong or missing
     */
    public static byte[] parseBinary(CharSequence text) {
        String value = text.toString();
        if (!value.startsWith("\\x")) {
            return value.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
        byte[] bytes = new byte[(value.length() - 2) / 2];
        for (int i = 0; i < bytes.length; i++) {
            int high = Character.digit(value.charAt(2 * i + 2), HEX);
            int low = Character.digit(value.charAt(2 * i + 3), HEX);
            if (high < 0 || low < 0) {
                throw invalid(value);
            }
            bytes[i] = (byte) (high * HEX + low);
        }
        if (value.length() % 2 != 0) {
            throw invalid(value);
        }
        return bytes;
    }

    /**
     * A text is characters of Unicode: half of a pair of surrogates that stands alone is none, and has no bytes in UTF-8.
     *
     * @throws EngineException INVALID_ENCODING telling where the first such half is
     */
    public static void checkUnicode(CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isSupplementaryCodePoint(Character.codePointAt(text, i))) {
                    throw noUnicode(text, i);
                }
                i++;
            }
        }
    }

    /** What {@link #checkUnicode} throws of a text. @param at where the half stands, from 0 */
    public static EngineException noUnicode(CharSequence text, int at) {
        return new EngineException(
                ErrorCode.INVALID_ENCODING,
                "character " + (at + 1) + " of a text of " + text.length() + " is no character of Unicode: it is U+"
                        + Integer.toHexString(text.charAt(at)).toUpperCase(Locale.ROOT)
                        + ", half of a pair of surrogates, without the other half");
    }

    /** Bytes as {@code \x0aff}. */
    public static String formatBinary(byte[] bytes) {
        StringBuilder text = new StringBuilder(2 + 2 * bytes.length).append("\\x");
        for (byte b : bytes) {
            text.append(Character.forDigit(b >> 4 & HEX - 1, HEX)).append(Character.forDigit(b & HEX - 1, HEX));
        }
        return text.toString();
    }

    private static EngineException invalid(String text) {
        return new EngineException(
                ErrorCode.INVALID_TEXT,
                "'" + text + "' is not a VARBINARY: expected \\x and pairs of hexadecimal digits");
    }
}
