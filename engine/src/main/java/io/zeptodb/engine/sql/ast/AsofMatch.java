package io.zeptodb.engine.sql.ast;

import java.util.Locale;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlInternalOperator;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.InferTypes;
import org.apache.calcite.sql.type.OperandTypes;
import org.apache.calcite.sql.type.ReturnTypes;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * What the match condition of an as-of join says beyond one comparison, as calls of two operators that only stand there: Calcite carries
 * the condition from the parser to the optimised tree and looks into none of them.
 */
public final class AsofMatch {
    /** Where the tolerance is among the operands of {@link #MATCH}. */
    public static final int TOLERANCE_AT = 2;

    /** {@code NEAREST(left time, right time)}: either way, instead of a comparison. */
    public static final SqlOperator NEAREST = new SqlInternalOperator(
            "NEAREST",
            SqlKind.OTHER,
            0,
            true,
            ReturnTypes.BOOLEAN_NULLABLE,
            InferTypes.FIRST_KNOWN,
            OperandTypes.VARIADIC);

    /** (condition, whether the right time is the one shown [, tolerance]). */
    public static final SqlOperator MATCH = new SqlInternalOperator(
            "ASOF_MATCH",
            SqlKind.OTHER,
            0,
            true,
            ReturnTypes.BOOLEAN_NULLABLE,
            (binding, returnType, types) -> {
                var factory = binding.getTypeFactory();
                for (int i = 0; i < types.length; i++) {
                    boolean tolerance = i == TOLERANCE_AT;
                    types[i] = factory.createTypeWithNullability(
                            factory.createSqlType(tolerance ? SqlTypeName.BIGINT : SqlTypeName.BOOLEAN), true);
                }
            },
            OperandTypes.VARIADIC);

    private AsofMatch() {}

    static SqlNode of(SqlNode condition, boolean showsRightTime, @Nullable SqlNode tolerance) {
        if (!showsRightTime && tolerance == null) {
            return condition;
        }
        SqlParserPos position = condition.getParserPosition();
        SqlNode shows = SqlLiteral.createBoolean(showsRightTime, position);
        return tolerance == null
                ? MATCH.createCall(position, condition, shows)
                : MATCH.createCall(position, condition, shows, tolerance);
    }

    /** Whether a call is NEAREST as the parser gives it. */
    static boolean isNearest(SqlNode node) {
        return node instanceof SqlCall call
                && call.getOperator().getName().toUpperCase(Locale.ROOT).equals(NEAREST.getName())
                && !call.isA(SqlKind.QUERY);
    }

    /** The comparison of an as-of join, or its call of {@link #NEAREST}. */
    public static SqlNode condition(SqlAsofJoin join) {
        SqlNode match = join.getMatchCondition();
        return isMatch(match) ? ((SqlCall) match).operand(0) : match;
    }

    /** Whether the join is AJ0. */
    public static boolean showsRightTime(SqlAsofJoin join) {
        SqlNode match = join.getMatchCondition();
        return isMatch(match) && ((SqlLiteral) ((SqlCall) match).operand(1)).booleanValue();
    }

    public static @Nullable SqlNode tolerance(SqlAsofJoin join) {
        SqlNode match = join.getMatchCondition();
        return isMatch(match) && ((SqlCall) match).operandCount() > TOLERANCE_AT
                ? ((SqlCall) match).operand(TOLERANCE_AT)
                : null;
    }

    /** The match condition with another comparison in it. */
    public static SqlNode with(SqlAsofJoin join, SqlNode condition) {
        return of(condition, showsRightTime(join), tolerance(join));
    }

    private static boolean isMatch(@Nullable SqlNode match) {
        return match instanceof SqlCall call && call.getOperator().equals(MATCH);
    }
}
