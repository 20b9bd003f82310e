package io.zeptodb.engine.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/** What Calcite's validator does not take of windows, said in what it takes: frames upon named windows, and FILTER before OVER. */
final class WindowSyntax {
    private static final int NAME = 0;
    private static final int REFERENCE = 1;
    private static final int PARTITION = 2;
    private static final int ORDER = 3;

    /** What depends on rows with NULL, or on the place of rows: a FILTER cannot become NULLs there. */
    private static final Set<String> COUNT_NULLS = Set.of(
            "first",
            "last",
            "arg_min",
            "arg_max",
            "array_agg",
            "list",
            "min_by",
            "max_by",
            "first_value",
            "last_value",
            "nth_value",
            "lag",
            "lead",
            "ntile",
            "prev",
            "next",
            "delta",
            "ratio");

    private WindowSyntax() {}

    /**
     * {@code OVER w} in ORDER BY becomes what w is, for Calcite looks for windows of a SELECT in its list of columns only. In place.
     *
     * @param order of the query
     */
    static void resolve(SqlSelect select, SqlNodeList order) {
        resolve(select);
        Map<String, SqlWindow> byName = declared(select);
        if (!byName.isEmpty()) {
            order.accept(new References(byName, true));
        }
    }

    /**
     * {@code OVER (w ROWS …)} takes partitions and order of w, which is declared in the same query. Over groups {@code OVER w} becomes what w is, for
     * Calcite does not find the aggregates in a declaration. In place.
     */
    static void resolve(SqlSelect select) {
        Map<String, SqlWindow> byName = declared(select);
        if (byName.isEmpty()) {
            return;
        }
        select.getSelectList().accept(new References(byName, true));
        SqlNode qualify = select.getQualify();
        if (qualify != null) {
            // names in QUALIFY are those of the result first, in a declaration they are not
            boolean same = byName.values().stream().noneMatch(window -> DistinctRows.hasNameOfResult(window, select));
            if (!same && select.getGroup() != null && byName.values().stream().anyMatch(WindowSyntax::calls)) {
                throw SyntaxRewrite.unsupported(
                        "QUALIFY with WINDOW of groups, where a name in it is that of something else in the result (rename that)",
                        qualify.getParserPosition());
            }
            qualify.accept(new References(byName, same));
        }
    }

    /** Whether partitions or order have a function, which may be an aggregate of the groups. */
    private static boolean calls(SqlWindow window) {
        boolean[] found = {false};
        window.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlCall call) {
                found[0] |= call.getOperator() instanceof SqlFunction;
                return super.visit(call);
            }
        });
        return found[0];
    }

    /** Resolves the names of windows in a clause, in place. */
    private static final class References extends SqlBasicVisitor<@Nullable Void> {
        private final Map<String, SqlWindow> byName;
        private final boolean whole;

        /** @param whole whether {@code OVER w} is resolved too */
        References(Map<String, SqlWindow> byName, boolean whole) {
            this.byName = byName;
            this.whole = whole;
        }

        @Override
        public @Nullable Void visit(SqlCall call) {
            if (whole && call.getKind() == SqlKind.OVER && call.operand(1) instanceof SqlIdentifier name) {
                SqlWindow window = name.isSimple() ? byName.get(name.getSimple().toUpperCase(Locale.ROOT)) : null;
                if (window != null) {
                    SqlWindow own = (SqlWindow) DistinctRows.copy(window);
                    own.setOperand(NAME, null);
                    call.setOperand(1, own);
                }
            } else if (call instanceof SqlWindow window) {
                inherit(window, byName);
            }
            return call.isA(SqlKind.QUERY) ? null : super.visit(call);
        }
    }

    /** The windows that a SELECT declares, by upper-case name. */
    private static Map<String, SqlWindow> declared(SqlSelect select) {
        Map<String, SqlWindow> byName = new HashMap<>();
        SqlNodeList declared = select.getWindowList();
        if (declared == null) {
            return byName;
        }
        for (SqlNode node : declared) {
            SqlWindow window = (SqlWindow) node;
            inherit(window, byName);
            SqlIdentifier name = window.getDeclName();
            if (name != null) {
                byName.putIfAbsent(name.getSimple().toUpperCase(Locale.ROOT), window);
            }
        }
        return byName;
    }

    /** What is wrong with a reference is left for the validator to say. */
    private static void inherit(SqlWindow window, Map<String, SqlWindow> byName) {
        SqlIdentifier reference = window.getRefName();
        SqlWindow base =
                reference == null ? null : byName.get(reference.getSimple().toUpperCase(Locale.ROOT));
        if (base == null || base.getLowerBound() != null || base.getRefName() != null) {
            return;
        }
        boolean twoOrders =
                !window.getOrderList().isEmpty() && !base.getOrderList().isEmpty();
        if (twoOrders || !window.getPartitionList().isEmpty()) {
            return;
        }
        window.setOperand(REFERENCE, null);
        window.setOperand(PARTITION, base.getPartitionList());
        if (window.getOrderList().isEmpty()) {
            window.setOperand(ORDER, base.getOrderList());
        }
    }

    /** {@code sum(x) FILTER (WHERE c) OVER w} is {@code sum(CASE WHEN c THEN x END) OVER w}; null for any other call. */
    static @Nullable SqlNode filtered(SqlCall over) {
        SqlCall filter = over.operand(0);
        if (filter.getKind() != SqlKind.FILTER) {
            return null;
        }
        SqlParserPos position = over.getParserPosition();
        SqlCall aggregate = filter.operand(0);
        String name = aggregate.getOperator().getName();
        boolean aggregates = aggregate.operandCount() > 0 && aggregate.getKind() != SqlKind.WITHIN_GROUP;
        if (!aggregates || COUNT_NULLS.contains(name.toLowerCase(Locale.ROOT))) {
            throw SyntaxRewrite.unsupported(name + " with FILTER as a window function", position);
        }
        List<SqlNode> operands = new ArrayList<>(aggregate.getOperandList());
        boolean star = operands.get(0) instanceof SqlIdentifier identifier && identifier.isStar();
        SqlNode value = star ? SqlLiteral.createExactNumeric("1", position) : operands.get(0);
        operands.set(
                0,
                new SqlCase(
                        position,
                        null,
                        SqlNodeList.of(filter.operand(1)),
                        SqlNodeList.of(value),
                        SqlLiteral.createNull(position)));
        SqlNode call = aggregate
                .getOperator()
                .createCall(aggregate.getFunctionQuantifier(), aggregate.getParserPosition(), operands);
        return SqlStdOperatorTable.OVER.createCall(position, call, over.operand(1));
    }
}
