package io.zeptodb.engine.sql.ast;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Makes Calcite's node of an as-of join, also of the forms that its grammar refuses: without MATCH_CONDITION, with USING, with NEAREST. */
public final class AsofJoinSyntax {
    private final SqlLiteral joinType;
    private final boolean showsRightTime;
    private final @Nullable SqlNode tolerance;

    /** @param showsRightTime whether the join is AJ0 */
    AsofJoinSyntax(SqlLiteral joinType, boolean showsRightTime, @Nullable SqlNode tolerance) {
        this.joinType = joinType;
        this.showsRightTime = showsRightTime;
        this.tolerance = tolerance;
    }

    public static boolean isAsof(SqlLiteral joinType) {
        JoinType type = joinType.getValueAs(JoinType.class);
        return type == JoinType.ASOF || type == JoinType.LEFT_ASOF;
    }

    /** Without MATCH_CONDITION the one comparison in ON that is not an equality is the match condition. */
    SqlNode on(SqlNode left, SqlNode right, @Nullable SqlNode matchCondition, @Nullable SqlNode on) {
        SqlParserPos position = joinType.getParserPosition();
        if (matchCondition == null && on == null) {
            throw JoinClause.error(
                    position, "ASOF JOIN needs ON or USING, e.g. ON t.symbol = q.symbol AND t.ts >= q.ts");
        }
        SqlNode match = matchCondition;
        SqlNode keys = on == null ? SqlLiteral.createBoolean(true, position) : on;
        if (match == null) {
            List<SqlNode> terms = terms(keys);
            match = only(terms, keys.getParserPosition());
            terms.remove(match);
            keys = conjunction(terms, keys.getParserPosition());
        }
        SqlLiteral by = JoinConditionType.ON.symbol(keys.getParserPosition());
        return join(left, right, by, keys, AsofMatch.of(comparison(match), showsRightTime, tolerance));
    }

    /** {@code ASOF JOIN q USING (key, …, time)}: the validator makes the match condition of the last column. */
    SqlNode using(SqlNode left, SqlNode right, SqlNodeList columns) {
        SqlNode none = AsofMatch.of(SqlLiteral.createBoolean(true, SqlParserPos.ZERO), showsRightTime, tolerance);
        return join(left, right, JoinConditionType.USING.symbol(SqlParserPos.ZERO), columns, none);
    }

    private SqlNode join(SqlNode left, SqlNode right, SqlLiteral by, SqlNode condition, SqlNode match) {
        SqlParserPos position = joinType.getParserPosition();
        SqlLiteral natural = SqlLiteral.createBoolean(false, position);
        return new SqlAsofJoin(position, left, natural, joinType, right, by, condition, match);
    }

    private static SqlNode only(List<SqlNode> terms, SqlParserPos position) {
        List<SqlNode> matches = terms.stream()
                .filter(term -> isOrderComparison(term) || AsofMatch.isNearest(term))
                .toList();
        if (matches.size() != 1) {
            throw JoinClause.error(
                    position,
                    "ASOF JOIN needs exactly one comparison of times (<, <=, > or >=) in ON or in MATCH_CONDITION, found "
                            + matches.size()
                            + "; say other conditions in WHERE");
        }
        return matches.get(0);
    }

    private static SqlNode conjunction(List<SqlNode> terms, SqlParserPos position) {
        return terms.isEmpty()
                ? SqlLiteral.createBoolean(true, position)
                : terms.stream()
                        .reduce((a, b) -> SqlStdOperatorTable.AND.createCall(
                                a.getParserPosition().plus(b.getParserPosition()), a, b))
                        .orElseThrow();
    }

    private static SqlNode comparison(SqlNode match) {
        if (!AsofMatch.isNearest(match)) {
            return match;
        }
        List<SqlNode> times = ((SqlCall) match).getOperandList();
        if (times.size() != 2) {
            throw JoinClause.error(
                    match.getParserPosition(),
                    "NEAREST takes the left time and the right time, NEAREST(t.ts, q.ts), got " + times.size()
                            + " arguments");
        }
        return AsofMatch.NEAREST.createCall(match.getParserPosition(), times);
    }

    /** What AND puts together, however deep; the condition itself when it is no AND. */
    public static List<SqlNode> terms(SqlNode condition) {
        List<SqlNode> terms = new ArrayList<>();
        addTerms(condition, terms);
        return terms;
    }

    private static void addTerms(SqlNode condition, List<SqlNode> terms) {
        if (condition.getKind() == SqlKind.AND) {
            ((SqlCall) condition).getOperandList().forEach(operand -> addTerms(operand, terms));
        } else {
            terms.add(condition);
        }
    }

    private static boolean isOrderComparison(SqlNode node) {
        return SqlKind.ORDER_COMPARISON.contains(node.getKind());
    }
}
