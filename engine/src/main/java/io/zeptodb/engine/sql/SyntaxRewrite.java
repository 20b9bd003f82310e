package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.Suggestion;
import io.zeptodb.engine.sql.ast.GroupsFrame;
import io.zeptodb.engine.sql.ast.OperatorSyntax;
import io.zeptodb.engine.sql.ast.PlainSelect;
import io.zeptodb.engine.sql.ast.WindowJoinNode;
import io.zeptodb.engine.sql.operator.ZeptoOperatorTable;
import io.zeptodb.engine.sql.schema.CatalogReader;
import io.zeptodb.engine.sql.schema.SystemTables;
import io.zeptodb.engine.sql.type.TypeNames;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCharStringLiteral;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.fun.SqlLibraryOperators;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.fun.SqlTrimFunction;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/**
 * Turns spellings into calls of the function registry, before names are resolved: EXTRACT becomes date_part, {@code x::type} CAST, zepto_tables()
 * a table. Works in place and keeps positions. For one statement.
 */
final class SyntaxRewrite {
    private static final Set<String> SYSTEM_FUNCTIONS = Set.of(
            SystemTables.TABLES,
            SystemTables.SEGMENTS,
            SystemTables.QUERIES,
            SystemTables.FUNCTIONS,
            SystemTables.FUNCTION_COLUMNS,
            SystemTables.COLUMNS,
            SystemTables.KEYWORDS,
            SystemTables.SETTINGS,
            SystemTables.PRIVILEGES,
            SystemTables.SESSION);

    /** Calls of Calcite's that are calls of the registry's function of another name or the same, with the same operands. */
    private static final Map<SqlKind, String> SAME_OPERANDS = Map.of(SqlKind.FLOOR, "floor", SqlKind.CEIL, "ceil");

    private static final Map<SqlOperator, String> BIT_FUNCTIONS = Map.of(
            OperatorSyntax.BIT_OR, "bitor", OperatorSyntax.BIT_NOT, "bitnot", OperatorSyntax.SHIFT_RIGHT, "shiftright");

    private static final int UNIT_AND_TWO = 3;

    private static final Pattern JDBC_FUNCTION = Pattern.compile("\\{fn\\s+(.*)}");

    private static final Set<String> NAMED =
            Set.of("SUBSTRING", "OVERLAY", "CHAR_LENGTH", "CHARACTER_LENGTH", "UPPER", "LOWER", "ABS", "MOD");

    private static final Set<String> CLOCKS =
            Set.of("CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIME");

    private final ZeptoOperatorTable operators;
    private final boolean asofKeepsUnmatched;
    private final String sql;
    private final Sampling sampling;

    SyntaxRewrite(ZeptoOperatorTable operators, Catalog catalog, boolean asofKeepsUnmatched, String sql) {
        this.sampling = new Sampling(operators, catalog);
        this.sql = sql;
        this.operators = operators;
        this.asofKeepsUnmatched = asofKeepsUnmatched;
    }

    /** The node as it is to be validated; the tree below it is changed. */
    SqlNode rewrite(SqlNode node) {
        if (node instanceof SqlNodeList list) {
            for (int i = 0; i < list.size(); i++) {
                SqlNode old = list.get(i);
                SqlNode replaced = old == null ? null : rewrite(old);
                if (replaced != old) {
                    list.set(i, replaced);
                }
            }
            return list;
        } else if (node instanceof SqlUnknownLiteral literal) {
            return temporal(literal, false);
        } else if (node instanceof SqlCharStringLiteral text) {
            return unicode(text);
        } else if (node instanceof SqlNumericLiteral number) {
            return signed(number);
        } else if (node instanceof SqlIdentifier name) {
            return clock(name);
        } else if (node instanceof SqlDataTypeSpec type) {
            return withoutLength(type);
        } else if (node instanceof SqlCall call) {
            sampling.resolve(call);
            if (call instanceof SqlSelect select) {
                WindowJoins.resolve(select, select.getOrderList(), operators);
                DistinctRows.resolve(select);
                WindowSyntax.resolve(select);
            } else if (call instanceof SqlOrderBy order && ordered(order) instanceof SqlSelect select) {
                WindowJoins.resolve(select, order.orderList, operators);
                DistinctRows.resolve(select, order.orderList);
                WindowSyntax.resolve(select, order.orderList);
                DistinctWindows.resolve(select, order.orderList);
            }
            return call(operands(call));
        }
        return node;
    }

    /** What an ORDER BY is of: the parser puts it around WITH too, not around the query behind that. */
    private static SqlNode ordered(SqlOrderBy order) {
        SqlNode query = order.query;
        while (query instanceof SqlWith with) {
            query = with.body;
        }
        return query;
    }

    private SqlCall operands(SqlCall call) {
        List<SqlNode> operands = call.getOperandList();
        for (int i = 0; i < operands.size(); i++) {
            SqlNode old = operands.get(i);
            if (old == null || (call.getKind() == SqlKind.AS && i > 0)) {
                continue;
            }
            boolean bound = old instanceof SqlUnknownLiteral && ImplicitCasts.isComparison(call);
            SqlNode replaced = bound ? temporal((SqlUnknownLiteral) old, true) : rewrite(old);
            if (replaced != old) {
                if (call instanceof SqlOrderBy order) {
                    if (i > 0) {
                        throw new IllegalStateException("a part of ORDER BY became " + replaced.getClass());
                    }
                    // it takes no operand anew
                    return operands(new SqlOrderBy(
                            order.getParserPosition(), replaced, order.orderList, order.offset, order.fetch));
                }
                call.setOperand(i, replaced);
            }
        }
        return call;
    }

    private SqlNode call(SqlCall call) {
        if (call instanceof SqlAsofJoin join) {
            if (asofKeepsUnmatched && join.getJoinType() == JoinType.ASOF) {
                join.setOperand(
                        2, JoinType.LEFT_ASOF.symbol(join.getJoinTypeNode().getParserPosition()));
            }
            return join;
        }
        if (call instanceof WindowJoinNode) {
            throw unsupported("WINDOW JOIN outside of the FROM of a SELECT", call.getParserPosition());
        }
        SqlOperator operator = call.getOperator();
        SqlParserPos position = call.getParserPosition();
        if (operator.equals(SqlLibraryOperators.INFIX_CAST)) {
            return SqlStdOperatorTable.CAST.createCall(position, call.getOperandList());
        } else if (operator.equals(OperatorSyntax.AT_TIME_ZONE)) {
            return function("timezone", position, List.of(call.operand(1), call.operand(0)));
        }
        String bits = BIT_FUNCTIONS.get(operator);
        if (bits != null) {
            return function(bits, position, call.getOperandList());
        }
        if (call instanceof SqlSelect select) {
            namedRows(select);
            GroupingSets.checkNumber(select);
            return select;
        }
        namedRow(call);
        WindowJoins.refuseSeedName(call);
        SqlNode rows = RowComparisons.of(call);
        if (rows != null) {
            return rows;
        }
        return switch (call.getKind()) {
            case DOT -> field(call);
            case OVER -> Objects.requireNonNullElse(WindowSyntax.filtered(call), call);
            case MINUS_PREFIX -> negative(call);
            case EXISTS -> overQuery(call);
            case ROLLUP, CUBE -> GroupingSets.of(call);
            case FLOOR, CEIL -> round(call);
            case EXTRACT -> extract(call);
            case TIMESTAMP_ADD, TIMESTAMP_DIFF -> timestamps(operator.getName(), call);
            case POSITION -> operators.hasFunction("position") ? position(call) : call;
            case TRIM -> trim(call);
            case INTERVAL -> interval(call);
            case PRECEDING, FOLLOWING -> offset(call);
            case COLLECTION_TABLE -> systemTable(call);
            case EXPLICIT_TABLE -> allOf(call);
            case WITHIN_GROUP -> percentile(call);
            case JDBC_FN -> escaped(JDBC_FUNCTION.matcher(operator.getName()).replaceFirst("$1"), call);
            case OTHER_FUNCTION, NULLIF -> named(call);
            default -> isNamed(operator) ? named(operator.getName(), call) : call;
        };
    }

    private static SqlNode offset(SqlCall bound) {
        GroupsFrame.checkOffset(bound.operand(0));
        return bound;
    }

    /** A row that is a value is a call of the registry's function, which names its fields. */
    private static void namedRows(SqlSelect select) {
        SqlNodeList items = select.getSelectList();
        for (int i = 0; i < items.size(); i++) {
            SqlNode item = items.get(i);
            if (item.getKind() == SqlKind.AS && ((SqlCall) item).operand(0).getKind() == SqlKind.ROW) {
                ((SqlCall) item).setOperand(0, row(((SqlCall) item).operand(0)));
            } else if (item.getKind() == SqlKind.ROW) {
                items.set(i, row((SqlCall) item));
            }
        }
    }

    /** (row).field, which names no column: what looks for columns must not see it as one. */
    private static SqlNode field(SqlCall call) {
        if (!(call.operand(1) instanceof SqlIdentifier name) || !name.isSimple()) {
            return call;
        }
        SqlNode text = SqlLiteral.createCharString(name.getSimple(), name.getParserPosition());
        return SqlStdOperatorTable.ITEM.createCall(call.getParserPosition(), call.operand(0), text);
    }

    private static SqlNode row(SqlCall row) {
        List<SqlNode> parts = row.getOperandList().stream()
                .map(part -> part.getKind() == SqlKind.ROW ? row((SqlCall) part) : part)
                .toList();
        return function("row", row.getParserPosition(), parts);
    }

    /** Rows among the arguments of a function, DISTINCT columns of a subquery's are none, and of what takes nested values apart. */
    private static void namedRow(SqlCall call) {
        boolean takesRow = call.getOperator() instanceof SqlFunction
                || call.getKind() == SqlKind.DOT
                || call.getKind() == SqlKind.ARRAY_VALUE_CONSTRUCTOR;
        if (!takesRow) {
            return;
        }
        for (int i = 0; i < call.operandCount(); i++) {
            SqlNode operand = call.operand(i);
            if (operand == null || operand.getKind() != SqlKind.ROW) {
                continue;
            }
            if (call.getFunctionQuantifier() != null) {
                throw unsupported(
                        "a row as an argument of "
                                + call.getOperator().getName().toLowerCase(Locale.ROOT)
                                + " (select the DISTINCT columns in a subquery, and aggregate those)",
                        operand.getParserPosition());
            }
            call.setOperand(i, row((SqlCall) operand));
        }
    }

    private static SqlNode overQuery(SqlCall call) {
        SqlNode operand = call.operand(0);
        if (!operand.isA(SqlKind.QUERY)) {
            throw TableNames.at(
                    ErrorCode.SYNTAX_ERROR, "EXISTS takes a query in parentheses", operand.getParserPosition());
        }
        return call;
    }

    /** -5 is a literal, so that rows of VALUES are constant and the least BIGINT can be written; -0.0 is none, for a decimal zero has no sign. */
    private static SqlNode negative(SqlCall call) {
        if (!(call.operand(0) instanceof SqlNumericLiteral number)) {
            return call;
        }
        if (isFractionalZero(number)) {
            return call;
        }
        String text = number.getValueAs(BigDecimal.class).negate().toPlainString();
        return number.isExact()
                ? SqlLiteral.createExactNumeric(text, call.getParserPosition())
                : SqlLiteral.createApproxNumeric(text, call.getParserPosition());
    }

    private static boolean isFractionalZero(SqlNumericLiteral number) {
        return !number.isInteger() && number.getValueAs(BigDecimal.class).signum() == 0;
    }

    /** The parser makes a literal of -0.0 and loses its sign. */
    private SqlNode signed(SqlNumericLiteral number) {
        SqlParserPos position = number.getParserPosition();
        boolean negative =
                isFractionalZero(number) && SqlPlaces.hasAt(sql, position.getLineNum(), position.getColumnNum(), '-');
        return negative ? SqlStdOperatorTable.UNARY_MINUS.createCall(position, number) : number;
    }

    private SqlNode named(SqlCall call) {
        SqlOperator operator = call.getOperator();
        if (operator.equals(SqlLibraryOperators.TRANSLATE3)) {
            return named("translate", call);
        }
        List<SqlNode> operands = call.getOperandList();
        if (!operands.isEmpty() && operands.get(operands.size() - 1) instanceof SqlNodeList order) {
            return orderedAggregate(call, order);
        }
        return isNamed(operator) ? named(operator.getName(), call) : call;
    }

    private boolean isNamed(SqlOperator operator) {
        return operator instanceof SqlFunction
                && !(operator instanceof SqlUnresolvedFunction)
                && NAMED.contains(operator.getName())
                && operators.hasFunction(operator.getName());
    }

    /** TIMESTAMPADD and TIMESTAMPDIFF, of the text or of {fn …}. */
    private static SqlNode timestamps(String name, SqlCall call) {
        if (call.operandCount() != UNIT_AND_TWO || !(call.operand(0) instanceof SqlIntervalQualifier unit)) {
            return call;
        }
        SqlParserPos position = call.getParserPosition();
        return name.toUpperCase(Locale.ROOT).endsWith("ADD")
                ? TimestampFunctions.add(unit, call.operand(1), call.operand(2), position)
                : TimestampFunctions.difference(unit, call.operand(1), call.operand(2), position);
    }

    /** {@code {fn …}}. */
    private SqlNode escaped(String name, SqlCall call) {
        SqlNode ofJdbc = JdbcFunctions.of(name, call.getOperandList(), call.getParserPosition());
        return ofJdbc == null ? named(name, call) : ofJdbc;
    }

    private SqlNode named(String name, SqlCall call) {
        if (call.operandCount() > 0 && call.operand(0) instanceof SqlIntervalQualifier) {
            return timestamps(name, call);
        }
        return function(name.toLowerCase(Locale.ROOT), call.getParserPosition(), call.getOperandList());
    }

    /** A call that the validator will find in the operator table by its name. */
    static SqlNode function(String name, SqlParserPos position, List<SqlNode> operands) {
        SqlIdentifier identifier = new SqlIdentifier(name, position);
        return new SqlUnresolvedFunction(identifier, null, null, null, null, SqlFunctionCategory.USER_DEFINED_FUNCTION)
                .createCall(position, operands);
    }

    /** Every text is Unicode, however it is written: E'…', U&'…', N'…' too. */
    private static SqlNode unicode(SqlCharStringLiteral text) {
        NlsString value = text.getValueAs(NlsString.class);
        return value.getCharsetName() == null
                ? text
                : SqlLiteral.createCharString(value.getValue(), text.getParserPosition());
    }

    /** @param bound whether it is compared, so that it may be a time beyond all others */
    private static SqlNode temporal(SqlUnknownLiteral literal, boolean bound) {
        SqlTypeName type = switch (literal.tag.toUpperCase(Locale.ROOT)) {
            case "DATE" -> SqlTypeName.DATE;
            case "TIME" -> SqlTypeName.TIME;
            case "TIMESTAMP", "DATETIME" -> SqlTypeName.TIMESTAMP;
            default -> SqlTypeName.UNKNOWN;
        };
        SqlParserPos position = literal.getParserPosition();
        SqlNode resolved = bound
                ? TemporalLiterals.bound(type, literal.getValue(), position)
                : TemporalLiterals.of(type, literal.getValue(), position);
        if (resolved == null) {
            throw unsupported("literals of type " + literal.tag, literal.getParserPosition());
        }
        return resolved;
    }

    /** Whether a name is one of the standard's for the time, such as CURRENT_DATE. */
    static boolean isClock(SqlIdentifier name) {
        return name.isSimple()
                && !name.getParserPosition().isQuoted()
                && CLOCKS.contains(name.getSimple().toUpperCase(Locale.ROOT));
    }

    private SqlNode clock(SqlIdentifier name) {
        if (!isClock(name) || !operators.hasFunction("now")) {
            return name;
        }
        String word = name.getSimple().toUpperCase(Locale.ROOT);
        SqlParserPos position = name.getParserPosition();
        SqlNode now = function("now", position, List.of());
        return switch (word) {
            case "CURRENT_DATE" -> cast(now, SqlTypeName.DATE, position);
            case "CURRENT_TIME", "LOCALTIME" -> cast(now, SqlTypeName.TIME, position);
            default -> now;
        };
    }

    private static SqlNode cast(SqlNode value, SqlTypeName type, SqlParserPos position) {
        SqlDataTypeSpec spec = new SqlDataTypeSpec(new SqlBasicTypeNameSpec(type, position), position);
        return SqlStdOperatorTable.CAST.createCall(position, value, spec);
    }

    /** CHAR(n) and VARCHAR(n) are VARCHAR: text has no length and no padding. Types that only Calcite knows are none. */
    private static SqlNode withoutLength(SqlDataTypeSpec type) {
        if (type.getTypeNameSpec() instanceof SqlBasicTypeNameSpec basic) {
            SqlTypeName name = SqlTypeName.get(basic.getTypeName().getSimple());
            if (name == SqlTypeName.ANY || name == SqlTypeName.VARIANT) {
                SqlParserPos position = type.getParserPosition();
                throw TypeNames.unknown(name.getName(), position.getLineNum(), position.getColumnNum());
            }
            SqlTypeName plain = name == SqlTypeName.CHAR || name == SqlTypeName.VARCHAR
                    ? SqlTypeName.VARCHAR
                    : name == SqlTypeName.BINARY || name == SqlTypeName.VARBINARY ? SqlTypeName.VARBINARY : null;
            if (plain != null) {
                return new SqlDataTypeSpec(
                                new SqlBasicTypeNameSpec(plain, type.getParserPosition()), type.getParserPosition())
                        .withNullable(type.getNullable());
            }
        }
        return type;
    }

    private SqlNode round(SqlCall call) {
        String name = SAME_OPERANDS.getOrDefault(call.getKind(), "");
        if (call.operandCount() == 1) {
            return operators.hasFunction(name) ? named(name, call) : call;
        }
        if (call.getKind() != SqlKind.FLOOR) {
            return call.operand(1) instanceof SqlIntervalQualifier unit
                    ? TimestampFunctions.ceiling(unit, call.operand(0), call.getParserPosition())
                    : call;
        }
        return unitFirst("date_trunc", call.operand(1), call.operand(0), call);
    }

    private SqlNode extract(SqlCall call) {
        return unitFirst("date_part", call.operand(0), call.operand(1), call);
    }

    private SqlNode unitFirst(String name, SqlNode unit, SqlNode value, SqlCall original) {
        if (!operators.hasFunction(name) || !(unit instanceof SqlIntervalQualifier qualifier)) {
            return original;
        }
        String word = qualifier.timeFrameName != null
                ? qualifier.timeFrameName
                : qualifier.getUnit().name();
        SqlNode text = SqlLiteral.createCharString(word.toLowerCase(Locale.ROOT), unit.getParserPosition());
        return function(name, original.getParserPosition(), List.of(text, value));
    }

    /** POSITION(a IN b): the registry's function has the operands in the order in which they are written. */
    private static SqlNode position(SqlCall call) {
        if (call.operandCount() != 2) {
            throw unsupported("POSITION(… FROM …)", call.getParserPosition());
        }
        return function("position", call.getParserPosition(), call.getOperandList());
    }

    private SqlNode trim(SqlCall call) {
        if (!(call.operand(0) instanceof SqlLiteral flag) || call.operandCount() != 3) {
            return call;
        }
        String name = switch (flag.getValueAs(SqlTrimFunction.Flag.class)) {
            case BOTH -> "trim";
            case LEADING -> "ltrim";
            case TRAILING -> "rtrim";
        };
        if (!operators.hasFunction(name)) {
            return call;
        }
        SqlNode characters = call.operand(1);
        boolean blank =
                characters instanceof SqlCharStringLiteral literal && " ".equals(literal.getValueAs(String.class));
        List<SqlNode> operands = blank ? List.of(call.operand(2)) : List.of(call.operand(2), characters);
        return function(name, call.getParserPosition(), operands);
    }

    /** INTERVAL n UNIT: a literal when n is one, else n times one unit. */
    private static SqlNode interval(SqlCall call) {
        SqlIntervalQualifier unit = call.operand(1);
        SqlNode count = call.operand(0);
        SqlParserPos position = call.getParserPosition();
        boolean weeks = unit.getUnit() == TimeUnit.WEEK || unit.getUnit() == TimeUnit.QUARTER;
        if (count instanceof SqlNumericLiteral number && !weeks) {
            return SqlLiteral.createInterval(1, number.toValue(), unit, position);
        }
        SqlNode one = SqlLiteral.createInterval(1, "1", unit, position);
        return SqlStdOperatorTable.MULTIPLY.createCall(position, one, count);
    }

    /** TABLE t is SELECT * FROM t, which Calcite takes below ORDER BY and LIMIT too. */
    private static SqlNode allOf(SqlCall table) {
        return PlainSelect.star(table.getParserPosition(), table.operand(0), null);
    }

    /** TABLE(zepto_tables()) becomes the table behind it; no other function makes rows. */
    private static SqlNode systemTable(SqlCall call) {
        if (!(call.operand(0) instanceof SqlCall function)) {
            return call;
        }
        String name = function.getOperator().getName().toLowerCase(Locale.ROOT);
        boolean known = SYSTEM_FUNCTIONS.contains(name);
        if (!known || function.operandCount() > 0) {
            throw TableNames.at(
                    ErrorCode.UNDEFINED_FUNCTION,
                    known
                            ? name + "() takes no argument"
                            : "FROM takes tables, queries, UNNEST and functions as zepto_tables(), not " + name + "(…)"
                                    + Suggestion.of(name, SYSTEM_FUNCTIONS),
                    call.getParserPosition());
        }
        List<String> names = List.of(CatalogReader.CATALOG, CatalogReader.SYSTEM, name);
        return new SqlIdentifier(names, call.getParserPosition());
    }

    /** f(x ORDER BY y) is f(x) WITHIN GROUP (ORDER BY y). */
    private static SqlNode orderedAggregate(SqlCall call, SqlNodeList order) {
        List<SqlNode> arguments =
                call.getOperandList().subList(0, call.getOperandList().size() - 1);
        SqlParserPos position = call.getParserPosition();
        SqlNode plain = call.getOperator().createCall(call.getFunctionQuantifier(), position, arguments);
        return SqlStdOperatorTable.WITHIN_GROUP.createCall(position, plain, order);
    }

    /** percentile_cont(p) WITHIN GROUP (ORDER BY x) becomes percentile_cont(x, p). */
    private SqlNode percentile(SqlCall call) {
        if (!(call.operand(0) instanceof SqlCall function) || !(call.operand(1) instanceof SqlNodeList order)) {
            return call;
        }
        String name = function.getOperator().getName().toLowerCase(Locale.ROOT);
        if (name.equals("mode") && function.operandCount() == 0 && order.size() == 1) {
            SqlNode value = order.get(0);
            boolean descending = value.getKind() == SqlKind.DESCENDING;
            return function(name, call.getParserPosition(), List.of(descending ? ((SqlCall) value).operand(0) : value));
        }
        boolean known = name.equals("percentile_cont") || name.equals("percentile_disc");
        if (!known) {
            return call;
        }
        boolean plain = order.size() == 1
                && order.get(0).getKind() != SqlKind.NULLS_FIRST
                && order.get(0).getKind() != SqlKind.NULLS_LAST;
        if (!plain || function.operandCount() != 1 || !operators.hasFunction(name)) {
            throw unsupported(name + " WITHIN GROUP with these arguments", call.getParserPosition());
        }
        SqlNode value = order.get(0);
        SqlNode fraction = function.operand(0);
        if (value.getKind() == SqlKind.DESCENDING) {
            value = ((SqlCall) value).operand(0);
            if (name.equals("percentile_disc")) {
                // of four values the discrete 0.25 is the first one from either end: no fraction says it from the other
                return function("percentile_disc_desc", call.getParserPosition(), List.of(value, fraction));
            }
            SqlNode one = SqlLiteral.createExactNumeric("1", fraction.getParserPosition());
            fraction = SqlStdOperatorTable.MINUS.createCall(fraction.getParserPosition(), one, fraction);
        }
        return function(name, call.getParserPosition(), List.of(value, fraction));
    }

    static EngineException unsupported(String what, @Nullable SqlParserPos position) {
        return new EngineException(
                ErrorCode.FEATURE_NOT_SUPPORTED,
                what + " is not supported",
                position == null ? 0 : position.getLineNum(),
                position == null ? 0 : position.getColumnNum(),
                null);
    }
}
