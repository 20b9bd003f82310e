package io.zeptodb.engine.sql.ast;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
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

/** The as-of joins that Calcite's grammar refuses: without MATCH_CONDITION, and with USING. Called by the generated parser. */
public final class AsofJoinSyntax {
    private AsofJoinSyntax() {}

    public static boolean isAsof(SqlLiteral joinType) {
        JoinType type = joinType.getValueAs(JoinType.class);
        return type == JoinType.ASOF || type == JoinType.LEFT_ASOF;
    }

    /** {@code ASOF JOIN q ON keys AND t.ts >= q.ts}: the one comparison that is not an equality is the match condition. */
    public static SqlNode on(
            SqlLiteral joinType,
            SqlNode left,
            SqlLiteral natural,
            SqlNode right,
            SqlLiteral conditionType,
            SqlNode condition) {
        List<SqlNode> terms = terms(condition);
        List<SqlNode> matches =
                terms.stream().filter(AsofJoinSyntax::isOrderComparison).toList();
        if (matches.size() != 1) {
            throw error(
                    condition.getParserPosition(),
                    "ASOF JOIN needs exactly one comparison of times (<, <=, > or >=) in ON or in MATCH_CONDITION, found "
                            + matches.size()
                            + "; say other conditions in WHERE");
        }
        terms.removeAll(matches);
        SqlNode keys = terms.isEmpty()
                ? SqlLiteral.createBoolean(true, condition.getParserPosition())
                : terms.stream()
                        .reduce((a, b) -> SqlStdOperatorTable.AND.createCall(
                                a.getParserPosition().plus(b.getParserPosition()), a, b))
                        .orElseThrow();
        return new SqlAsofJoin(
                joinType.getParserPosition(), left, natural, joinType, right, conditionType, keys, matches.get(0));
    }

    /** {@code ASOF JOIN q USING (key, …, time)}: the validator makes the match condition of the last column. */
    public static SqlNode using(
            SqlLiteral joinType, SqlNode left, SqlLiteral natural, SqlNode right, SqlNodeList columns) {
        SqlNode none = SqlLiteral.createBoolean(true, SqlParserPos.ZERO);
        SqlLiteral condition = JoinConditionType.USING.symbol(SqlParserPos.ZERO);
        return new SqlAsofJoin(joinType.getParserPosition(), left, natural, joinType, right, condition, columns, none);
    }

    /** Refuses an as-of join that has neither ON nor USING. */
    public static void requireCondition(SqlLiteral joinType) {
        if (isAsof(joinType)) {
            throw error(
                    joinType.getParserPosition(),
                    "ASOF JOIN needs ON or USING, e.g. ON t.symbol = q.symbol AND t.ts >= q.ts");
        }
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

    private static EngineException error(SqlParserPos position, String message) {
        return new EngineException(
                ErrorCode.SYNTAX_ERROR, message, position.getLineNum(), position.getColumnNum(), null);
    }
}
