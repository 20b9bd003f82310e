package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.sql.ast.DistinctOn;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWindow;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.util.SqlShuttle;
import org.apache.calcite.util.Litmus;
import org.jspecify.annotations.Nullable;

/**
 * DISTINCT ON (expressions): the first row of each of their values, in the order of the query, as {@code QUALIFY row_number() OVER (PARTITION BY
 * expressions ORDER BY …) = 1}.
 */
final class DistinctRows {
    private static final int KEYWORDS = 0;
    private static final int WINDOWS = 6;

    /** Begins names that no statement is likely to give a window; the place follows, for queries stand in queries. */
    private static final String WINDOW = "distinct on ";

    private static final Set<SqlKind> DIRECTIONS =
            EnumSet.of(SqlKind.DESCENDING, SqlKind.NULLS_FIRST, SqlKind.NULLS_LAST);

    private DistinctRows() {}

    /** Rewrites a query without an order of its own. */
    static void resolve(SqlSelect select) {
        resolve(select, SqlNodeList.EMPTY);
    }

    /** Rewrites a query with an order; the order stays, for the rows that are left. */
    static void resolve(SqlSelect select, SqlNodeList order) {
        SqlNode keywords = select.getOperandList().get(KEYWORDS);
        DistinctOn distinct = keywords instanceof SqlNodeList list
                ? list.stream()
                        .filter(DistinctOn.class::isInstance)
                        .map(DistinctOn.class::cast)
                        .findFirst()
                        .orElse(null)
                : null;
        if (distinct == null) {
            return;
        }
        SqlParserPos position = distinct.getParserPosition();
        if (select.getFrom() == null) {
            throw SyntaxRewrite.unsupported("DISTINCT ON without FROM", position);
        }
        SqlNode first = SqlStdOperatorTable.EQUALS.createCall(
                position,
                SqlStdOperatorTable.OVER.createCall(
                        position,
                        SqlStdOperatorTable.ROW_NUMBER.createCall(position),
                        window(distinct, order, select, position)),
                SqlLiteral.createExactNumeric("1", position));
        SqlNode qualify = select.getQualify();
        select.setQualify(qualify == null ? first : SqlStdOperatorTable.AND.createCall(position, qualify, first));
        List<SqlNode> left = new ArrayList<>((SqlNodeList) keywords);
        left.remove(distinct);
        select.setOperand(KEYWORDS, new SqlNodeList(left, position));
    }

    /**
     * Where what a name of the result stands for has a column that another one of the result is called as, the window is declared apart: names in QUALIFY
     * would be those of the result.
     */
    private static SqlNode window(DistinctOn distinct, SqlNodeList order, SqlSelect select, SqlParserPos position) {
        boolean apart = isRenamed(distinct.expressions(), select) || isRenamed(order, select);
        boolean alone =
                !(hasQuery(distinct.expressions()) || hasQuery(order)); // Calcite knows no queries in a declaration
        if (apart && (select.getGroup() != null || !alone)) {
            throw SyntaxRewrite.unsupported(
                    "DISTINCT ON by a name of the result whose column another one is called as, with groups or subqueries (rename one)",
                    position);
        }
        SqlIdentifier name =
                new SqlIdentifier(WINDOW + position.getLineNum() + ' ' + position.getColumnNum(), position);
        SqlWindow window = SqlWindow.create(
                apart ? name : null,
                null,
                items(distinct.expressions(), select),
                items(order, select),
                SqlLiteral.createBoolean(false, position),
                null,
                null,
                null,
                position);
        if (!apart) {
            return window;
        }
        List<SqlNode> declared = new ArrayList<>();
        SqlNodeList others = select.getWindowList();
        if (others != null) {
            declared.addAll(others);
        }
        declared.add(window);
        select.setOperand(WINDOWS, new SqlNodeList(declared, position));
        return name;
    }

    private static boolean hasQuery(SqlNodeList nodes) {
        boolean[] found = {false};
        nodes.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlCall call) {
                found[0] |= call.isA(SqlKind.QUERY);
                return super.visit(call);
            }
        });
        return found[0];
    }

    /** Whether a name or a number of the result stands for an expression with a column that has the name of something else in the result. */
    private static boolean isRenamed(SqlNodeList nodes, SqlSelect select) {
        for (SqlNode node : nodes) {
            SqlNode bare = Objects.requireNonNull(node);
            while (DIRECTIONS.contains(bare.getKind())) {
                bare = ((SqlCall) bare).operand(0);
            }
            SqlNode meant = item(bare, select);
            boolean named = bare.getKind() == SqlKind.IDENTIFIER || bare.getKind() == SqlKind.LITERAL;
            if (named && !meant.equalsDeep(bare, Litmus.IGNORE) && hasNameOfResult(meant, select)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a simple name in an expression is that of something else in the result. */
    static boolean hasNameOfResult(SqlNode expression, SqlSelect select) {
        boolean[] found = {false};
        expression.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlIdentifier name) {
                SqlNode named = named(name, select);
                found[0] |= named != null && !(named instanceof SqlIdentifier same && isColumn(same, name));
                return null;
            }
        });
        return found[0];
    }

    /** Whether a column that may be qualified is called by a simple name. */
    static boolean isColumn(SqlIdentifier column, SqlIdentifier name) {
        return column.names.get(column.names.size() - 1).equalsIgnoreCase(name.getSimple());
    }

    /** Copies, with what names and numbers of the result's columns stand for. */
    private static SqlNodeList items(SqlNodeList nodes, SqlSelect select) {
        List<SqlNode> items = new ArrayList<>();
        for (SqlNode node : nodes) {
            items.add(item(Objects.requireNonNull(node), select));
        }
        return new SqlNodeList(items, nodes.getParserPosition());
    }

    private static SqlNode item(SqlNode node, SqlSelect select) {
        switch (node.getKind()) {
            case DESCENDING, NULLS_FIRST, NULLS_LAST -> {
                SqlCall call = (SqlCall) node;
                return new SqlBasicCall(
                        call.getOperator(), List.of(item(call.operand(0), select)), call.getParserPosition());
            }
            case LITERAL -> {
                return node instanceof SqlNumericLiteral number && number.isInteger() ? numbered(number, select) : node;
            }
            case IDENTIFIER -> {
                SqlNode named = named((SqlIdentifier) node, select);
                return named == null ? node : copy(named);
            }
            default -> {
                return copy(node);
            }
        }
    }

    private static SqlNode numbered(SqlNumericLiteral number, SqlSelect select) {
        int at = number.bigDecimalValue() == null ? 0 : number.intValue(true);
        SqlNodeList columns = select.getSelectList();
        boolean stars = columns.stream()
                .limit(Math.max(0, Math.min(at, columns.size())))
                .anyMatch(each -> each instanceof SqlIdentifier name && name.isStar());
        if (at < 1 || at > columns.size() || stars) {
            throw TableNames.at(
                    ErrorCode.INVALID_STATEMENT,
                    "DISTINCT ON: there is no column " + at + " among those that SELECT names",
                    number.getParserPosition());
        }
        return copy(withoutAlias(columns.get(at - 1)));
    }

    /** What a column of the result by this name is; null when there is none that was given it. */
    static @Nullable SqlNode named(SqlIdentifier name, SqlSelect select) {
        if (!name.isSimple()) {
            return null;
        }
        for (SqlNode column : select.getSelectList()) {
            if (column.getKind() == SqlKind.AS
                    && ((SqlCall) column).operand(1) instanceof SqlIdentifier alias
                    && alias.isSimple()
                    && alias.getSimple().equalsIgnoreCase(name.getSimple())) {
                return withoutAlias(column);
            }
        }
        return null;
    }

    private static SqlNode withoutAlias(SqlNode column) {
        return column.getKind() == SqlKind.AS ? ((SqlCall) column).operand(0) : column;
    }

    /** The rewriting changes calls where they are: what stands twice in a query must be two. */
    static SqlNode copy(SqlNode node) {
        return Objects.requireNonNull(node.accept(new SqlShuttle() {
            @Override
            public @Nullable SqlNode visit(SqlCall call) {
                CallCopyingArgHandler handler = new CallCopyingArgHandler(call, true);
                call.getOperator().acceptCall(this, call, false, handler);
                return handler.result();
            }
        }));
    }
}
