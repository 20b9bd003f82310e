package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.sql.type.Types;
import java.util.IdentityHashMap;
import java.util.Map;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * The columns of the WITH RECURSIVE of one statement. A step may make those of the first query wider, and then reads the wider type: but for DECIMALs, which
 * would get more digits each time they are computed, so that no type holds them all. Those are given by casts, as in PostgreSQL.
 */
final class RecursiveColumns {
    private static final int RIGHT = 3;

    /** By the first query of each, which is cast to what it is together with its step. */
    private final Map<SqlNode, SqlWithItem> recursions = new IdentityHashMap<>();

    /** Looks at a query of WITH before it is validated. */
    void note(SqlWithItem item) {
        if (item.recursive.booleanValue() && item.query.getKind() == SqlKind.UNION) {
            SqlCall union = (SqlCall) item.query;
            if (reads(union.operand(1), item.name.getSimple())) {
                recursions.put(union.operand(0), item);
            }
        }
    }

    /** Called before a column of a query is cast. @throws io.zeptodb.engine.api.EngineException DATATYPE_MISMATCH */
    void check(SqlNode query, int column, RelDataType type, RelDataType target) {
        SqlWithItem item = target.getSqlTypeName() == SqlTypeName.DECIMAL ? recursions.get(query) : null;
        ColumnType begun = Types.toEngine(type);
        if (item == null || begun.equals(Types.toEngine(target))) {
            return;
        }
        throw TableNames.at(
                ErrorCode.DATATYPE_MISMATCH,
                "column " + (column + 1) + " of the recursive query '" + item.name.getSimple() + "' begins as " + begun
                        + " and is " + Types.toEngine(target)
                        + " with this step: cast it in both queries to one type, DECIMAL("
                        + ColumnType.MAX_DECIMAL_PRECISION + "," + target.getScale() + ") or DOUBLE for instance",
                MixedValues.place(((SqlCall) item.query).operand(1), column));
    }

    /** Whether a table of this name is in some FROM of the query. */
    private static boolean reads(SqlNode query, String name) {
        boolean[] found = {false};
        query.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlCall call) {
                found[0] |= call instanceof SqlSelect select && isIn(select.getFrom(), name);
                return found[0] ? null : super.visit(call);
            }
        });
        return found[0];
    }

    /** Subqueries in FROM are found by themselves. */
    private static boolean isIn(@Nullable SqlNode from, String name) {
        if (from instanceof SqlIdentifier table) {
            return table.names.get(table.names.size() - 1).equalsIgnoreCase(name);
        }
        if (!(from instanceof SqlCall call)) {
            return false;
        }
        return switch (call.getKind()) {
            case AS -> isIn(call.operand(0), name);
            case JOIN -> isIn(call.operand(0), name) || isIn(call.operand(RIGHT), name);
            default -> false;
        };
    }
}
