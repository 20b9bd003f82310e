package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.And;
import io.zeptodb.engine.plan.Expression.Case;
import io.zeptodb.engine.plan.Expression.Cast;
import io.zeptodb.engine.plan.Expression.Coalesce;
import io.zeptodb.engine.plan.Expression.Column;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.Expression.IsNull;
import io.zeptodb.engine.plan.Expression.IsTruth;
import io.zeptodb.engine.plan.Expression.Literal;
import io.zeptodb.engine.plan.Expression.Not;
import io.zeptodb.engine.plan.Expression.NullIf;
import io.zeptodb.engine.plan.Expression.Parameter;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.plan.TextPlace;
import io.zeptodb.engine.sql.type.Types;
import io.zeptodb.engine.sql.type.ZeptoTypeFactory;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexSubQuery;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;

/**
 * Turns Calcite's row expressions over given input columns into the plan's. Types come from below: a column has the type that the input has (SYMBOL
 * where Calcite says VARCHAR), a function the one that its overload says; casts are put where sides must agree.
 */
final class ExpressionLowering {
    /** Takes apart what Calcite has put together of an IN list. */
    private static final RexBuilder BUILDER = new RexBuilder(new ZeptoTypeFactory());

    private final LoweringContext context;
    private final List<PlanColumn> input;
    private final FunctionLowering functions;
    private final NestedLowering nested;

    ExpressionLowering(LoweringContext context, List<PlanColumn> input) {
        this.context = context;
        this.input = input;
        this.functions = new FunctionLowering(context, this);
        this.nested = new NestedLowering(context, this);
    }

    List<Expression> lowerAll(List<? extends RexNode> nodes) {
        List<Expression> expressions = new ArrayList<>(nodes.size());
        for (RexNode node : nodes) {
            expressions.add(lower(node));
        }
        return expressions;
    }

    Expression lower(RexNode node) {
        if (node instanceof RexInputRef reference) {
            int index = reference.getIndex();
            return new Column(index, input.get(index).type());
        } else if (node instanceof RexLiteral literal) {
            return Literals.of(literal);
        } else if (node instanceof RexDynamicParam parameter) {
            return new Parameter(parameter.getIndex(), Types.toEngine(parameter.getType()));
        } else if (node instanceof RexFieldAccess access
                && access.getReferenceExpr() instanceof RexCorrelVariable variable) {
            return context.variables().field(variable.id, access.getField().getIndex());
        } else if (node instanceof RexFieldAccess access) {
            return context.folding().fold(nested.field(access));
        } else if (node instanceof RexOver over) {
            throw Unsupported.construct(
                    "window function " + over.getAggOperator().getName() + " in this place");
        } else if (node instanceof RexSubQuery) {
            throw Unsupported.construct("a subquery in this place");
        } else if (node instanceof RexCall call) {
            return placed(call);
        }
        throw Unsupported.construct("expression " + node);
    }

    private Expression placed(RexCall call) {
        CurrentPlace place = context.place();
        TextPlace around = place.enter(call.getParserPosition());
        try {
            return context.folding().fold(call(call));
        } catch (EngineException e) {
            throw TextPlace.add(place.get(), e);
        } finally {
            place.leave(around);
        }
    }

    private Expression call(RexCall call) {
        List<RexNode> operands = call.getOperands();
        return switch (call.getKind()) {
            case CAST, SAFE_CAST -> cast(call, call.getKind() == SqlKind.SAFE_CAST);
            case EQUALS -> compare(Comparator.EQUAL, operands);
            case NOT_EQUALS -> compare(Comparator.NOT_EQUAL, operands);
            case LESS_THAN -> compare(Comparator.LESS, operands);
            case LESS_THAN_OR_EQUAL -> compare(Comparator.LESS_OR_EQUAL, operands);
            case GREATER_THAN -> compare(Comparator.GREATER, operands);
            case GREATER_THAN_OR_EQUAL -> compare(Comparator.GREATER_OR_EQUAL, operands);
            case IS_DISTINCT_FROM -> compare(Comparator.DISTINCT, operands);
            case IS_NOT_DISTINCT_FROM -> compare(Comparator.NOT_DISTINCT, operands);
            case AND -> new And(conditions(operands));
            case OR -> Disjunction.of(conditions(operands));
            case NOT -> new Not(condition(operands.get(0)));
            case IS_NULL, IS_UNKNOWN -> new IsNull(lower(operands.get(0)), false);
            case IS_NOT_NULL -> new IsNull(lower(operands.get(0)), true);
            case IS_TRUE -> new IsTruth(condition(operands.get(0)), true, false);
            case IS_NOT_TRUE -> new IsTruth(condition(operands.get(0)), true, true);
            case IS_FALSE -> new IsTruth(condition(operands.get(0)), false, false);
            case IS_NOT_FALSE -> new IsTruth(condition(operands.get(0)), false, true);
            case CASE -> choice(call);
            case COALESCE -> coalesce(call);
            case SEARCH -> lower(RexUtil.expandSearch(BUILDER, null, call));
            case NULLIF -> nullIf(lower(operands.get(0)), lower(operands.get(1)));
            case ITEM -> nested.item(call);
            case ARRAY_VALUE_CONSTRUCTOR -> nested.array(call);
            default -> functions.call(call);
        };
    }

    /** A BOOLEAN expression. */
    Expression condition(RexNode node) {
        return context.conversion().to(lower(node), ColumnType.BOOLEAN);
    }

    private List<Expression> conditions(List<RexNode> nodes) {
        return nodes.stream().map(this::condition).toList();
    }

    private Expression compare(Comparator operator, List<RexNode> operands) {
        RexNode left = operands.get(0);
        RexNode right = operands.get(1);
        if (right instanceof RexLiteral literal && Literals.beyond(literal) != 0) {
            return beyond(operator, left, Literals.beyond(literal));
        } else if (left instanceof RexLiteral literal && Literals.beyond(literal) != 0) {
            return beyond(operator.mirrored(), right, Literals.beyond(literal));
        }
        return context.conversion().compare(operator, lower(left), lower(right));
    }

    /** Compares with a TIMESTAMP that no value reaches: every value is on one side of it, NULL is NULL. */
    private Expression beyond(Comparator operator, RexNode value, int side) {
        boolean holds = switch (operator) {
            case NOT_EQUAL, DISTINCT -> true;
            case EQUAL, NOT_DISTINCT -> false;
            case LESS, LESS_OR_EQUAL -> side > 0;
            case GREATER, GREATER_OR_EQUAL -> side < 0;
        };
        if (operator == Comparator.DISTINCT || operator == Comparator.NOT_DISTINCT) {
            return holds ? Folding.TRUE : Folding.FALSE;
        }
        Literal least = new Literal(Long.MIN_VALUE, ColumnType.TIMESTAMP_NS);
        return context.conversion().compare(holds ? Comparator.GREATER_OR_EQUAL : Comparator.LESS, lower(value), least);
    }

    private Expression cast(RexCall call, boolean lenient) {
        Expression operand = lower(call.getOperands().get(0));
        ColumnType type = Types.toEngine(call.getType());
        if (type.kind() == TypeKind.NULL || operand.type().equals(type)) {
            return operand;
        }
        boolean symbolAsText = operand.type().kind() == TypeKind.SYMBOL && type.kind() == TypeKind.VARCHAR;
        if (symbolAsText) {
            // to Calcite it is a VARCHAR already: a cast to the same type is one that the user wrote, others say
            // something of NULL only
            boolean written = call.getType().equals(call.getOperands().get(0).getType());
            return written
                    ? context.folding()
                            .fold(new Cast(
                                    operand, type, lenient, context.place().get()))
                    : operand;
        }
        return lenient
                ? new Cast(operand, type, true, context.place().get())
                : context.conversion().to(operand, type);
    }

    private Expression choice(RexCall call) {
        List<RexNode> operands = call.getOperands();
        ColumnType type = Types.toEngine(call.getType());
        List<Expression> conditions = new ArrayList<>();
        List<Expression> results = new ArrayList<>();
        for (int i = 0; i + 1 < operands.size(); i += 2) {
            conditions.add(condition(operands.get(i)));
            results.add(lower(operands.get(i + 1)));
        }
        results.add(lower(operands.get(operands.size() - 1)));
        List<Expression> converted = unified(results, type);
        int last = converted.size() - 1;
        return new Case(
                conditions,
                converted.subList(0, last),
                converted.get(last),
                converted.get(last).type());
    }

    private Expression coalesce(RexCall call) {
        List<Expression> arguments = unified(lowerAll(call.getOperands()), Types.toEngine(call.getType()));
        return new Coalesce(arguments, arguments.get(0).type());
    }

    /** The result has the first operand's type, whatever it is compared as. */
    private Expression nullIf(Expression value, Expression other) {
        Conversion conversion = context.conversion();
        if (Folding.isNull(value)) {
            return value;
        }
        Expression input = value.type().kind() == TypeKind.SYMBOL ? conversion.to(value, ColumnType.VARCHAR) : value;
        ColumnType common = conversion.meeting(input, other);
        return new NullIf(input, conversion.to(other, common), common);
    }

    /** Alternatives in one type: the one that Calcite found, or the common one where the plan's types differ from Calcite's. */
    private List<Expression> unified(List<Expression> alternatives, ColumnType calciteType) {
        ColumnType type = calciteType.kind() == TypeKind.NULL
                ? Conversion.common(alternatives.stream().map(Expression::type).toList())
                : calciteType;
        ColumnType plain = type.kind() == TypeKind.SYMBOL ? ColumnType.VARCHAR : type;
        return alternatives.stream()
                .map(each -> context.conversion().to(each, plain))
                .toList();
    }
}
