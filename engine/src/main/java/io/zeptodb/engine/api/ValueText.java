package io.zeptodb.engine.api;

import java.util.Locale;

/** BOOLEAN and VARBINARY as text and back. Stateless and thread-safe. */
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
