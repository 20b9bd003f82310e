package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.sql.ast.AsofJoinSyntax;
import io.zeptodb.engine.sql.ast.AsofMatch;
import java.util.List;
import java.util.function.Function;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.SqlValidatorScope.ResolvedImpl;
import org.jspecify.annotations.Nullable;

/**
 * What the conditions of an as-of join may be: equalities and one comparison, each of something of the left side with something of the right.
 * Calcite's own check takes bare columns only.
 */
final class AsofConditions {
    private enum Side {
        NEITHER,
        LEFT,
        RIGHT,
        BOTH;

        Side with(Side other) {
            return this == NEITHER || this == other ? other : other == NEITHER ? this : BOTH;
        }
    }

    private final SqlValidatorScope scope;
    private final SqlNameMatcher matcher;
    private final int leftTables;

    private AsofConditions(SqlValidatorScope scope, SqlNameMatcher matcher, int leftTables) {
        this.scope = scope;
        this.matcher = matcher;
        this.leftTables = leftTables;
    }

    /** Whether both conditions of a join, whose names are qualified, are of this form. */
    static boolean hold(SqlAsofJoin join, SqlValidatorScope scope, SqlNameMatcher matcher) {
        AsofConditions check = new AsofConditions(scope, matcher, tables(join.getLeft()));
        SqlNode match = AsofMatch.condition(join);
        SqlNode condition = join.getCondition();
        return check.comparesTimes(match)
                && condition != null
                && AsofJoinSyntax.terms(condition).stream().allMatch(check::isKey);
    }

    /**
     * Checks that what a join goes by has distances or at least an order of numbers: a text that is compared with a text has none.
     *
     * @param types of expressions of the validated condition
     * @throws EngineException DATATYPE_MISMATCH at the operand
     */
    static void checkTimes(SqlAsofJoin join, Function<SqlNode, RelDataType> types) {
        if (!(AsofMatch.condition(join) instanceof SqlCall match)
                || !SqlKind.ORDER_COMPARISON.contains(match.getKind())) {
            return; // NEAREST says itself what it needs
        }
        boolean read = match.getOperandList().stream().map(types).anyMatch(SqlTypeUtil::isDatetime);
        for (SqlNode operand : match.getOperandList()) {
            RelDataType type = types.apply(operand);
            boolean text = SqlTypeUtil.isCharacter(type) && !read; // beside a time it is read as one
            if (text || SqlTypeUtil.isBinary(type)) {
                SqlParserPos position = operand.getParserPosition();
                throw new EngineException(
                        ErrorCode.DATATYPE_MISMATCH,
                        "the time of an as-of join is a number, date, time or timestamp, not a "
                                + (text ? "text" : "VARBINARY"),
                        position.getLineNum(),
                        position.getColumnNum(),
                        null);
            }
        }
    }

    /** The bare column of the left or the right side that the match condition compares; null for any other expression. */
    static @Nullable SqlIdentifier time(
            SqlAsofJoin join, boolean left, SqlValidatorScope scope, SqlNameMatcher matcher) {
        AsofConditions sides = new AsofConditions(scope, matcher, tables(join.getLeft()));
        if (!(AsofMatch.condition(join) instanceof SqlCall call)) {
            return null;
        }
        for (SqlNode operand : call.getOperandList()) {
            if (operand instanceof SqlIdentifier column && sides.sideOf(column) == (left ? Side.LEFT : Side.RIGHT)) {
                return column;
            }
        }
        return null;
    }

    /** Whether two bare columns that a condition compares are of the two sides: the left one first; null when they are not. */
    static @Nullable List<SqlIdentifier> keys(
            SqlNode term, SqlJoin join, SqlValidatorScope scope, SqlNameMatcher matcher) {
        AsofConditions sides = new AsofConditions(scope, matcher, tables(join.getLeft()));
        boolean columns = term.getKind() == SqlKind.EQUALS
                && ((SqlCall) term).operand(0) instanceof SqlIdentifier
                && ((SqlCall) term).operand(1) instanceof SqlIdentifier;
        if (!columns) {
            return null;
        }
        SqlIdentifier first = ((SqlCall) term).operand(0);
        SqlIdentifier second = ((SqlCall) term).operand(1);
        Side side = sides.sideOf(first);
        Side other = sides.sideOf(second);
        boolean across = (side == Side.LEFT && other == Side.RIGHT) || (side == Side.RIGHT && other == Side.LEFT);
        return !across ? null : side == Side.LEFT ? List.of(first, second) : List.of(second, first);
    }

    private static int tables(SqlNode from) {
        return from instanceof SqlJoin join ? tables(join.getLeft()) + tables(join.getRight()) : 1;
    }

    private boolean isKey(SqlNode term) {
        boolean always = term instanceof SqlLiteral literal && Boolean.TRUE.equals(literal.getValue());
        return always || (term.getKind() == SqlKind.EQUALS && comparesSides((SqlCall) term));
    }

    private boolean comparesTimes(SqlNode match) {
        if (!(match instanceof SqlCall call)) {
            return false;
        }
        boolean nearest = call.getOperator().equals(AsofMatch.NEAREST);
        return (nearest || SqlKind.ORDER_COMPARISON.contains(call.getKind())) && comparesSides(call);
    }

    private boolean comparesSides(SqlCall comparison) {
        Side first = side(comparison.operand(0));
        Side second = side(comparison.operand(1));
        return (first == Side.LEFT && second == Side.RIGHT) || (first == Side.RIGHT && second == Side.LEFT);
    }

    /** Where the columns of an expression are; a subquery may read both. */
    private Side side(SqlNode expression) {
        Side[] found = {Side.NEITHER};
        expression.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlIdentifier name) {
                found[0] = found[0].with(sideOf(name));
                return null;
            }

            @Override
            public @Nullable Void visit(SqlCall call) {
                if (call.isA(SqlKind.QUERY)) {
                    found[0] = Side.BOTH;
                    return null;
                }
                return super.visit(call);
            }
        });
        return found[0];
    }

    private Side sideOf(SqlIdentifier name) {
        if (name.names.size() < 2) {
            return Side.NEITHER;
        }
        ResolvedImpl resolved = new ResolvedImpl();
        scope.resolve(name.names.subList(0, name.names.size() - 1), matcher, false, resolved);
        if (resolved.count() != 1 || resolved.only().scope != scope) {
            return Side.NEITHER;
        }
        return resolved.only().path.steps().get(0).i < leftTables ? Side.LEFT : Side.RIGHT;
    }
}
