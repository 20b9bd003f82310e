package io.zeptodb.engine.sql.ast;

import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * A join that shows columns of the same name once. To Calcite UNION JOIN is a full join on nothing, of which each row comes from one side, and
 * PLUS JOIN a left join; the validator merges their columns.
 */
public final class MergingJoin extends SqlJoin {
    private final boolean adds;

    private MergingJoin(
            SqlParserPos position,
            SqlNode left,
            JoinType type,
            SqlNode right,
            JoinConditionType by,
            SqlNode condition) {
        super(
                position,
                left,
                SqlLiteral.createBoolean(false, position),
                type.symbol(position),
                right,
                by.symbol(position),
                condition);
        this.adds = type == JoinType.LEFT;
    }

    static MergingJoin union(SqlParserPos position, SqlNode left, SqlNode right) {
        SqlNode never = SqlLiteral.createBoolean(false, position);
        return new MergingJoin(position, left, JoinType.FULL, right, JoinConditionType.ON, never);
    }

    static MergingJoin plus(
            SqlParserPos position, SqlNode left, SqlNode right, @Nullable SqlNode on, @Nullable SqlNodeList using) {
        if (using != null) {
            return new MergingJoin(position, left, JoinType.LEFT, right, JoinConditionType.USING, using);
        }
        if (on == null) {
            throw JoinClause.error(position, "PLUS JOIN needs its keys: ON t.symbol = a.symbol, or USING (symbol)");
        }
        return new MergingJoin(position, left, JoinType.LEFT, right, JoinConditionType.ON, on);
    }

    /** Whether numbers of the same name are added: PLUS JOIN. */
    public boolean adds() {
        return adds;
    }
}
