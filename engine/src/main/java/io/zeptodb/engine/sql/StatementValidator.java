package io.zeptodb.engine.sql;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.sql.ast.AsofJoinSyntax;
import io.zeptodb.engine.sql.ast.AsofMatch;
import io.zeptodb.engine.sql.operator.ZeptoOperatorTable;
import io.zeptodb.engine.sql.type.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.runtime.Resources;
import org.apache.calcite.sql.JoinConditionType;
import org.apache.calcite.sql.SqlAggFunction;
import org.apache.calcite.sql.SqlAsofJoin;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlSyntax;
import org.apache.calcite.sql.SqlUnresolvedFunction;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.SqlWithItem;
import org.apache.calcite.sql.fun.SqlCase;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.apache.calcite.sql.validate.AggregatingSelectScope;
import org.apache.calcite.sql.validate.SqlValidatorCatalogReader;
import org.apache.calcite.sql.validate.SqlValidatorException;
import org.apache.calcite.sql.validate.SqlValidatorImpl;
import org.apache.calcite.sql.validate.SqlValidatorNamespace;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.util.Optionality;
import org.apache.calcite.util.Static;
import org.jspecify.annotations.Nullable;

/** Calcite's validator; joins with USING and NATURAL, as-of joins among them, become joins with ON. For one statement. */
final class StatementValidator extends SqlValidatorImpl {
    /** Window functions whose further arguments count rows. */
    private static final Set<String> COUNTS = Set.of("LAG", "LEAD", "NTH_VALUE", "NTILE");

    private static final Set<SqlKind> IN_ANY_ORDER = EnumSet.of(SqlKind.COUNT, SqlKind.MIN, SqlKind.MAX);

    private static final Set<String> NOT_OF_COLUMNS = Set.of(
            Static.RESOURCE.asofConditionMustBeComparison().str(),
            Static.RESOURCE.asofMatchMustBeComparison().str());

    private static final Set<SqlKind> MATCHES = EnumSet.of(SqlKind.LIKE, SqlKind.SIMILAR);

    /** How Calcite begins to say that of a column of a set operation. */
    private static final String COLUMNS_DIFFER = "Type mismatch in column";

    private static final int NATURAL = 1;
    private static final int CONDITION_TYPE = 4;
    private static final int CONDITION = 5;
    private static final int MATCH_CONDITION = 6;

    private final CommonColumns common = new CommonColumns(this);
    private final JoinColumns joins = new JoinColumns(this, common);
    private final ComparedParameters compared = new ComparedParameters(this);
    private final OuterColumns outer = new OuterColumns();
    private final RecursiveColumns recursions = new RecursiveColumns();
    private final PlanningStop stop;
    /** Ours alone, which know the aggregates. */
    private final ZeptoOperatorTable operators;

    private boolean validating;
    private boolean mixedValues;
    private @Nullable AskedSelect asked;
    private final Set<SqlJoin> validated = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<SqlCall> inferred = Collections.newSetFromMap(new IdentityHashMap<>());

    StatementValidator(
            ZeptoOperatorTable operators,
            SqlValidatorCatalogReader catalog,
            RelDataTypeFactory typeFactory,
            Config config,
            PlanningStop stop) {
        super(operators, catalog, typeFactory, config);
        this.operators = operators;
        this.stop = stop;
    }

    @Override
    public SqlNode validate(SqlNode topNode) {
        validating = true;
        try {
            return super.validate(topNode);
        } finally {
            validating = false;
            outer.forget();
        }
    }

    /** Calcite asks for each item of the select list, and the answer takes all of them. */
    @Override
    public boolean isAggregate(SqlSelect select) {
        AskedSelect known = asked;
        if (known == null || !known.is(select)) {
            known = new AskedSelect(
                    select,
                    select.getSelectList(),
                    select.getGroup(),
                    select.getHaving(),
                    select.getQualify(),
                    super.isAggregate(select));
            asked = known;
        }
        return known.aggregate;
    }

    /** A select whether it aggregates, and what of it tells that; the validator puts other lists in their places. */
    private record AskedSelect(
            SqlSelect select,
            SqlNodeList items,
            @Nullable SqlNodeList group,
            @Nullable SqlNode having,
            @Nullable SqlNode qualify,
            boolean aggregate) {
        @SuppressWarnings("ReferenceEquality") // the very nodes: to compare lists would go over them for each item
        boolean is(SqlSelect other) {
            return select == other
                    && items == other.getSelectList()
                    && group == other.getGroup()
                    && having == other.getHaving()
                    && qualify == other.getQualify();
        }
    }

    @Override
    public SqlNode expandOrderExpr(SqlSelect select, SqlNode orderExpr) {
        boolean grouped = select.getGroup() != null || isAggregate(select);
        SqlNode named = OrderNames.ofTables(orderExpr, select, getWhereScope(select), grouped ? operators : null);
        return super.expandOrderExpr(select, named);
    }

    /** What the check of grouping looks at tells outer columns apart. */
    @Override
    public SqlNode expand(SqlNode expr, SqlValidatorScope scope) {
        SqlNode expanded = super.expand(expr, scope);
        return validating && scope instanceof AggregatingSelectScope aggregating
                ? outer.copy(expanded, aggregating, getCatalogReader().nameMatcher())
                : expanded;
    }

    /**
     * Called for every expression, so that a validation can be stopped here. Calcite casts no nested value to text; our {@code ||} takes it as its
     * text.
     */
    @Override
    public RelDataType deriveType(SqlValidatorScope scope, SqlNode expr) {
        stop.check();
        if (expr.getKind() == SqlKind.CAST || expr.getKind() == SqlKind.SAFE_CAST) {
            SqlCall cast = (SqlCall) expr;
            boolean toText = cast.operand(1) instanceof SqlDataTypeSpec spec
                    && spec.getTypeNameSpec() instanceof SqlBasicTypeNameSpec basic
                    && SqlTypeName.CHAR_TYPES.contains(
                            SqlTypeName.get(basic.getTypeName().getSimple()));
            SqlTypeName from = toText ? deriveType(scope, cast.operand(0)).getSqlTypeName() : SqlTypeName.ANY;
            if (from == SqlTypeName.ARRAY || from == SqlTypeName.ROW) {
                SqlParserPos position = cast.getParserPosition();
                SqlNode empty = SqlLiteral.createCharString("", position);
                cast.setOperand(0, SqlStdOperatorTable.CONCAT.createCall(position, cast.operand(0), empty));
            }
        }
        return super.deriveType(scope, expr);
    }

    @Override
    protected void validateValues(SqlCall node, RelDataType targetRowType, SqlValidatorScope scope) {
        int columns = ((SqlCall) node.operand(0)).operandCount();
        for (SqlNode row : node.getOperandList()) {
            int length = ((SqlCall) row).operandCount();
            if (length != columns) {
                throw TableNames.at(
                        ErrorCode.INVALID_STATEMENT,
                        "the first row of VALUES has " + columns + (columns == 1 ? " column" : " columns")
                                + ", this one " + length,
                        row.getParserPosition());
            }
        }
        try {
            super.validateValues(node, targetRowType, scope);
        } catch (CalciteContextException e) {
            EngineException mixed = MixedValues.ofValues(node, this, scope);
            throw mixed == null ? e : mixed;
        }
        for (int i = 0; i < columns && !mixedValues; i++) {
            boolean exact = false;
            boolean approximate = false;
            for (SqlNode row : node.getOperandList()) {
                RelDataType type = deriveType(scope, ((SqlCall) row).operand(i));
                exact |= SqlTypeUtil.isExactNumeric(type);
                approximate |= SqlTypeUtil.isApproximateNumeric(type);
            }
            mixedValues = exact && approximate;
        }
    }

    /** A set operation of queries whose columns have no type in common is told with both types. */
    @Override
    protected void validateNamespace(SqlValidatorNamespace namespace, RelDataType targetRowType) {
        try {
            super.validateNamespace(namespace, targetRowType);
        } catch (CalciteContextException e) {
            boolean mixes = namespace.getNode() instanceof SqlCall
                    && namespace.getNode().isA(SqlKind.SET_QUERY)
                    && reason(e).startsWith(COLUMNS_DIFFER);
            EngineException mixed = mixes ? MixedValues.ofQueries((SqlCall) namespace.getNode(), this) : null;
            throw mixed == null ? e : mixed;
        }
    }

    @Override
    public void validateWithItem(SqlWithItem item) {
        recursions.note(item);
        super.validateWithItem(item);
    }

    RecursiveColumns recursions() {
        return recursions;
    }

    /** Whether a VALUES of what was validated has integers or decimals and floating-point numbers in one column. */
    boolean hasMixedValues() {
        return mixedValues;
    }

    /** An outer column is a row of nothing to the check of grouping, which has nothing against it. */
    @Override
    public @Nullable SqlCall makeNullaryCall(SqlIdentifier id) {
        return outer.isCopy(id)
                ? SqlStdOperatorTable.ROW.createCall(id.getParserPosition())
                : super.makeNullaryCall(id);
    }

    /** A function that nobody knows is told with the types that it was given. */
    @Override
    public CalciteException handleUnresolvedFunction(
            SqlCall call,
            SqlOperator unresolved,
            List<RelDataType> argumentTypes,
            @Nullable List<String> argumentNames) {
        if (isKnown(unresolved)) {
            return super.handleUnresolvedFunction(call, unresolved, argumentTypes, argumentNames);
        }
        String types = argumentTypes.stream()
                .map(type ->
                        type.equals(unknownType) ? "?" : Types.toEngine(type).toString())
                .collect(Collectors.joining(", "));
        return newValidationError(
                call, Static.RESOURCE.validatorUnknownFunction(unresolved.getName() + "(" + types + ")"));
    }

    private boolean isKnown(SqlOperator unresolved) {
        List<SqlOperator> known = new ArrayList<>();
        getOperatorTable()
                .lookupOperatorOverloads(
                        unresolved.getNameAsId(),
                        null,
                        SqlSyntax.FUNCTION,
                        known,
                        getCatalogReader().nameMatcher());
        return !known.isEmpty();
    }

    /** The first clause that is validated when FROM is: names that USING merged are qualified here. */
    @Override
    protected void validateWhereClause(SqlSelect select) {
        common.qualifySelect(select);
        try {
            super.validateWhereClause(select);
        } catch (IllegalStateException e) {
            throw notOneColumn(select.getWhere(), e);
        }
    }

    private void inferCoalesce(RelDataType inferredType, SqlValidatorScope scope, SqlCall call) {
        if (call.operandCount() == 0) {
            throw new EngineException(
                    ErrorCode.UNDEFINED_FUNCTION,
                    "function coalesce() does not exist; it takes coalesce(a, b, …)",
                    call.getParserPosition().getLineNum(),
                    call.getParserPosition().getColumnNum(),
                    null);
        }
        RelDataType type = inferredType.equals(unknownType) ? firstKnown(call.getOperandList(), scope) : inferredType;
        for (SqlNode operand : call.getOperandList()) {
            inferUnknownTypes(operand instanceof SqlDynamicParam ? type : unknownType, scope, operand);
        }
    }

    /** Calcite asks what rows are ordered by for its type before it tells those of the question marks in it. */
    @Override
    protected void validateOrderList(SqlSelect select) {
        SqlNodeList order = select.getOrderList();
        if (order != null) {
            for (SqlNode item : order) {
                inferParametersWithin(item, getOrderScope(select));
            }
        }
        super.validateOrderList(select);
    }

    private void inferParametersWithin(SqlNode item, SqlValidatorScope scope) {
        boolean[] found = new boolean[1];
        item.accept(new SqlBasicVisitor<@Nullable Void>() {
            @Override
            public @Nullable Void visit(SqlDynamicParam parameter) {
                found[0] = true;
                return null;
            }
        });
        if (found[0]) {
            inferUnknownTypes(unknownType, scope, item);
        }
    }

    /** Calcite says so of a query that stands where a condition does. */
    private static EngineException notOneColumn(@Nullable SqlNode condition, IllegalStateException e) {
        SqlParserPos position = condition == null ? SqlParserPos.ZERO : condition.getParserPosition();
        return new EngineException(
                ErrorCode.DATATYPE_MISMATCH,
                "a query that stands for a condition gives one BOOLEAN column",
                position.getLineNum(),
                position.getColumnNum(),
                e);
    }

    @Override
    protected void validateSelect(SqlSelect select, RelDataType targetRowType) {
        super.validateSelect(select, targetRowType);
        joins.checkAggregates(select);
    }

    /** Called with each error that is found: one of values without a type in common is told with their types. */
    @Override
    public CalciteContextException newValidationError(SqlNode node, Resources.ExInst<SqlValidatorException> error) {
        EngineException mixed = MixedValues.ofResults(node, error.str(), this);
        if (mixed != null) {
            throw mixed;
        }
        return super.newValidationError(node, error);
    }

    @Override
    protected void validateJoin(SqlJoin join, SqlValidatorScope scope) {
        if (!validated.add(join)) {
            return;
        }
        SqlValidatorScope joinScope = getJoinScope(join);
        validateFrom(join.getLeft(), unknownType, joinScope);
        validateFrom(join.getRight(), unknownType, joinScope);
        if (join.getConditionType() == JoinConditionType.USING) {
            turnIntoOn(join, ((SqlNodeList) join.getOperandList().get(CONDITION)).getList());
        } else if (join.isNatural() && join.getCondition() == null) {
            SqlParserPos position = join.isNaturalNode().getParserPosition();
            turnIntoOn(
                    join,
                    common.natural(join).stream()
                            .<SqlNode>map(name -> new SqlIdentifier(name, position))
                            .toList());
        } else {
            common.qualifyCondition(join);
        }
        joins.prepare(join);
        try {
            super.validateJoin(join, scope);
        } catch (IllegalStateException e) {
            throw notOneColumn(join.getCondition(), e);
        } catch (CalciteContextException e) {
            // its last check, of bare columns: both conditions are validated by then
            boolean ofColumns = join instanceof SqlAsofJoin && NOT_OF_COLUMNS.contains(reason(e));
            if (!ofColumns
                    || !AsofConditions.hold(
                            (SqlAsofJoin) join, joinScope, getCatalogReader().nameMatcher())) {
                throw e;
            }
        }
        if (join instanceof SqlAsofJoin asof) {
            AsofConditions.checkTimes(asof, operand -> deriveType(joinScope, operand));
        }
        joins.merge(join, joinScope);
    }

    private static String reason(CalciteContextException e) {
        Throwable cause = e.getCause();
        return String.valueOf(cause == null ? e.getMessage() : cause.getMessage());
    }

    /**
     * Question marks among the operands of COALESCE and the results of CASE take the type of the others, those put together are texts;
     * for those of arithmetic see {@link ArithmeticParameters}.
     */
    @Override
    protected void inferUnknownTypes(RelDataType inferredType, SqlValidatorScope scope, SqlNode node) {
        if (node instanceof SqlCall call
                && call.getOperator() instanceof SqlUnresolvedFunction function
                && !isKnown(function)) {
            // before the question marks in it are what is wrong
            deriveType(scope, call);
        }
        if (node instanceof SqlCase choice && inferredType.equals(unknownType)) {
            List<@Nullable SqlNode> results =
                    new ArrayList<>(choice.getThenOperands().getList());
            results.add(choice.getElseOperand());
            super.inferUnknownTypes(firstKnown(results, scope), scope, node);
        } else if (node instanceof SqlCall call && call.getOperator().getName().equalsIgnoreCase("COALESCE")) {
            inferCoalesce(inferredType, scope, call);
        } else if (node instanceof SqlCall call && isCounting(call)) {
            inferCounts(call, scope);
        } else if (node instanceof SqlCall call && ArithmeticParameters.isOneOf(call)) {
            inferArithmetic(scope, call, SqlTypeUtil.isDatetime(inferredType) ? inferredType : null);
        } else if (node instanceof SqlCall call
                && call.getKind() == SqlKind.ITEM
                && call.operand(1) instanceof SqlDynamicParam) {
            inferUnknownTypes(unknownType, scope, call.operand(0));
            inferUnknownTypes(typeFactory.createSqlType(SqlTypeName.INTEGER), scope, call.operand(1));
        } else if (node instanceof SqlCall call
                && (call.getKind() == SqlKind.PRECEDING || call.getKind() == SqlKind.FOLLOWING)) {
            inferOperands(call, typeFactory.createSqlType(SqlTypeName.BIGINT), scope);
        } else if (node instanceof SqlCall call && compared.infer(call, scope)) {
            return;
        } else if (node instanceof SqlCall call && MATCHES.contains(call.getKind())) {
            inferOperands(call, typeFactory.createSqlType(SqlTypeName.VARCHAR), scope);
        } else if (node instanceof SqlCall call && call.getOperator().getName().equals("||")) {
            boolean bytes = SqlTypeUtil.isBinary(firstKnown(call.getOperandList(), scope));
            RelDataType type = typeFactory.createSqlType(bytes ? SqlTypeName.VARBINARY : SqlTypeName.VARCHAR);
            inferOperands(call, type, scope);
        } else {
            if (node instanceof SqlCall call && !call.isA(SqlKind.QUERY)) {
                call.getOperandList().forEach(operand -> inferWithin(operand, scope, timeBeside(call, operand, scope)));
            }
            super.inferUnknownTypes(inferredType, scope, node);
        }
    }

    /** A question mark may be asked for its type before what is around it tells that: Calcite fails there. */
    @Override
    public RelDataType getValidatedNodeType(SqlNode node) {
        boolean untold = node instanceof SqlDynamicParam && getValidatedNodeTypeIfKnown(node) == null;
        return untold ? unknownType : super.getValidatedNodeType(node);
    }

    /** The type of a question mark of a statement that is validated. @throws CalciteContextException when nothing has told it */
    RelDataType typeOf(SqlDynamicParam parameter) {
        RelDataType type = getValidatedNodeTypeIfKnown(parameter);
        if (type == null || type.equals(unknownType)) {
            throw newValidationError(parameter, Static.RESOURCE.dynamicParamIllegal());
        }
        return type;
    }

    private void inferOperands(SqlCall call, RelDataType type, SqlValidatorScope scope) {
        for (SqlNode operand : call.getOperandList()) {
            inferUnknownTypes(operand instanceof SqlDynamicParam ? type : unknownType, scope, operand);
        }
    }

    /**
     * Calcite asks operands for their types before it tells those of the question marks in them.
     *
     * @param time what the node is compared with, if that is a time
     */
    private void inferWithin(@Nullable SqlNode node, SqlValidatorScope scope, @Nullable RelDataType time) {
        if (!(node instanceof SqlCall call) || call.isA(SqlKind.QUERY) || !inferred.add(call)) {
            return;
        }
        call.getOperandList().forEach(operand -> inferWithin(operand, scope, timeBeside(call, operand, scope)));
        if (ArithmeticParameters.isOneOf(call)) {
            inferArithmetic(scope, call, time);
        } else if (call.getOperator().getName().equals("||") || isKnownComparison(call)) {
            inferUnknownTypes(unknownType, scope, call);
        }
    }

    /** Whether a question mark is compared with something else than question marks. */
    private static boolean isKnownComparison(SqlCall call) {
        List<SqlNode> operands = call.getOperandList();
        return ImplicitCasts.isComparison(call)
                && operands.stream().anyMatch(SqlDynamicParam.class::isInstance)
                && !operands.stream().allMatch(SqlDynamicParam.class::isInstance);
    }

    /** The type of a column or literal that the operand is compared with, when it is a time. */
    private @Nullable RelDataType timeBeside(SqlCall call, @Nullable SqlNode operand, SqlValidatorScope scope) {
        if (!(operand instanceof SqlCall) || !ImplicitCasts.isComparison(call)) {
            return null;
        }
        for (SqlNode other : call.getOperandList()) {
            if (other instanceof SqlIdentifier || other instanceof SqlLiteral) {
                RelDataType type = deriveType(scope, other);
                if (SqlTypeUtil.isDatetime(type)) {
                    return type;
                }
            }
        }
        return null;
    }

    private static boolean isCounting(SqlCall call) {
        return COUNTS.contains(call.getOperator().getName());
    }

    /** LAG(value, count, default), NTH_VALUE(value, count), NTILE(count). */
    private void inferCounts(SqlCall call, SqlValidatorScope scope) {
        RelDataType count = typeFactory.createSqlType(SqlTypeName.INTEGER);
        int countAt = call.operandCount() == 1 && call.getOperator().getName().equals("NTILE") ? 0 : 1;
        for (int i = 0; i < call.operandCount(); i++) {
            SqlNode operand = call.operand(i);
            boolean isParameter = operand instanceof SqlDynamicParam;
            RelDataType other = isParameter && i > countAt ? firstKnown(call.getOperandList(), scope) : unknownType;
            inferUnknownTypes(isParameter && i == countAt ? count : other, scope, operand);
        }
    }

    /** The operand that is none first, so that its own question marks are known when it is asked for its type. */
    private void inferArithmetic(SqlValidatorScope scope, SqlCall call, @Nullable RelDataType time) {
        int parameter = call.operand(0) instanceof SqlDynamicParam ? 0 : 1;
        SqlNode other = call.operand(1 - parameter);
        inferUnknownTypes(unknownType, scope, other);
        RelDataType type =
                ArithmeticParameters.typeBeside(call, parameter, deriveType(scope, other), time, typeFactory);
        inferUnknownTypes(type, scope, call.operand(parameter));
    }

    /** ORDER BY inside of count, min and max, which cannot change them: it is validated, and nothing more. */
    @Override
    public void validateAggregateParams(
            SqlCall call,
            @Nullable SqlNode filter,
            @Nullable SqlNodeList distinct,
            @Nullable SqlNodeList order,
            SqlValidatorScope scope) {
        boolean orderIsIdle = order != null
                && call.getOperator() instanceof SqlAggFunction function
                && function.requiresGroupOrder() == Optionality.FORBIDDEN
                && IN_ANY_ORDER.contains(function.getKind());
        if (orderIsIdle) {
            // there it may hold whatever ORDER BY may
            super.validateAggregateParams(call, filter, order, null, scope);
        } else {
            super.validateAggregateParams(call, filter, distinct, order, scope);
        }
    }

    /** The type, nullable, of the first of the nodes that is no question mark and has one; unknown when there is none. */
    RelDataType firstKnown(List<? extends @Nullable SqlNode> nodes, SqlValidatorScope scope) {
        for (SqlNode node : nodes) {
            if (node != null && !(node instanceof SqlDynamicParam) && !SqlUtil.isNullLiteral(node, false)) {
                inferWithin(node, scope, null);
                RelDataType type = deriveType(scope, node);
                if (!type.equals(unknownType)) {
                    return typeFactory.createTypeWithNullability(type, true);
                }
            }
        }
        return unknownType;
    }

    private void turnIntoOn(SqlJoin join, List<SqlNode> columns) {
        boolean asof = AsofJoinSyntax.isAsof(join.getJoinTypeNode());
        SqlNode condition = SqlLiteral.createBoolean(true, SqlParserPos.ZERO);
        List<String> names = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            SqlIdentifier column = (SqlIdentifier) columns.get(i);
            SqlParserPos position = column.getParserPosition();
            SqlNode left = common.side(join.getLeft(), column, "left");
            SqlNode right = common.side(join.getRight(), column, "right");
            if (asof && i == columns.size() - 1) {
                SqlNode match = SqlStdOperatorTable.GREATER_THAN_OR_EQUAL.createCall(position, left, right);
                join.setOperand(MATCH_CONDITION, AsofMatch.with((SqlAsofJoin) join, match));
            } else {
                SqlNode equal = SqlStdOperatorTable.EQUALS.createCall(position, left, right);
                condition = i == 0 ? equal : SqlStdOperatorTable.AND.createCall(position, condition, equal);
            }
            names.add(column.getSimple());
        }
        join.setOperand(NATURAL, SqlLiteral.createBoolean(false, SqlParserPos.ZERO));
        join.setOperand(CONDITION_TYPE, JoinConditionType.ON.symbol(SqlParserPos.ZERO));
        join.setOperand(CONDITION, condition);
        common.merge(join, names);
    }
}
