package io.zeptodb.server.shell;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Runs the statements of a text and writes their rows for programs to read: CSV with a line of names before the rows of each result, all
 * rows, nothing else. NULL is an empty field, an empty text is {@code ""}. Ends at the first error. One thread.
 */
final class PipedScript {
    /** What the driver adds to a message. */
    private static final Pattern PLACE = Pattern.compile("\\(line (\\d{1,9}), column (\\d{1,9})\\)$");

    private static final int ROWS_BETWEEN_CHECKS = 1024;

    private final Connection connection;
    private final PrintWriter out;

    /**
     * @param connection not closed
     * @param out not closed, flushed after each statement
     */
    PipedScript(Connection connection, PrintWriter out) {
        this.connection = connection;
        this.out = out;
    }

    /**
     * Runs the text to its end, or to a word that leaves the shell.
     *
     * @throws SQLException the first failure, with the line on which its statement begins
     * @throws IOException when the text cannot be read or nobody reads the rows
     */
    void run(Reader script) throws SQLException, IOException {
        ScriptReader statements = new ScriptReader(script);
        for (String sql = statements.next(); sql != null; sql = statements.next()) {
            String command = InteractiveShell.commandFor(sql);
            if (InteractiveShell.LEAVE.equals(command)) {
                return;
            }
            if (command != null) {
                throw new SQLException("line " + statements.startLine() + ": '" + sql.strip()
                        + "' is a word of the interactive shell, which needs a terminal; here are statements only");
            }
            try (Statement statement = connection.createStatement()) {
                if (statement.execute(sql)) {
                    print(statement.getResultSet());
                }
            } catch (SQLException e) {
                throw new SQLException(
                        "the statement of line " + statements.startLine() + ": " + inScript(e.getMessage(), statements),
                        e.getSQLState(),
                        e.getErrorCode(),
                        e);
            } finally {
                out.flush();
            }
            requireReader();
        }
    }

    /** A message whose place, which counts from the statement's beginning, counts from the script's. */
    private static String inScript(@Nullable String message, ScriptReader statements) {
        Matcher place = PLACE.matcher(String.valueOf(message));
        if (!place.find()) {
            return String.valueOf(message);
        }
        int line = Integer.parseInt(place.group(1));
        int column = Integer.parseInt(place.group(2));
        int shift = line == 1 ? statements.startColumn() - 1 : 0;
        return place.replaceFirst(
                "(line " + (statements.startLine() + line - 1) + ", column " + (column + shift) + ")");
    }

    private void print(ResultSet rows) throws SQLException, IOException {
        ResultSetMetaData columns = rows.getMetaData();
        int width = columns.getColumnCount();
        for (int i = 1; i <= width; i++) {
            field(i, columns.getColumnLabel(i));
        }
        out.println();
        long count = 0;
        while (rows.next()) {
            for (int i = 1; i <= width; i++) {
                field(i, rows.getString(i));
            }
            out.println();
            count++;
            if (count % ROWS_BETWEEN_CHECKS == 0) {
                requireReader();
            }
        }
    }

    private void requireReader() throws IOException {
        if (out.checkError()) {
            throw new IOException("cannot write the rows: standard output is closed");
        }
    }

    private void field(int column, @Nullable String text) {
        if (column > 1) {
            out.print(',');
        }
        if (text == null) {
            return;
        }
        out.print(needsQuotes(text) ? '"' + text.replace("\"", "\"\"") + '"' : text);
    }

    private static boolean needsQuotes(String text) {
        return text.isEmpty()
                || text.indexOf(',') >= 0
                || text.indexOf('"') >= 0
                || text.indexOf('\n') >= 0
                || text.indexOf('\r') >= 0;
    }
}
