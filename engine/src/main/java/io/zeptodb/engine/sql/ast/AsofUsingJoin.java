package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * {@code ASOF JOIN q USING (key, …, time)}. It stays a USING join while names are resolved, so that the common columns appear once; when
 * they are, the validator gives it the conditions it stands for.
 */
public final class AsofUsingJoin extends SqlAsofJoin {
    private static final int CONDITION_TYPE = 4;
    private static final int CONDITION = 5;

    private @Nullable SqlNode keys;

    AsofUsingJoin(SqlLiteral joinType, SqlNode left, SqlLiteral natural, SqlNode right, SqlNodeList columns) {
        super(
                joinType.getParserPosition(),
                left,
                natural,
                joinType,
                right,
                JoinConditionType.USING.symbol(SqlParserPos.ZERO),
                columns,
                SqlLiteral.createBoolean(true, SqlParserPos.ZERO));
    }

    /** All columns of USING; the last is the time. */
    public SqlNodeList columns() {
        return (SqlNodeList) getOperandList().get(CONDITION);
    }

    /** Remembers the equality of the keys until {@link #turnIntoOn()}. */
    public void setKeys(SqlNode keys) {
        this.keys = keys;
    }

    /** Makes it an ON join: to be called when all names are resolved. */
    public void turnIntoOn() {
        if (keys != null) {
            setOperand(CONDITION_TYPE, JoinConditionType.ON.symbol(SqlParserPos.ZERO));
            setOperand(CONDITION, keys);
        }
    }
}
