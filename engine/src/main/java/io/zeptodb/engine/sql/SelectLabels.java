package io.zeptodb.engine.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Result columns that are expressions without a name are called as they are written: {@code count(*)}, {@code price * 2}. */
final class SelectLabels {
    private final List<Integer> lineStarts = new ArrayList<>();
    private final String sql;

    SelectLabels(String sql) {
        this.sql = sql;
        lineStarts.add(0);
        for (int i = 0; i < sql.length(); i++) {
            boolean carriageReturn = sql.charAt(i) == '\r' && (i + 1 == sql.length() || sql.charAt(i + 1) != '\n');
            if (sql.charAt(i) == '\n' || carriageReturn) {
                lineStarts.add(i + 1);
            }
        }
    }

    /** Names the expressions of the outermost select list of a query. */
    void label(SqlNode query) {
        if (query instanceof SqlOrderBy order) {
            label(order.query);
        } else if (query instanceof SqlWith with) {
            label(with.body);
        } else if (query instanceof SqlSelect select) {
            SqlNodeList items = select.getSelectList();
            for (int i = 0; i < items.size(); i++) {
                SqlNode item = items.get(i);
                boolean column = item instanceof SqlIdentifier name && !SyntaxRewrite.isClock(name);
                if (column || item.getKind() == SqlKind.AS) {
                    continue;
                }
                SqlParserPos position = whole(item);
                if (!hasText(position)) {
                    continue;
                }
                SqlIdentifier label = new SqlIdentifier(text(position), position.withQuoting(true));
                items.set(i, SqlStdOperatorTable.AS.createCall(position, item, label));
            }
        } else if (query instanceof SqlBasicCall && SqlKind.SET_QUERY.contains(query.getKind())) {
            label(((SqlCall) query).operand(0));
        }
    }

    /** For each item of the outermost select list of a validated query the column's own name, where a star became it; else null. */
    static List<@Nullable String> ofStars(SqlNode query) {
        if (query instanceof SqlOrderBy order) {
            return ofStars(order.query);
        } else if (query instanceof SqlWith with) {
            return ofStars(with.body);
        } else if (query instanceof SqlBasicCall && SqlKind.SET_QUERY.contains(query.getKind())) {
            return ofStars(((SqlCall) query).operand(0));
        } else if (!(query instanceof SqlSelect)) {
            return List.of();
        }
        List<@Nullable String> names = new ArrayList<>();
        for (SqlNode item : ((SqlSelect) query).getSelectList()) {
            String name = null;
            if (item.getKind() == SqlKind.AS
                    && ((SqlCall) item).operand(0) instanceof SqlIdentifier column
                    && !((SqlCall) item).operand(1).getParserPosition().isQuoted()
                    && ((SqlCall) item).operand(1).getParserPosition().equals(column.getParserPosition())) {
                // an alias that nobody wrote, at the star's own place: Calcite makes the names of a star unique. Those
                // of label are quoted
                name = column.names.get(column.names.size() - 1);
            }
            names.add(name);
        }
        return names;
    }

    /** From the first to the last character: an operator such as IGNORE NULLS knows only its own place. */
    private static SqlParserPos whole(SqlNode node) {
        SqlParserPos position = node.getParserPosition();
        if (node instanceof SqlCall call && !call.isA(SqlKind.QUERY)) {
            for (SqlNode operand : call.getOperandList()) {
                if (operand != null && operand.getParserPosition().getLineNum() > 0) {
                    SqlParserPos inner = whole(operand);
                    position = position.getLineNum() > 0 ? SqlParserPos.sum(List.of(position, inner)) : inner;
                }
            }
        }
        return position;
    }

    private boolean hasText(SqlParserPos position) {
        return position.getLineNum() > 0
                && position.getEndLineNum() <= lineStarts.size()
                && !text(position).isEmpty();
    }

    private String text(SqlParserPos position) {
        int start = offset(position.getLineNum(), position.getColumnNum()) - 1;
        int end = offset(position.getEndLineNum(), position.getEndColumnNum());
        if (start >= 0 && start < sql.length() && sql.charAt(start) == '}') {
            start = sql.lastIndexOf('{', start); // Calcite places {d '…'} and {t '…'} at their last character
        }
        boolean inside = start >= 0 && start < end && end <= sql.length();
        return inside ? closed(start, end).strip().replaceAll("\\s+", " ") : "";
    }

    /** Calcite leaves the last parenthesis of {@code x IN (SELECT …)} out of the expression. */
    private String closed(int start, int end) {
        int open = 0;
        boolean quoted = false;
        for (int i = start; i < end; i++) {
            char c = sql.charAt(i);
            quoted ^= c == '\'';
            open += quoted ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
        }
        int close = end;
        while (open > 0
                && close < sql.length()
                && (sql.charAt(close) == ')' || Character.isWhitespace(sql.charAt(close)))) {
            open -= sql.charAt(close) == ')' ? 1 : 0;
            close++;
        }
        return sql.substring(start, open == 0 ? close : end);
    }

    private int offset(int line, int column) {
        return lineStarts.get(line - 1) + column;
    }
}
