package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlShuttle;

/**
 * ROLLUP and CUBE written out as GROUPING SETS. Calcite makes sets of columns of them and forgets those that come twice, as of ROLLUP (x, x); of
 * GROUPING SETS it keeps all.
 */
final class GroupingSets {
    private static final int MOST_OF_CUBE = 12;
    private static final int MOST_SETS = 1 << MOST_OF_CUBE;

    private GroupingSets() {}

    static SqlCall of(SqlCall call) {
        List<SqlNode> elements = call.getOperandList();
        if (elements.size() < 2) {
            return call;
        }
        SqlParserPos position = call.getParserPosition();
        if (call.getKind() == SqlKind.CUBE && elements.size() > MOST_OF_CUBE) {
            throw SyntaxRewrite.unsupported("CUBE of more than " + MOST_OF_CUBE + " columns", position);
        }
        List<SqlNode> sets = call.getKind() == SqlKind.ROLLUP ? prefixes(elements) : subsets(elements);
        return SqlStdOperatorTable.GROUPING_SETS.createCall(position, sets);
    }

    /** Refuses a GROUP BY that makes more sets than anybody wants: each ROLLUP, CUBE and list beside another one multiplies them. */
    static void checkNumber(SqlSelect select) {
        SqlNodeList items = select.getGroup();
        if (items == null) {
            return;
        }
        double sets = 1;
        for (SqlNode item : items) {
            sets *= number(item);
        }
        if (sets > MOST_SETS) {
            throw TableNames.at(
                    ErrorCode.STATEMENT_TOO_COMPLEX,
                    String.format(Locale.ROOT, "GROUP BY makes %,.0f grouping sets, %,d is the most", sets, MOST_SETS),
                    items.getParserPosition());
        }
    }

    private static double number(SqlNode item) {
        return switch (item.getKind()) {
            case GROUPING_SETS ->
                ((SqlCall) item)
                        .getOperandList().stream()
                                .mapToDouble(GroupingSets::number)
                                .sum();
            case ROLLUP, CUBE -> 2; // of one element: the others are written out
            default -> 1;
        };
    }

    private static List<SqlNode> prefixes(List<SqlNode> elements) {
        List<SqlNode> sets = new ArrayList<>();
        for (int size = elements.size(); size >= 0; size--) {
            sets.add(set(elements.subList(0, size)));
        }
        return sets;
    }

    private static List<SqlNode> subsets(List<SqlNode> elements) {
        List<SqlNode> sets = new ArrayList<>();
        for (int chosen = (1 << elements.size()) - 1; chosen >= 0; chosen--) {
            List<SqlNode> members = new ArrayList<>();
            for (int i = 0; i < elements.size(); i++) {
                if ((chosen >> i & 1) == 1) {
                    members.add(elements.get(i));
                }
            }
            sets.add(set(members));
        }
        return sets;
    }

    /** The columns of some elements, of which one may be several in parentheses. */
    private static SqlNode set(List<SqlNode> elements) {
        List<SqlNode> columns = new ArrayList<>();
        for (SqlNode element : elements) {
            List<SqlNode> own =
                    element.getKind() == SqlKind.ROW ? ((SqlCall) element).getOperandList() : List.of(element);
            own.forEach(column -> columns.add(column.accept(new Copy())));
        }
        return columns.isEmpty()
                ? new SqlNodeList(SqlParserPos.ZERO)
                : SqlStdOperatorTable.ROW.createCall(columns.get(0).getParserPosition(), columns);
    }

    /** Each set has nodes of its own: the validator rewrites in place. */
    private static final class Copy extends SqlShuttle {
        @Override
        public SqlNode visit(SqlIdentifier name) {
            return name.clone(name.getParserPosition());
        }

        @Override
        public SqlNode visit(SqlCall call) {
            CallCopyingArgHandler copies = new CallCopyingArgHandler(call, true);
            call.getOperator().acceptCall(this, call, false, copies);
            return copies.result();
        }
    }
}
