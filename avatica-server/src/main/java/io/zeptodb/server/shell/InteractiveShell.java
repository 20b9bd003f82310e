package io.zeptodb.server.shell;

import io.zeptodb.engine.api.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jline.keymap.KeyMap;
import org.jline.reader.Buffer;
import org.jline.reader.History;
import org.jline.reader.LineReader;
import org.jline.reader.Reference;
import org.jline.reader.Widget;
import org.jspecify.annotations.Nullable;
import sqlline.SqlLine;

/**
 * SqlLine with the words and keys that users of other SQL shells have in their fingers: {@code \q}, {@code exit} and {@code quit} leave,
 * with and without a semicolon, {@code help} helps, and Ctrl-D leaves within a statement too. SqlLine's own commands, with an exclamation
 * mark, work as ever.
 */
final class InteractiveShell extends SqlLine {
    static final String LEAVE = COMMAND_PREFIX + "quit";
    private static final String HELP = COMMAND_PREFIX + "help";
    private static final String TABLES = COMMAND_PREFIX + "tables";

    /** What stands alone on the first line, to SqlLine's command for it. */
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("\\q", LEAVE),
            Map.entry("quit", LEAVE),
            Map.entry("exit", LEAVE),
            Map.entry(".quit", LEAVE),
            Map.entry(".exit", LEAVE),
            Map.entry("help", HELP),
            Map.entry("\\?", HELP),
            Map.entry("\\h", HELP),
            Map.entry(".help", HELP),
            Map.entry("\\d", TABLES),
            Map.entry("\\dt", TABLES),
            Map.entry(".tables", TABLES));

    private static final String ACCEPT = "zepto-accept-line";
    private static final String END = "zepto-end-or-delete";
    private static final String CARRIAGE_RETURN = "\r";
    private static final String LINE_FEED = "\n";
    private static final String STATEMENT_CLOSED = ErrorCode.STATEMENT_CLOSED.sqlState();
    private static final char END_OF_INPUT = 'D';

    /** The command that a line stands for, null when it is a statement, a part of one, or a command already. */
    static @Nullable String commandFor(String line) {
        String word = line.strip();
        if (word.endsWith(";")) {
            word = word.substring(0, word.length() - 1).strip();
        }
        return WORDS.get(word.toLowerCase(Locale.ROOT));
    }

    /** Whether the end of the input here means the end of the session: the line is empty, whatever stands before it. */
    static boolean endsAt(Buffer buffer) {
        int length = buffer.length();
        return buffer.cursor() == length && (length == 0 || buffer.atChar(length - 1) == '\n');
    }

    /** Ctrl-C at the prompt gives the line up, and SqlLine then cancels the last statement too, which is closed: that is no error. */
    @Override
    public void handleException(Throwable failure) {
        if (failure instanceof SQLException closed && STATEMENT_CLOSED.equals(closed.getSQLState())) {
            output("");
        } else {
            super.handleException(failure);
        }
    }

    @Override
    public LineReader getConsoleReader(@Nullable InputStream input, History history) throws IOException {
        LineReader reader = super.getConsoleReader(input, history);
        Map<String, Widget> builtin = reader.getBuiltinWidgets();
        Widget accept = Objects.requireNonNull(builtin.get(LineReader.ACCEPT_LINE));
        Widget delete = Objects.requireNonNull(builtin.get(LineReader.DELETE_CHAR));
        reader.getWidgets().put(ACCEPT, () -> {
            String command = commandFor(reader.getBuffer().toString());
            if (command != null) {
                replace(reader.getBuffer(), command);
            }
            return accept.apply();
        });
        reader.getWidgets().put(END, () -> {
            if (!endsAt(reader.getBuffer())) {
                return delete.apply();
            }
            replace(reader.getBuffer(), LEAVE);
            return accept.apply();
        });
        for (KeyMap<org.jline.reader.Binding> keys : reader.getKeyMaps().values()) {
            if (isAccepting(keys, CARRIAGE_RETURN)) {
                keys.bind(new Reference(ACCEPT), CARRIAGE_RETURN, LINE_FEED);
                keys.bind(new Reference(END), KeyMap.ctrl(END_OF_INPUT));
            }
        }
        return reader;
    }

    private static boolean isAccepting(KeyMap<org.jline.reader.Binding> keys, String key) {
        return keys.getBound(key) instanceof Reference reference
                && reference.name().equals(LineReader.ACCEPT_LINE);
    }

    private static void replace(Buffer buffer, String text) {
        buffer.clear();
        buffer.write(text);
    }
}
