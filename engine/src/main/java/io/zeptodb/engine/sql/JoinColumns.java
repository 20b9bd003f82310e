package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.sql.CommonColumns.Visible;
import io.zeptodb.engine.sql.ast.AsofJoinSyntax;
import io.zeptodb.engine.sql.ast.AsofMatch;
import io.zeptodb.engine.sql.ast.MergingJoin;
import io.zeptodb.engine.sql.ast.WindowJoinNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.SqlValidatorUtil;
import org.jspecify.annotations.Nullable;

/**
 * What AJ0, UNION and PLUS JOIN show of their columns, and what a TOLERANCE may be. Asked when a join is validated, its sides' columns being
 * known. For one statement.
 */
final class JoinColumns {
    private final SqlValidator validator;
    private final CommonColumns common;

    JoinColumns(SqlValidator validator, CommonColumns common) {
        this.validator = validator;
        this.common = common;
    }

    /** Before a join's conditions are validated: a tolerance that is no constant has a name for it there. */
    void prepare(SqlJoin join) {
        SqlNode tolerance = join instanceof SqlAsofJoin asof ? AsofMatch.tolerance(asof) : null;
        if (tolerance == null) {
            return;
        }
        tolerance.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlIdentifier name) {
                throw invalid("TOLERANCE must be a constant, got column " + name, name.getParserPosition());
            }

            @Override
            public @Nullable Void visit(SqlCall call) {
                if (call.isA(SqlKind.QUERY)) {
                    throw invalid("TOLERANCE must be a constant, got a query", call.getParserPosition());
                }
                return super.visit(call);
            }
        });
        if (SqlUtil.isNullLiteral(tolerance, true)) {
            throw invalid("TOLERANCE must not be NULL", tolerance.getParserPosition());
        }
        if (isNegative(tolerance)) {
            throw invalid("TOLERANCE must not be negative", tolerance.getParserPosition());
        }
    }

    private static boolean isNegative(SqlNode value) {
        if (value.getKind() == SqlKind.MINUS_PREFIX) {
            return ((SqlCall) value).operand(0) instanceof SqlLiteral positive && !isNegative(positive);
        }
        if (value instanceof SqlIntervalLiteral interval) {
            SqlIntervalLiteral.IntervalValue parts = interval.getValueAs(SqlIntervalLiteral.IntervalValue.class);
            return parts.getSign() < 0 || parts.getIntervalLiteral().startsWith("-");
        }
        return value instanceof SqlNumericLiteral number
                && number.getValueAs(BigDecimal.class).signum() < 0;
    }

    /** After a join was validated. */
    void merge(SqlJoin join, SqlValidatorScope scope) {
        SqlNameMatcher matcher = validator.getCatalogReader().nameMatcher();
        if (join instanceof SqlAsofJoin asof) {
            checkTimes(asof, scope);
            if (AsofMatch.showsRightTime(asof)) {
                showRightTime(asof, scope, matcher);
            }
        } else if (WindowJoins.isOne(SqlValidatorUtil.alias(join.getRight()))) {
            // its columns are the query's aggregates, which the star does not show
            common.show(join, common.visible(join.getLeft()));
        } else if (join instanceof MergingJoin merging) {
            common.show(join, merging.adds() ? added(merging, scope, matcher) : united(merging, scope));
        }
    }

    /** What the aggregates of a window join read, once its names are qualified. */
    void checkAggregates(SqlSelect select) {
        boolean window = select.getWhere() instanceof SqlCall where
                && (where.getOperator().equals(WindowJoinNode.WINDOW)
                        || where.getOperator().equals(WindowJoinNode.PREVAILING_WINDOW));
        SqlNode from = select.getFrom();
        String right = window && from != null ? SqlValidatorUtil.alias(from) : null;
        if (right == null) {
            return;
        }
        select.getSelectList().accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlIdentifier name) {
                boolean qualified = name.names.size() > 1;
                if (qualified && !name.names.get(name.names.size() - 2).equalsIgnoreCase(right)) {
                    throw WindowJoins.leftColumn(name, right);
                }
                return null;
            }

            @Override
            public @Nullable Void visit(SqlCall call) {
                if (call.isA(SqlKind.QUERY)) {
                    throw TableNames.at(
                            ErrorCode.FEATURE_NOT_SUPPORTED,
                            "a subquery inside an aggregate of a WINDOW JOIN is not supported",
                            call.getParserPosition());
                }
                return super.visit(call);
            }
        });
    }

    private void checkTimes(SqlAsofJoin join, SqlValidatorScope scope) {
        SqlNode tolerance = AsofMatch.tolerance(join);
        SqlCall match = (SqlCall) AsofMatch.condition(join);
        boolean nearest = match.getOperator().equals(AsofMatch.NEAREST);
        if (tolerance == null && !nearest) {
            return;
        }
        RelDataType time = validator.deriveType(scope, match.operand(0));
        RelDataType other = validator.deriveType(scope, match.operand(1));
        boolean temporal = isTemporal(time) && isTemporal(other);
        boolean whole = isWhole(time) && isWhole(other);
        boolean clock = time.getSqlTypeName() == SqlTypeName.TIME && other.getSqlTypeName() == SqlTypeName.TIME;
        if (!temporal && !whole && !clock) {
            throw TableNames.at(
                    ErrorCode.DATATYPE_MISMATCH,
                    (nearest ? "NEAREST" : "TOLERANCE")
                            + " needs two times (TIMESTAMP, DATE or TIME) or two whole numbers, got "
                            + name(time) + " and " + name(other),
                    match.getParserPosition());
        }
        if (tolerance == null || tolerance instanceof SqlDynamicParam) {
            return;
        }
        RelDataType width = validator.deriveType(scope, tolerance);
        boolean interval = width.getSqlTypeName().getFamily() == SqlTypeFamily.INTERVAL_DAY_TIME;
        if (!isWhole(width) && !(interval && !whole)) {
            throw TableNames.at(
                    ErrorCode.DATATYPE_MISMATCH,
                    whole
                            ? "the TOLERANCE of whole numbers must be a whole number, got " + name(width)
                            : "TOLERANCE must be an INTERVAL of days or less, or a whole number of nanoseconds, got "
                                    + name(width),
                    tolerance.getParserPosition());
        }
    }

    private static String name(RelDataType type) {
        return type.getSqlTypeName() == SqlTypeName.NULL ? "NULL" : type.toString();
    }

    private static boolean isTemporal(RelDataType type) {
        return type.getSqlTypeName() == SqlTypeName.TIMESTAMP || type.getSqlTypeName() == SqlTypeName.DATE;
    }

    private static boolean isWhole(RelDataType type) {
        return SqlTypeName.INT_TYPES.contains(type.getSqlTypeName());
    }

    /** AJ0 JOIN: the left time is not shown, and the right one is what its name alone means. */
    private void showRightTime(SqlAsofJoin join, SqlValidatorScope scope, SqlNameMatcher matcher) {
        SqlIdentifier hidden = AsofConditions.time(join, true, scope, matcher);
        SqlIdentifier time = AsofConditions.time(join, false, scope, matcher);
        List<Visible> columns = common.visible(join);
        List<Visible> kept = new ArrayList<>();
        for (Visible column : columns) {
            // USING has merged the two, with the left one's reference
            boolean merged = column.common() && isSame(column.reference(), hidden);
            if (merged && time != null) {
                kept.add(new Visible(column.name(), reference(time), true));
            } else if (time != null && isSame(column.reference(), time)) {
                boolean sameName = hidden != null && last(hidden).equalsIgnoreCase(last(time));
                kept.add(new Visible(column.name(), column.reference(), sameName));
            } else if (time == null || !isSame(column.reference(), hidden)) {
                kept.add(column);
            }
        }
        common.show(join, kept);
    }

    /** UNION JOIN: the left columns, those of both sides once, then what only the right side has. */
    private List<Visible> united(MergingJoin join, SqlValidatorScope scope) {
        List<Visible> right = common.visible(join.getRight());
        List<Visible> all = new ArrayList<>();
        for (Visible column : common.visible(join.getLeft())) {
            Visible twin = take(right, column.name());
            if (twin != null) {
                requireCommonType(join, column, twin, scope);
            }
            all.add(
                    twin == null
                            ? column
                            : new Visible(
                                    column.name(),
                                    SqlStdOperatorTable.COALESCE.createCall(
                                            SqlParserPos.ZERO, column.reference(), twin.reference()),
                                    true));
        }
        all.addAll(right);
        return all;
    }

    private void requireCommonType(MergingJoin join, Visible left, Visible right, SqlValidatorScope scope) {
        RelDataType type = validator.deriveType(scope, left.reference());
        RelDataType other = validator.deriveType(scope, right.reference());
        if (validator.getTypeFactory().leastRestrictive(List.of(type, other)) == null) {
            throw TableNames.at(
                    ErrorCode.DATATYPE_MISMATCH,
                    "column '" + left.name() + "' is " + name(type) + " on the left of the UNION JOIN and "
                            + name(other) + " on the right: cast one of them in a subquery",
                    join.getParserPosition());
        }
    }

    /** PLUS JOIN: the left columns, numbers with those of the same name added, then what only the right side has. */
    private List<Visible> added(MergingJoin join, SqlValidatorScope scope, SqlNameMatcher matcher) {
        Set<String> keys = keys(join, scope, matcher);
        List<Visible> right = common.visible(join.getRight());
        List<Visible> all = new ArrayList<>();
        for (Visible column : common.visible(join.getLeft())) {
            Visible twin = take(right, column.name());
            if (twin == null) {
                all.add(column);
                continue;
            }
            boolean adds = !keys.contains(text(column.reference()))
                    && isNumber(column.reference(), scope)
                    && isNumber(twin.reference(), scope);
            all.add(new Visible(column.name(), adds ? sum(column, twin) : column.reference(), true));
        }
        all.addAll(right);
        return all;
    }

    private static SqlNode sum(Visible left, Visible right) {
        SqlParserPos none = SqlParserPos.ZERO;
        SqlNode zero = SqlLiteral.createExactNumeric("0", none);
        SqlNode addend = SqlStdOperatorTable.COALESCE.createCall(none, right.reference(), zero);
        return SqlStdOperatorTable.PLUS.createCall(none, left.reference(), addend);
    }

    /** The left columns that the join's condition makes equal to a right one. */
    private static Set<String> keys(SqlJoin join, SqlValidatorScope scope, SqlNameMatcher matcher) {
        Set<String> keys = new HashSet<>();
        SqlNode condition = join.getCondition();
        if (condition != null) {
            for (SqlNode term : AsofJoinSyntax.terms(condition)) {
                List<SqlIdentifier> columns = AsofConditions.keys(term, join, scope, matcher);
                if (columns != null) {
                    keys.add(text(columns.get(0)));
                }
            }
        }
        return keys;
    }

    private boolean isNumber(SqlNode column, SqlValidatorScope scope) {
        return SqlTypeUtil.isNumeric(validator.deriveType(scope, column));
    }

    private static @Nullable Visible take(List<Visible> columns, String name) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equalsIgnoreCase(name)) {
                return columns.remove(i);
            }
        }
        return null;
    }

    private static boolean isSame(SqlNode reference, @Nullable SqlIdentifier column) {
        return column != null && text(reference).equals(text(column));
    }

    private static SqlNode reference(SqlIdentifier column) {
        return column.clone(SqlParserPos.ZERO);
    }

    private static String last(SqlIdentifier column) {
        return column.names.get(column.names.size() - 1);
    }

    private static String text(SqlNode reference) {
        return reference instanceof SqlIdentifier name
                ? String.join(".", name.names).toLowerCase(Locale.ROOT)
                : reference.toString();
    }

    private static EngineException invalid(String message, SqlParserPos position) {
        return TableNames.at(ErrorCode.INVALID_STATEMENT, message, position);
    }
}
