package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ErrorCode;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlBetweenOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * Comparisons of rows, (a, b) &lt; (c, d), as comparisons of their values, with SQL's logic of NULL: unequal when one pair is, less when the
 * first pair that is not equal is.
 */
final class RowComparisons {
    private RowComparisons() {}

    /**
     * The comparison of values; null when the call compares no rows, or as equal, which Calcite can.
     *
     * @throws io.zeptodb.engine.api.EngineException DATATYPE_MISMATCH for rows of other lengths
     */
    static @Nullable SqlNode of(SqlCall call) {
        if (call.getOperator() instanceof SqlBetweenOperator between) {
            return between.flag == SqlBetweenOperator.Flag.ASYMMETRIC ? between(call, between.isNegated()) : null;
        }
        if (call.getKind() == SqlKind.IN || call.getKind() == SqlKind.NOT_IN) {
            checkRows(call);
        }
        if (call.operandCount() != 2
                || call.operand(0).getKind() != SqlKind.ROW
                || call.operand(1).getKind() != SqlKind.ROW) {
            return null;
        }
        List<SqlNode> left = ((SqlCall) call.operand(0)).getOperandList();
        List<SqlNode> right = ((SqlCall) call.operand(1)).getOperandList();
        if (call.isA(SqlKind.COMPARISON)) {
            checkSizes(call, left, right);
        }
        return switch (call.getKind()) {
            case NOT_EQUALS -> all(SqlStdOperatorTable.OR, SqlStdOperatorTable.NOT_EQUALS, left, right, call);
            case IS_DISTINCT_FROM ->
                all(SqlStdOperatorTable.OR, SqlStdOperatorTable.IS_DISTINCT_FROM, left, right, call);
            case IS_NOT_DISTINCT_FROM ->
                all(SqlStdOperatorTable.AND, SqlStdOperatorTable.IS_NOT_DISTINCT_FROM, left, right, call);
            case LESS_THAN, LESS_THAN_OR_EQUAL -> order(SqlStdOperatorTable.LESS_THAN, left, right, call);
            case GREATER_THAN, GREATER_THAN_OR_EQUAL -> order(SqlStdOperatorTable.GREATER_THAN, left, right, call);
            default -> null;
        };
    }

    private static void checkRows(SqlCall call) {
        if (call.operand(0).getKind() == SqlKind.ROW && call.operand(1) instanceof SqlNodeList rows) {
            for (SqlNode row : rows) {
                if (row.getKind() == SqlKind.ROW) {
                    checkSizes(call, ((SqlCall) call.operand(0)).getOperandList(), ((SqlCall) row).getOperandList());
                }
            }
        }
    }

    private static void checkSizes(SqlCall call, List<SqlNode> left, List<SqlNode> right) {
        if (left.size() != right.size()) {
            throw TableNames.at(
                    ErrorCode.DATATYPE_MISMATCH,
                    "'" + call.getOperator().getName() + "' compares a row of " + left.size() + " values with one of "
                            + right.size(),
                    call.getParserPosition());
        }
    }

    /** Not below the one bound, and not above the other. */
    private static @Nullable SqlNode between(SqlCall call, boolean negated) {
        SqlParserPos position = call.getParserPosition();
        SqlNode low = of((SqlCall)
                SqlStdOperatorTable.GREATER_THAN_OR_EQUAL.createCall(position, call.operand(0), call.operand(1)));
        SqlNode high = of((SqlCall) SqlStdOperatorTable.LESS_THAN_OR_EQUAL.createCall(
                position, SqlNode.clone(call.operand(0)), call.operand(2)));
        if (low == null || high == null) {
            return null;
        }
        SqlNode inside = SqlStdOperatorTable.AND.createCall(position, low, high);
        return negated ? SqlStdOperatorTable.NOT.createCall(position, inside) : inside;
    }

    private static SqlNode all(
            SqlOperator connective, SqlOperator operator, List<SqlNode> left, List<SqlNode> right, SqlCall call) {
        SqlParserPos position = call.getParserPosition();
        SqlNode result = operator.createCall(position, left.get(0), right.get(0));
        for (int i = 1; i < left.size(); i++) {
            SqlNode next = operator.createCall(position, left.get(i), right.get(i));
            result = connective.createCall(position, result, next);
        }
        return result;
    }

    /** Of the last values as the call says; of the others strictly, or equal and the rest. */
    private static SqlNode order(SqlOperator strict, List<SqlNode> left, List<SqlNode> right, SqlCall call) {
        SqlParserPos position = call.getParserPosition();
        int last = left.size() - 1;
        SqlNode result = call.getOperator().createCall(position, left.get(last), right.get(last));
        for (int i = last - 1; i >= 0; i--) {
            SqlNode less = strict.createCall(position, left.get(i), right.get(i));
            SqlNode equal = SqlStdOperatorTable.EQUALS.createCall(position, left.get(i), right.get(i));
            SqlNode rest = SqlStdOperatorTable.AND.createCall(position, equal, result);
            result = SqlStdOperatorTable.OR.createCall(position, less, rest);
        }
        return result;
    }
}
