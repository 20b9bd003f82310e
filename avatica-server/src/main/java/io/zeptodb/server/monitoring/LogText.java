package io.zeptodb.server.monitoring;

import java.util.HexFormat;

/** Texts of clients in lines of the log. Stateless and thread-safe. */
final class LogText {
    private LogText() {}

    /** Nobody writes lines of his own into the log: what ends a line, or moves the cursor of a terminal, is shown as Java writes it. */
    static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                case '\\' -> line.append("\\\\");
                default -> {
                    if (isShown(c)) {
                        line.append(c);
                    } else {
                        line.append("\\u").append(HexFormat.of().toHexDigits(c));
                    }
                }
            }
        }
        return line.toString();
    }

    /** Not so of what controls, formats (it may turn the direction of the text), and separates lines or paragraphs. */
    private static boolean isShown(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
