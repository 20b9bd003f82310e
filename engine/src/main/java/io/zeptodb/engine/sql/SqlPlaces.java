package io.zeptodb.engine.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds places in a text that the parser could not read, or that what came out of it no longer knows. Reads characters, not grammar. */
public final class SqlPlaces {
    private final String sql;
    private int position;
    private int line = 1;
    private int column = 1;

    private SqlPlaces(String sql) {
        this.sql = sql;
    }

    /** Line and column, both from 1. */
    public record Place(int line, int column) {}

    /** A word, or one other character, outside of quotes and comments. */
    record Word(String text, Place place) {}

    /** A text, quoted name or comment that begins but does not end. */
    record Unclosed(String what, Place start) {}

    /** Where the parentheses are deepest; the beginning when there are none. */
    public static Place deepest(String sql) {
        SqlPlaces scan = new SqlPlaces(sql);
        Place deepest = new Place(1, 1);
        int depth = 0;
        int most = 0;
        while (!scan.atEnd()) {
            if (scan.skipQuoted() != null) {
                continue;
            }
            char c = scan.peek();
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth > most) {
                most = depth;
                deepest = scan.place();
            }
            scan.take();
        }
        return deepest;
    }

    /** The parenthesis, bracket or brace that is the first to be deeper than so many; null when none is. */
    public static @Nullable Place deeperThan(String sql, int most) {
        SqlPlaces scan = new SqlPlaces(sql);
        int depth = 0;
        while (!scan.atEnd()) {
            if (scan.skipQuoted() != null) {
                continue;
            }
            char c = scan.peek();
            depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
            if (depth > most) {
                return scan.place();
            }
            scan.take();
        }
        return null;
    }

    /** Where a word first stands outside of quotes and comments, whatever its case; null when it does not. */
    public static @Nullable Place word(String sql, String word) {
        for (Word each : words(sql)) {
            if (each.text().toLowerCase(Locale.ROOT).equals(word.toLowerCase(Locale.ROOT))) {
                return each.place();
            }
        }
        return null;
    }

    /** Where the question mark of a number stands, from 1; null when there are fewer. */
    static @Nullable Place parameter(String sql, int number) {
        int seen = 0;
        for (Word each : words(sql)) {
            seen += each.text().equals("?") ? 1 : 0;
            if (seen == number) {
                return each.place();
            }
        }
        return null;
    }

    /** Where the statement begins, behind blanks and comments. */
    static Place start(String sql) {
        List<Word> words = words(sql);
        return words.isEmpty() ? new Place(1, 1) : words.get(0).place();
    }

    /** The words and signs of a text, without blanks, quoted texts and comments. */
    static List<Word> words(String sql) {
        List<Word> words = new ArrayList<>();
        SqlPlaces scan = new SqlPlaces(sql);
        while (!scan.atEnd()) {
            if (scan.skipQuoted() != null) {
                continue;
            }
            Place start = scan.place();
            int from = scan.position;
            boolean word = Character.isJavaIdentifierStart(scan.peek());
            scan.take();
            while (word && !scan.atEnd() && Character.isJavaIdentifierPart(scan.peek())) {
                scan.take();
            }
            if (!Character.isWhitespace(sql.charAt(from))) {
                words.add(new Word(sql.substring(from, scan.position), start));
            }
        }
        return words;
    }

    /** Whether a text has this character at a place. */
    static boolean hasAt(String sql, int line, int column, char c) {
        SqlPlaces scan = new SqlPlaces(sql);
        while (!scan.atEnd() && (scan.line < line || (scan.line == line && scan.column < column))) {
            scan.take();
        }
        return !scan.atEnd() && scan.line == line && scan.column == column && scan.peek() == c;
    }

    static @Nullable Unclosed unclosed(String sql) {
        SqlPlaces scan = new SqlPlaces(sql);
        while (!scan.atEnd()) {
            Place start = scan.place();
            String what = scan.skipQuoted();
            if (what == null) {
                scan.take();
            } else if (!what.isEmpty()) {
                return new Unclosed(what, start);
            }
        }
        return null;
    }

    /** Goes behind a text, name or comment that begins here: an empty name when it ends, what it is when it does not, null when none begins. */
    private @Nullable String skipQuoted() {
        char c = peek();
        if (c == '\'') {
            return skip(1, "'") ? "" : "text";
        } else if (c == '"') {
            return skip(1, "\"") ? "" : "quoted name";
        } else if (sql.startsWith("/*", position)) {
            return skip(2, "*/") ? "" : "comment";
        } else if (sql.startsWith("--", position)) {
            skip(2, "\n");
            return "";
        }
        return null;
    }

    private boolean skip(int opening, String closing) {
        for (int i = 0; i < opening; i++) {
            take();
        }
        while (!atEnd()) {
            boolean quote = closing.length() == 1 && closing.charAt(0) != '\n';
            if (quote && sql.startsWith(closing + closing, position)) {
                take();
            } else if (sql.startsWith(closing, position)) {
                for (int i = 0; i < closing.length(); i++) {
                    take();
                }
                return true;
            }
            take();
        }
        return false;
    }

    private boolean atEnd() {
        return position >= sql.length();
    }

    private char peek() {
        return sql.charAt(position);
    }

    private Place place() {
        return new Place(line, column);
    }

    private void take() {
        char c = sql.charAt(position++);
        boolean newLine = c == '\n' || (c == '\r' && (atEnd() || peek() != '\n'));
        line += newLine ? 1 : 0;
        column = newLine ? 1 : column + 1;
    }
}
