package io.zeptodb.server.shell;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a text into statements at the semicolons outside quotes and comments, each handed out as soon as it is complete, so that a program
 * which writes into a pipe gets its answers in between. One thread; the reader is the caller's.
 */
final class ScriptReader {
    private static final int END = -1;

    /** Where a character stands; in STATEMENT semicolons count. */
    private enum Place {
        STATEMENT,
        TEXT,
        NAME,
        LINE_COMMENT,
        COMMENT
    }

    private final Reader reader;
    private int line = 1;
    private int column = 1;
    private int startLine = 1;
    private int startColumn = 1;

    ScriptReader(Reader reader) {
        this.reader = reader;
    }

    /** The next statement, without its semicolon and what stands before it; null at the end. Empty ones are passed over. */
    @Nullable
    String next() throws IOException {
        StringBuilder text = new StringBuilder();
        int statementAt = END;
        Place place = Place.STATEMENT;
        char before = 0;
        for (int read = reader.read(); read != END; read = reader.read()) {
            char c = (char) read;
            Place was = place;
            place = after(was, before, c);
            // two characters that begin or end a comment are no part of another such pair: /*/ begins one and does not
            // end it
            before = was == place ? c : 0;
            if (c == ';' && place == Place.STATEMENT) {
                column++;
                if (statementAt != END) {
                    return text.substring(statementAt);
                }
                text.setLength(0);
                continue;
            }
            text.append(c);
            if (was == Place.STATEMENT && (place == Place.LINE_COMMENT || place == Place.COMMENT)) {
                // its first character looked like an operator
                statementAt = statementAt == text.length() - 2 ? END : statementAt;
            } else if (statementAt == END && was == Place.STATEMENT && !Character.isWhitespace(c)) {
                statementAt = text.length() - 1;
                startLine = line;
                startColumn = column;
            }
            if (c == '\n') {
                line++;
                column = 1;
            } else {
                column++;
            }
        }
        return statementAt == END ? null : text.substring(statementAt);
    }

    /** The line of the text on which the last statement begins, from 1. */
    int startLine() {
        return startLine;
    }

    /** The column of that line, from 1. */
    int startColumn() {
        return startColumn;
    }

    private static Place after(Place place, char before, char c) {
        return switch (place) {
            case STATEMENT -> begins(before, c);
            // a doubled quote ends one piece and begins the next
            case TEXT -> c == '\'' ? Place.STATEMENT : place;
            case NAME -> c == '"' ? Place.STATEMENT : place;
            case LINE_COMMENT -> c == '\n' ? Place.STATEMENT : place;
            case COMMENT -> before == '*' && c == '/' ? Place.STATEMENT : place;
        };
    }

    private static Place begins(char before, char c) {
        return switch (c) {
            case '\'' -> Place.TEXT;
            case '"' -> Place.NAME;
            case '-' -> before == '-' ? Place.LINE_COMMENT : Place.STATEMENT;
            case '/' -> before == '/' ? Place.LINE_COMMENT : Place.STATEMENT;
            case '*' -> before == '/' ? Place.COMMENT : Place.STATEMENT;
            default -> Place.STATEMENT;
        };
    }
}
