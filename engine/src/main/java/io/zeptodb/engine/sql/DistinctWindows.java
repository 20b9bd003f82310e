package io.zeptodb.engine.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.util.Litmus;
import org.apache.calcite.util.Util;
import org.jspecify.annotations.Nullable;

/**
 * {@code SELECT DISTINCT count(*) OVER (PARTITION BY k) AS n FROM t ORDER BY n} becomes {@code SELECT DISTINCT * FROM (SELECT count(*) OVER (PARTITION BY
 * k) AS n FROM t) ORDER BY n}: Calcite looks through the name in ORDER BY into the window, and misses k among what is selected.
 */
final class DistinctWindows {
    /** Operands of a SELECT in Calcite's tree. */
    private static final int KEYWORDS = 0;

    private static final int WINDOWS = 6;
    private static final String ROWS = "$rows";

    private DistinctWindows() {}

    /**
     * Changes the query in place, when all of its order is among what it selects; else the validator says what is wrong.
     *
     * @param order of the query
     */
    static void resolve(SqlSelect select, SqlNodeList order) {
        if (!select.isDistinct() || select.getFrom() == null || !hasWindow(select.getSelectList())) {
            return;
        }
        List<SqlNode> places = new ArrayList<>();
        for (SqlNode item : order) {
            SqlNode place = place(item, select.getSelectList());
            if (place == null) {
                return;
            }
            places.add(place);
        }
        for (int i = 0; i < places.size(); i++) {
            order.set(i, places.get(i));
        }
        wrap(select);
    }

    private static void wrap(SqlSelect select) {
        SqlParserPos position = select.getParserPosition();
        SqlSelect rows = (SqlSelect) select.clone(position);
        rows.setOperand(KEYWORDS, SqlNodeList.EMPTY);
        rows.setOrderBy(null);
        rows.setOffset(null);
        rows.setFetch(null);
        rows.setHints(null);
        select.setSelectList(SqlNodeList.of(SqlIdentifier.star(position)));
        select.setFrom(
                SqlStdOperatorTable.AS.createCall(position, rows, new SqlIdentifier(ROWS, position.withQuoting(true))));
        select.setWhere(null);
        select.setGroupBy(null);
        select.setHaving(null);
        select.setOperand(WINDOWS, SqlNodeList.EMPTY);
        select.setQualify(null);
    }

    private static boolean hasWindow(SqlNodeList columns) {
        try {
            columns.accept(new SqlBasicVisitor<@Nullable Void>() {
                @Override
                public @Nullable Void visit(SqlCall call) {
                    if (call.getKind() == SqlKind.OVER) {
                        throw Util.FoundOne.NULL;
                    }
                    return call.isA(SqlKind.QUERY) ? null : super.visit(call);
                }
            });
            return false;
        } catch (Util.FoundOne found) {
            return true;
        }
    }

    /** The item of ORDER BY as the number of the column that it is; null when it is none of them. */
    private static @Nullable SqlNode place(SqlNode item, SqlNodeList columns) {
        switch (item.getKind()) {
            case DESCENDING, NULLS_FIRST, NULLS_LAST -> {
                SqlCall call = (SqlCall) item;
                SqlNode inner = place(call.operand(0), columns);
                return inner == null
                        ? null
                        : new SqlBasicCall(call.getOperator(), List.of(inner), call.getParserPosition());
            }
            case LITERAL -> {
                return item instanceof SqlNumericLiteral number && number.isInteger() ? item : null;
            }
            default -> {
                int found = find(item, columns);
                return found < 0
                        ? null
                        : SqlLiteral.createExactNumeric(Integer.toString(found + 1), item.getParserPosition());
            }
        }
    }

    /** By name first, as ORDER BY does. -1 also for a column behind a star, whose number cannot be told. */
    private static int find(SqlNode item, SqlNodeList columns) {
        int found = -1;
        for (int i = 0; i < columns.size() && found < 0; i++) {
            SqlNode column = columns.get(i);
            if (column instanceof SqlIdentifier name && name.isStar()) {
                return -1;
            }
            boolean named = item instanceof SqlIdentifier name
                    && name.isSimple()
                    && name.getSimple().equalsIgnoreCase(label(column));
            found = named ? i : -1;
        }
        for (int i = 0; i < columns.size() && found < 0; i++) {
            SqlNode column = columns.get(i);
            SqlNode value = column.getKind() == SqlKind.AS ? ((SqlCall) column).operand(0) : column;
            found = value.equalsDeep(item, Litmus.IGNORE) ? i : -1;
        }
        return found;
    }

    private static @Nullable String label(SqlNode column) {
        SqlNode name = column.getKind() == SqlKind.AS ? ((SqlCall) column).operand(1) : column;
        return name instanceof SqlIdentifier identifier ? identifier.names.get(identifier.names.size() - 1) : null;
    }
}
