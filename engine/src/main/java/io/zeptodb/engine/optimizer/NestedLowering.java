package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.scalar.NestedFunctions;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Call;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.plan.SortKey;
import io.zeptodb.engine.sql.type.Types;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

/** What makes arrays and rows, and takes them apart. */
final class NestedLowering {
    private final LoweringContext context;
    private final ExpressionLowering expressions;

    NestedLowering(LoweringContext context, ExpressionLowering expressions) {
        this.context = context;
        this.expressions = expressions;
    }

    /** A field of a ROW. */
    Expression field(RexFieldAccess access) {
        Expression row = expressions.lower(access.getReferenceExpr());
        if (row.type().kind() != TypeKind.ROW) {
            throw Unsupported.construct("field '" + access.getField().getName() + "' of a " + row.type());
        }
        ScalarFunction field =
                NestedFunctions.field(row.type(), access.getField().getIndex());
        return new Call(field, List.of(row), context.place().get());
    }

    /** An element of an ARRAY. */
    Expression item(RexCall call) {
        Expression array = expressions.lower(call.getOperands().get(0));
        if (array.type().kind() == TypeKind.ROW && call.getOperands().get(1) instanceof RexLiteral name) {
            return new Call(
                    NestedFunctions.field(array.type(), field(array.type(), name)),
                    List.of(array),
                    context.place().get());
        }
        if (array.type().kind() != TypeKind.ARRAY) {
            throw Unsupported.because(
                    "a subscript of a " + array.type(), "only an ARRAY has them; (row).field takes a field");
        }
        return function(
                "array_element",
                List.of(array, expressions.lower(call.getOperands().get(1))));
    }

    private static int field(ColumnType row, RexLiteral name) {
        String wanted = name.getValueAs(String.class);
        for (int i = 0; i < row.fields().size(); i++) {
            if (row.fields().get(i).name().equalsIgnoreCase(wanted)) {
                return i;
            }
        }
        throw Unsupported.construct("field '" + wanted + "' of a " + row);
    }

    /** ARRAY[…]: all elements in the type that Calcite found for them. */
    Expression array(RexCall call) {
        ColumnType element = Types.toEngine(call.getType()).element();
        List<Expression> elements = new ArrayList<>();
        for (RexNode operand : call.getOperands()) {
            elements.add(context.conversion().to(expressions.lower(operand), element));
        }
        return function("array", elements);
    }

    private Expression function(String name, List<Expression> arguments) {
        ScalarFunction function = context.functions()
                .scalar(name, arguments.stream().map(Expression::type).toList());
        List<Expression> converted = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            converted.add(context.conversion()
                    .to(arguments.get(i), function.parameters().get(i)));
        }
        return new Call(function, converted, context.place().get());
    }

    /** No order is defined among nested values. */
    static void refuseOrder(List<PlanColumn> columns, List<SortKey> keys) {
        for (SortKey key : keys) {
            refuseOrder(columns.get(key.column()).type());
        }
    }

    static void refuseOrder(ColumnType type) {
        if (type.kind().isNested()) {
            throw Unsupported.because(
                    "an order of values of type " + type,
                    "order by " + (type.kind() == TypeKind.ROW ? "a field" : "an element"));
        }
    }
}
