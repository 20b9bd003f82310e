package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.sql.ast.PlainSelect;
import io.zeptodb.engine.sql.ast.WindowJoinNode;
import io.zeptodb.engine.sql.operator.ZeptoOperatorTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.jspecify.annotations.Nullable;

/**
 * Says the window joins of a SELECT in what the validator knows: {@code t WINDOW JOIN q ON c} becomes {@code t, LATERAL (SELECT aggregates FROM q WHERE
 * window(c))}, and each aggregate of the query, all of which are over the right columns, a column of that. The optimizer finds the join again by
 * the operator in WHERE. For one SELECT; nodes are changed in place.
 */
final class WindowJoins {
    /** What the subqueries are called. */
    private static final String PREFIX = "$window";

    private static final String SEED_PREFIX = "wj_";
    private static final int RIGHT = 3;

    private final ZeptoOperatorTable operators;
    private final List<Joined> joins = new ArrayList<>();

    private WindowJoins(ZeptoOperatorTable operators) {
        this.operators = operators;
    }

    /** One window join: its right side's name, and the subquery that it becomes. */
    private record Joined(WindowJoinNode node, @Nullable String alias, String name, SqlNodeList aggregates) {
        boolean isCalled(String qualifier) {
            return alias != null && alias.equalsIgnoreCase(qualifier);
        }
    }

    /** Whether a table of FROM is what a window join has become. */
    static boolean isOne(@Nullable String alias) {
        return alias != null && alias.startsWith(PREFIX);
    }

    /**
     * Rewrites a SELECT, if it has a window join.
     *
     * @param order the ORDER BY behind it, or null
     */
    static void resolve(SqlSelect select, @Nullable SqlNodeList order, ZeptoOperatorTable operators) {
        SqlNode from = select.getFrom();
        if (from == null) {
            return;
        }
        WindowJoins joins = new WindowJoins(operators);
        SqlNode replaced = joins.replace(from);
        if (!joins.joins.isEmpty()) {
            select.setFrom(replaced);
            joins.rewrite(select, order);
        }
    }

    /** wj_avg and its kind are aggregates of window joins and nothing else. */
    static void refuseSeedName(SqlCall call) {
        String name = call.getOperator().getName();
        if (name.regionMatches(true, 0, SEED_PREFIX, 0, SEED_PREFIX.length())) {
            String plain = name.substring(SEED_PREFIX.length()).toLowerCase(Locale.ROOT);
            throw TableNames.at(
                    ErrorCode.UNDEFINED_FUNCTION,
                    name + " is an aggregate of a WINDOW JOIN only; elsewhere it is called " + plain,
                    call.getParserPosition());
        }
    }

    private SqlNode replace(SqlNode from) {
        if (from instanceof WindowJoinNode join) {
            SqlNode left = replace(join.left());
            SqlParserPos position = join.getParserPosition();
            Joined joined = new Joined(
                    join, SqlValidatorUtil.alias(join.right()), PREFIX + (joins.size() + 1), new SqlNodeList(position));
            joins.add(joined);
            return new SqlJoin(
                    position,
                    left,
                    SqlLiteral.createBoolean(false, position),
                    JoinType.CROSS.symbol(position),
                    subquery(joined),
                    JoinConditionType.NONE.symbol(position),
                    null);
        }
        if (from instanceof SqlJoin join) {
            join.setLeft(replace(join.getLeft()));
            join.setOperand(RIGHT, replace(join.getRight()));
        }
        return from;
    }

    private static SqlNode subquery(Joined joined) {
        WindowJoinNode node = joined.node();
        SqlParserPos position = node.getParserPosition();
        SqlNode window = (node.prevailing() ? WindowJoinNode.PREVAILING_WINDOW : WindowJoinNode.WINDOW)
                .createCall(node.condition().getParserPosition(), node.condition());
        SqlSelect select = PlainSelect.of(position, joined.aggregates(), node.right(), window);
        SqlNode lateral = SqlStdOperatorTable.LATERAL.createCall(position, select);
        return SqlStdOperatorTable.AS.createCall(position, lateral, new SqlIdentifier(joined.name(), position));
    }

    private void rewrite(SqlSelect select, @Nullable SqlNodeList order) {
        refuse(select.getGroup(), "GROUP BY");
        refuse(select.getHaving(), "HAVING");
        if (select.getWhere() != null) {
            checkNames(select.getWhere());
        }
        SqlNodeList items = select.getSelectList();
        for (int i = 0; i < items.size(); i++) {
            SqlNode item = items.get(i);
            SqlNode value = replaced(item);
            // a column that nobody has named is called as any expression
            items.set(
                    i,
                    value == item
                            ? item
                            : SqlStdOperatorTable.AS.createCall(
                                    item.getParserPosition(),
                                    value,
                                    new SqlIdentifier(SqlUtil.deriveAliasFromOrdinal(i), item.getParserPosition())));
        }
        if (order != null) {
            replaceAll(order);
        }
        if (select.getQualify() != null) {
            select.setQualify(replaced(select.getQualify()));
        }
        if (select.getWindowList() != null) {
            replaceAll(select.getWindowList());
        }
        for (Joined joined : joins) {
            if (joined.aggregates().isEmpty()) {
                SqlParserPos position = joined.node().getParserPosition();
                add(joined, SqlStdOperatorTable.COUNT.createCall(position, SqlIdentifier.star(position)));
            }
        }
    }

    private static void refuse(@Nullable SqlNode clause, String name) {
        if (clause != null) {
            throw TableNames.at(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    name + " beside a WINDOW JOIN is not supported: its aggregates are of each left row."
                            + " Put the WINDOW JOIN into a subquery, and group over that",
                    clause.getParserPosition());
        }
    }

    private void replaceAll(SqlNodeList nodes) {
        for (int i = 0; i < nodes.size(); i++) {
            SqlNode node = nodes.get(i);
            if (node != null) {
                nodes.set(i, replaced(node));
            }
        }
    }

    /** The node with its aggregates replaced: the same node when it is none itself. */
    private SqlNode replaced(SqlNode node) {
        if (node instanceof SqlIdentifier name) {
            checkName(name);
        } else if (node instanceof SqlNodeList list) {
            replaceAll(list);
        } else if (node instanceof SqlCall call && !call.isA(SqlKind.QUERY)) {
            if (isAggregate(call)) {
                return column(call);
            }
            replaceOperands(call);
        }
        return node;
    }

    private void replaceOperands(SqlCall call) {
        List<SqlNode> operands = call.getOperandList();
        for (int i = 0; i < operands.size(); i++) {
            SqlNode operand = operands.get(i);
            if (operand == null || (call.getKind() == SqlKind.AS && i > 0)) {
                continue;
            }
            if (call.getKind() == SqlKind.OVER && i == 0) {
                // a function over the rows of the join's result; what it is given may be aggregates
                replaceOperands((SqlCall) operand);
                continue;
            }
            SqlNode replaced = replaced(operand);
            if (replaced != operand) {
                call.setOperand(i, replaced);
            }
        }
    }

    private boolean isAggregate(SqlCall call) {
        return switch (call.getKind()) {
            case FILTER, WITHIN_GROUP, IGNORE_NULLS, RESPECT_NULLS, WITHIN_DISTINCT ->
                call.operand(0) instanceof SqlCall inner && isAggregate(inner);
            default -> {
                String name = call.getOperator().getName().toLowerCase(Locale.ROOT);
                yield name.startsWith(SEED_PREFIX) || operators.isAggregate(name);
            }
        };
    }

    /** The column of a window join's subquery that is this aggregate. */
    private SqlNode column(SqlCall aggregate) {
        Joined joined = joinOf(aggregate);
        SqlParserPos position = aggregate.getParserPosition();
        return new SqlIdentifier(List.of(joined.name(), add(joined, plainlyNamed(aggregate))), position);
    }

    private static String add(Joined joined, SqlNode aggregate) {
        String column = "$" + joined.aggregates().size();
        SqlParserPos position = aggregate.getParserPosition();
        joined.aggregates()
                .add(SqlStdOperatorTable.AS.createCall(position, aggregate, new SqlIdentifier(column, position)));
        return column;
    }

    private Joined joinOf(SqlCall aggregate) {
        List<Joined> named = new ArrayList<>();
        aggregate.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlIdentifier name) {
                if (name.names.size() > 1) {
                    Joined joined = joinOf(name);
                    if (!named.contains(joined)) {
                        named.add(joined);
                    }
                }
                return null;
            }
        });
        if (named.size() == 1 || (named.isEmpty() && joins.size() == 1)) {
            return named.isEmpty() ? joins.get(0) : named.get(0);
        }
        throw TableNames.at(
                ErrorCode.INVALID_STATEMENT,
                (named.isEmpty()
                                ? "this aggregate may be of several WINDOW JOINs: qualify its columns"
                                : "an aggregate is of one WINDOW JOIN only")
                        + ", the right sides are " + aliases(),
                aggregate.getParserPosition());
    }

    private Joined joinOf(SqlIdentifier column) {
        String qualifier = column.names.get(column.names.size() - 2);
        for (Joined joined : joins) {
            if (joined.isCalled(qualifier)) {
                return joined;
            }
        }
        throw leftColumn(column, aliases());
    }

    static EngineException leftColumn(SqlIdentifier column, String right) {
        return TableNames.at(
                ErrorCode.INVALID_STATEMENT,
                "beside a WINDOW JOIN aggregates are over columns of its right side (" + right + "), got " + column
                        + ": aggregate others in a query around this one",
                column.getParserPosition());
    }

    private String aliases() {
        Set<String> aliases = new TreeSet<>();
        joins.forEach(joined -> aliases.add(String.valueOf(joined.alias())));
        return String.join(", ", aliases);
    }

    /** wj_avg is avg here. */
    private SqlNode plainlyNamed(SqlCall aggregate) {
        if (!(isNamed(aggregate))) {
            aggregate.setOperand(0, plainlyNamed(aggregate.operand(0)));
            return aggregate;
        }
        String name = aggregate.getOperator().getName().toLowerCase(Locale.ROOT);
        if (!name.startsWith(SEED_PREFIX)) {
            return aggregate;
        }
        String plain = name.substring(SEED_PREFIX.length());
        if (!operators.isAggregate(plain)) {
            throw TableNames.at(
                    ErrorCode.UNDEFINED_FUNCTION,
                    "function " + name + " does not exist: there is no aggregate " + plain,
                    aggregate.getParserPosition());
        }
        SqlCall call =
                (SqlCall) SyntaxRewrite.function(plain, aggregate.getParserPosition(), aggregate.getOperandList());
        SqlLiteral quantifier = aggregate.getFunctionQuantifier();
        return quantifier == null
                ? call
                : call.getOperator().createCall(quantifier, aggregate.getParserPosition(), aggregate.getOperandList());
    }

    private static boolean isNamed(SqlCall aggregate) {
        return switch (aggregate.getKind()) {
            case FILTER, WITHIN_GROUP, IGNORE_NULLS, RESPECT_NULLS, WITHIN_DISTINCT -> false;
            default -> true;
        };
    }

    private void checkNames(SqlNode node) {
        node.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlIdentifier name) {
                checkName(name);
                return null;
            }

            @Override
            public @Nullable Void visit(SqlCall call) {
                return call.isA(SqlKind.QUERY) ? null : super.visit(call);
            }
        });
    }

    private void checkName(SqlIdentifier name) {
        if (name.names.size() < 2) {
            return;
        }
        String qualifier = name.names.get(name.names.size() - 2);
        if (joins.stream().anyMatch(joined -> joined.isCalled(qualifier))) {
            throw TableNames.at(
                    ErrorCode.GROUPING_ERROR,
                    name
                            + " is of the right side of a WINDOW JOIN, of which there are several rows: it must stand inside"
                            + " an aggregate (a condition on the right side, in a subquery there)",
                    name.getParserPosition());
        }
    }
}
