package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.function.Casts;
import io.zeptodb.engine.function.FunctionContext;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.TextPlace;
import io.zeptodb.engine.plan.UnfitNumber;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From expressions to running nodes. One for each operator: nodes belong to whoever asked for them. */
public final class ExpressionCompiler {
    private final @Nullable Object[] parameters;
    private final FunctionContext context;
    private final MemoryBudget budget;

    /** @param parameters values of the parameters in the representation of {@link Expression.Literal} */
    public ExpressionCompiler(@Nullable Object[] parameters, FunctionContext context) {
        this.parameters = parameters;
        this.context = context;
        this.budget = context.budget();
    }

    /** The node of an expression; the caller closes it. */
    public ExpressionNode compile(Expression expression) {
        int symbol = SymbolConditions.columnOf(expression);
        if (symbol >= 0) {
            return new SymbolPredicateNode(symbol, compilePlain(expression), budget);
        }
        return compilePlain(expression);
    }

    private ExpressionNode compilePlain(Expression expression) {
        if (expression instanceof Expression.Column column) {
            return new ColumnNode(column.index(), column.type());
        }
        if (expression instanceof Expression.Literal literal) {
            return new ConstantNode(literal.value(), literal.type(), budget);
        }
        if (expression instanceof Expression.Parameter parameter) {
            return new ConstantNode(parameter.valueIn(parameters), parameter.type(), budget);
        }
        if (expression instanceof Expression.Call call) {
            return call(call);
        }
        if (expression instanceof Expression.Cast cast) {
            return cast(compile(cast.input()), cast);
        }
        if (expression instanceof Expression.Case choice) {
            return new CaseNode(all(choice.conditions()), results(choice), choice.type(), budget);
        }
        if (expression instanceof Expression.Coalesce coalesce) {
            ExpressionNode[] arguments = all(coalesce.arguments());
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = fit(arguments[i], coalesce.type());
            }
            return new CoalesceNode(arguments, coalesce.type(), budget);
        }
        if (expression instanceof Expression.NullIf nullIf) {
            return nullIf(nullIf);
        }
        return condition(expression);
    }

    private ExpressionNode nullIf(Expression.NullIf nullIf) {
        ExpressionNode input = compile(nullIf.input());
        HeldNode held = new HeldNode(input.type());
        ExpressionNode left = cast(held, new Expression.Cast(nullIf.input(), nullIf.common(), false));
        ExpressionNode right = fit(compile(nullIf.other()), nullIf.common());
        if (left.type().kind() == TypeKind.NULL) {
            left.close();
            right.close();
            return input;
        }
        return new NullIfNode(input, held, compare(left, Comparator.EQUAL, right), budget);
    }

    private ExpressionNode condition(Expression expression) {
        if (expression instanceof Expression.Comparison comparison) {
            return comparison(comparison);
        }
        if (expression instanceof Expression.And and) {
            return new ConnectiveNode(all(and.terms()), false, budget);
        }
        if (expression instanceof Expression.Or or) {
            return new ConnectiveNode(all(or.terms()), true, budget);
        }
        if (expression instanceof Expression.Not not) {
            Expression pushed = Negation.of(not.input());
            return pushed == null ? new NotNode(compile(not.input()), budget) : compile(pushed);
        }
        if (expression instanceof Expression.IsNull isNull) {
            return new IsNullNode(compile(isNull.input()), isNull.negated(), budget);
        }
        if (expression instanceof Expression.IsTruth truth) {
            Expression asked = truth.truth() ? truth.input() : new Expression.Not(truth.input());
            return new TruthNode(compile(asked), truth.negated(), budget);
        }
        if (expression instanceof Expression.InList list) {
            List<@Nullable Object> values = list.values().stream()
                    .<@Nullable Object>map(Expression.Literal::value)
                    .toList();
            return new InListNode(compile(list.input()), values, list.negated(), budget);
        }
        throw new EngineException(
                ErrorCode.FEATURE_NOT_SUPPORTED,
                "no evaluation for an expression of kind "
                        + expression.getClass().getSimpleName());
    }

    /** The number of a parameter, cast or not, whose type does not hold it; null when the expression is anything else. */
    private @Nullable BigDecimal unfit(Expression expression) {
        if (expression instanceof Expression.Cast cast
                && !cast.lenient()
                && ExactBound.takes(cast.type().kind())) {
            return unfit(cast.input());
        }
        UnfitNumber unfit = given(expression);
        return unfit == null || unfit.isHeld() ? null : unfit.number();
    }

    private @Nullable UnfitNumber given(Expression expression) {
        return expression instanceof Expression.Parameter parameter ? parameter.unfitIn(parameters) : null;
    }

    private ExpressionNode[] all(List<Expression> expressions) {
        ExpressionNode[] nodes = new ExpressionNode[expressions.size()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = compile(expressions.get(i));
        }
        return nodes;
    }

    private ExpressionNode[] results(Expression.Case choice) {
        ExpressionNode[] nodes = new ExpressionNode[choice.results().size() + 1];
        for (int i = 0; i < nodes.length - 1; i++) {
            nodes[i] = fit(compile(choice.results().get(i)), choice.type());
        }
        nodes[nodes.length - 1] = fit(compile(choice.otherwise()), choice.type());
        return nodes;
    }

    private ExpressionNode call(Expression.Call call) {
        ScalarFunction function = call.function();
        for (Expression expression : call.arguments()) {
            Expression argument = expression;
            while (argument instanceof Expression.Cast cast && !cast.lenient()) {
                argument = cast.input();
            }
            UnfitNumber unfit = given(argument);
            if (unfit != null) {
                throw TextPlace.add(call.place(), unfit.refusal());
            }
        }
        ExpressionNode[] arguments = all(call.arguments());
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = fit(arguments[i], function.parameters().get(i));
        }
        return new CallNode(function, arguments, context, call.place());
    }

    /** The plan has exact types but for NULL, and for SYMBOL where any text does. */
    private ExpressionNode fit(ExpressionNode node, ColumnType type) {
        TypeKind kind = node.type().kind();
        if (kind == TypeKind.NULL && type.kind() != TypeKind.NULL) {
            node.close();
            return new ConstantNode(null, type, budget);
        }
        return kind == TypeKind.SYMBOL && type.kind() == TypeKind.VARCHAR ? new SymbolTextNode(node, budget) : node;
    }

    private ExpressionNode cast(ExpressionNode input, Expression.Cast cast) {
        ColumnType type = cast.type();
        ExpressionNode node = fit(input, type);
        ColumnType from = node.type();
        if (from.equals(type)) {
            return node;
        }
        if (from.kind() == TypeKind.SYMBOL) {
            return cast(new SymbolTextNode(node, budget), cast);
        }
        if (type.kind() == TypeKind.SYMBOL) {
            Expression.Cast text = new Expression.Cast(cast.input(), ColumnType.VARCHAR, cast.lenient(), cast.place());
            return new SymbolMakeNode(cast(node, text), budget);
        }
        return convert(node, cast);
    }

    private ExpressionNode convert(ExpressionNode node, Expression.Cast cast) {
        ScalarFunction function = Casts.find(node.type(), cast.type(), cast.lenient());
        if (function == null) {
            ColumnType from = node.type();
            node.close();
            throw TextPlace.add(
                    cast.place(),
                    new EngineException(ErrorCode.DATATYPE_MISMATCH, "cannot cast " + from + " to " + cast.type()));
        }
        return new CallNode(function, new ExpressionNode[] {node}, context, cast.place());
    }

    private ExpressionNode comparison(Expression.Comparison comparison) {
        BigDecimal number = unfit(comparison.right());
        if (number != null && ExactBound.takes(comparison.left().type().kind())) {
            return compare(compile(comparison.left()), comparison.operator(), number);
        }
        number = unfit(comparison.left());
        if (number != null && ExactBound.takes(comparison.right().type().kind())) {
            return compare(compile(comparison.right()), comparison.operator().mirrored(), number);
        }
        return comparisonOfValues(comparison);
    }

    private ExpressionNode compare(ExpressionNode value, Comparator operator, BigDecimal number) {
        boolean isOther = operator == Comparator.DISTINCT;
        Comparator asked = isOther || operator == Comparator.NOT_DISTINCT ? Comparator.EQUAL : operator;
        ExactBound bound = ExactBound.of(value.type(), asked, number);
        ExpressionNode constant = new ConstantNode(bound.value(), value.type(), budget);
        PredicateNode node = compare(value, bound.operator(), constant);
        return asked == operator ? node : new TruthNode(node, isOther, budget);
    }

    private ExpressionNode comparisonOfValues(Expression.Comparison comparison) {
        ExpressionNode left = compile(comparison.left());
        ExpressionNode right = compile(comparison.right());
        Comparator operator = comparison.operator();
        if (left.isConstant() && !right.isConstant()) {
            ExpressionNode swapped = left;
            left = right;
            right = swapped;
            operator = operator.mirrored();
        }
        boolean distinct = operator == Comparator.DISTINCT || operator == Comparator.NOT_DISTINCT;
        left = fit(left, left.type().kind() == TypeKind.NULL ? right.type() : left.type());
        right = fit(right, right.type().kind() == TypeKind.NULL ? left.type() : right.type());
        if (left.type().kind() == TypeKind.NULL) {
            left.close();
            right.close();
            return new ConstantNode(distinct ? operator == Comparator.NOT_DISTINCT : null, ColumnType.BOOLEAN, budget);
        }
        if (distinct) {
            return new DistinctNode(
                    compare(left, Comparator.EQUAL, right), operator == Comparator.NOT_DISTINCT, budget);
        }
        return compare(left, operator, right);
    }

    private PredicateNode compare(ExpressionNode left, Comparator operator, ExpressionNode right) {
        TypeKind leftKind = left.type().kind();
        TypeKind rightKind = right.type().kind();
        if (leftKind == TypeKind.SYMBOL || rightKind == TypeKind.SYMBOL) {
            return compareSymbols(left, operator, right);
        }
        if (leftKind.isView() && rightKind.isView()) {
            return new TextComparisonNode(left, operator, right, budget);
        }
        if (leftKind == TypeKind.DECIMAL && rightKind == TypeKind.DECIMAL) {
            return new DecimalComparisonNode(left, operator, right, budget);
        }
        if (leftKind.isFloat() != rightKind.isFloat() || !OrderKeys.has(leftKind) || !OrderKeys.has(rightKind)) {
            throw new EngineException(
                    ErrorCode.DATATYPE_MISMATCH, "cannot compare " + left.type() + " with " + right.type());
        }
        if (right.isConstant() && RangeComparisonNode.takes(leftKind) && RangeComparisonNode.takes(rightKind)) {
            return new RangeComparisonNode(left, operator, right, budget);
        }
        return new KeyComparisonNode(left, operator, right, budget);
    }

    private PredicateNode compareSymbols(ExpressionNode left, Comparator operator, ExpressionNode right) {
        boolean equality = operator == Comparator.EQUAL || operator == Comparator.NOT_EQUAL;
        boolean leftIsSymbol = left.type().kind() == TypeKind.SYMBOL;
        if (equality
                && leftIsSymbol
                && right.isConstant()
                && right.type().kind().isText()) {
            return new SymbolConstantNode(left, right, operator == Comparator.NOT_EQUAL, budget);
        }
        if (equality && leftIsSymbol && right.type().kind() == TypeKind.SYMBOL) {
            return new SymbolPairNode(left, operator, right, budget);
        }
        return new TextComparisonNode(fit(left, ColumnType.VARCHAR), operator, fit(right, ColumnType.VARCHAR), budget);
    }
}
