package io.zeptodb.server.shell;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a result set as a table: numbers to the right, NULL by name, long texts cut with an ellipsis. */
public final class ResultTable {
    /** Characters of a value that are shown: one long text would make every line as long. A pipe gets all of it. */
    static final int MOST_WIDTH = 100;

    private static final String CUT = "…";

    private final PrintWriter out;
    private final int mostRows;

    /**
     * @param out where to; not closed
     * @param mostRows rows shown; the rest is counted
     */
    public ResultTable(PrintWriter out, int mostRows) {
        this.out = out;
        this.mostRows = mostRows;
    }

    /** Prints the rows and how many there are; rows in all. */
    public long print(ResultSet rows) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        List<String[]> shown = new ArrayList<>();
        long count = 0;
        while (rows.next()) {
            count++;
            if (shown.size() < mostRows) {
                String[] row = new String[columns.getColumnCount()];
                for (int i = 0; i < row.length; i++) {
                    String text = rows.getString(i + 1);
                    row[i] = text == null ? "NULL" : shortened(text);
                }
                shown.add(row);
            }
        }
        Column[] header = new Column[columns.getColumnCount()];
        for (int i = 0; i < header.length; i++) {
            boolean number = isNumber(columns.getColumnType(i + 1));
            HorizontalAlign align = number ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT;
            header[i] = new Column()
                    .header(columns.getColumnLabel(i + 1))
                    .headerAlign(align)
                    .dataAlign(align)
                    .maxWidth(Integer.MAX_VALUE);
        }
        out.println(AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(header, shown.toArray(String[][]::new))
                .asString());
        if (count > shown.size()) {
            out.printf(Locale.ROOT, "… %,d more rows%n", count - shown.size());
        }
        out.flush();
        return count;
    }

    private static String shortened(String text) {
        if (text.length() <= MOST_WIDTH) {
            return text;
        }
        int end = MOST_WIDTH - CUT.length();
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + CUT;
    }

    private static boolean isNumber(int type) {
        return switch (type) {
            case Types.TINYINT,
                    Types.SMALLINT,
                    Types.INTEGER,
                    Types.BIGINT,
                    Types.REAL,
                    Types.FLOAT,
                    Types.DOUBLE,
                    Types.DECIMAL,
                    Types.NUMERIC -> true;
            default -> false;
        };
    }
}
