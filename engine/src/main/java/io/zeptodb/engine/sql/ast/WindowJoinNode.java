package io.zeptodb.engine.sql.ast;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlInternalOperator;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;

/** {@code left WINDOW JOIN right ON condition [INCLUDE PREVAILING]} in a FROM clause, until its query is rewritten. */
public final class WindowJoinNode extends SqlCall {
    static final String NEEDS_ON = "WINDOW JOIN needs ON with its keys and its window, e.g. ON t.symbol = q.symbol"
            + " AND q.ts BETWEEN t.ts - INTERVAL '5' SECOND AND t.ts";

    /** The condition of a window join, as the one WHERE of the subquery that it becomes. */
    public static final SqlOperator WINDOW = condition("WINDOW_JOIN");

    /** As {@link #WINDOW}, INCLUDE PREVAILING. */
    public static final SqlOperator PREVAILING_WINDOW = condition("PREVAILING_WINDOW_JOIN");

    private static final SqlOperator OPERATOR = new SqlInternalOperator("WINDOW JOIN", SqlKind.OTHER);

    private SqlNode left;
    private SqlNode right;
    private SqlNode condition;
    private final boolean prevailing;

    WindowJoinNode(SqlParserPos position, SqlNode left, SqlNode right, SqlNode condition, boolean prevailing) {
        super(position);
        this.left = left;
        this.right = right;
        this.condition = condition;
        this.prevailing = prevailing;
    }

    private static SqlOperator condition(String name) {
        return new SqlInternalOperator(
                name, SqlKind.OTHER, 0, true, ReturnTypes.BOOLEAN_NULLABLE, null, OperandTypes.VARIADIC);
    }

    /** Whether an operator is one of the two conditions. */
    public static boolean isWindow(SqlOperator operator) {
        return operator.equals(WINDOW) || operator.equals(PREVAILING_WINDOW);
    }

    public SqlNode left() {
        return left;
    }

    public SqlNode right() {
        return right;
    }

    public SqlNode condition() {
        return condition;
    }

    public boolean prevailing() {
        return prevailing;
    }

    @Override
    public SqlOperator getOperator() {
        return OPERATOR;
    }

    @Override
    public List<SqlNode> getOperandList() {
        return List.of(left, right, condition);
    }

    @Override
    public void setOperand(int index, SqlNode operand) {
        switch (index) {
            case 0 -> left = operand;
            case 1 -> right = operand;
            default -> condition = operand;
        }
    }
}
