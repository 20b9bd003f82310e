package io.zeptodb.engine.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * The text of a view's query as it is kept: as it was written, but with the columns that {@code *} means at this time in its place, so that a column
 * which a table gets later does not change the view.
 */
final class ViewText {
    private final String sql;
    private final SqlParserPos query;
    private final List<Integer> lineStarts = new ArrayList<>();
    /** Stars of the outermost select lists, in the order of the text. */
    private final List<SqlParserPos> stars = new ArrayList<>();

    /**
     * @param sql the whole statement
     * @param parsed its query, before it is validated
     * @param query where it stands
     */
    ViewText(String sql, SqlNode parsed, SqlParserPos query) {
        this.sql = sql;
        this.query = query;
        lineStarts.add(0);
        for (int i = 0; i < sql.length(); i++) {
            boolean carriageReturn = sql.charAt(i) == '\r' && (i + 1 == sql.length() || sql.charAt(i + 1) != '\n');
            if (sql.charAt(i) == '\n' || carriageReturn) {
                lineStarts.add(i + 1);
            }
        }
        for (SqlSelect select : selects(parsed, new ArrayList<>())) {
            for (SqlNode item : select.getSelectList()) {
                if (item instanceof SqlIdentifier name && name.isStar()) {
                    stars.add(name.getParserPosition());
                }
            }
        }
    }

    private static List<SqlSelect> selects(SqlNode query, List<SqlSelect> found) {
        if (query instanceof SqlOrderBy order) {
            selects(order.query, found);
        } else if (query instanceof SqlWith with) {
            selects(with.body, found);
        } else if (query instanceof SqlSelect select) {
            found.add(select);
        } else if (query instanceof SqlBasicCall && SqlKind.SET_QUERY.contains(query.getKind())) {
            ((SqlCall) query).getOperandList().forEach(operand -> selects(operand, found));
        }
        return found;
    }

    /** @param validated the query when it was validated: its select lists name the columns that the stars mean */
    String of(SqlNode validated) {
        StringBuilder text = new StringBuilder();
        int at = offset(query.getLineNum(), query.getColumnNum());
        List<SqlSelect> selects = selects(validated, new ArrayList<>());
        for (SqlParserPos star : stars) {
            String columns = columns(star, selects);
            if (columns != null) {
                int start = offset(star.getLineNum(), star.getColumnNum());
                text.append(sql, at, start).append(blank(start - 1)).append(columns);
                at = offset(star.getEndLineNum(), star.getEndColumnNum()) + 1;
                text.append(blank(at));
            }
        }
        return text.append(sql, at, offset(query.getEndLineNum(), query.getEndColumnNum()) + 1)
                .toString();
    }

    /** Null where a star is not only columns, as in a join with USING: there it stays. */
    private static @Nullable String columns(SqlParserPos star, List<SqlSelect> selects) {
        List<String> columns = new ArrayList<>();
        for (SqlSelect select : selects) {
            for (SqlNode item : select.getSelectList()) {
                SqlNode column = item.getKind() == SqlKind.AS ? ((SqlCall) item).operand(0) : item;
                if (!column.getParserPosition().equals(star)
                        && !item.getParserPosition().equals(star)) {
                    continue;
                }
                if (!(column instanceof SqlIdentifier name)) {
                    return null;
                }
                List<String> parts = name.names.subList(Math.max(0, name.names.size() - 2), name.names.size());
                columns.add(String.join(".", parts.stream().map(TableText::name).toList()));
            }
        }
        return columns.isEmpty() ? null : String.join(", ", columns);
    }

    /** A star needs no blank beside a word, {@code SELECT*FROM}; a name does. */
    private String blank(int at) {
        return at < sql.length() && Character.isJavaIdentifierPart(sql.charAt(at)) ? " " : "";
    }

    private int offset(int line, int column) {
        return lineStarts.get(line - 1) + column - 1;
    }
}
