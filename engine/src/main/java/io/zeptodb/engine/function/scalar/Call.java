package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.function.NullRule;
import io.zeptodb.engine.function.ScalarFunction;
import io.zeptodb.engine.function.ScalarKernel;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A function's name with the types of its arguments, to be matched with overloads: the methods give a function when the arguments fit
 * the parameters, else null, so that overloads are tried one after the other.
 *
 * @param name of the function
 * @param types of the arguments
 */
record Call(String name, List<ColumnType> types) {
    int count() {
        return types.size();
    }

    ColumnType type(int argument) {
        return types.get(argument);
    }

    TypeKind kind(int argument) {
        return types.get(argument).kind();
    }

    boolean isNull(int argument) {
        return kind(argument) == TypeKind.NULL;
    }

    /** A strict function that gives a result for every argument. */
    @Nullable
    ScalarFunction total(ColumnType result, ScalarKernel kernel, ColumnType... parameters) {
        return function(result, NullRule.STRICT, false, kernel, parameters);
    }

    /** A strict function that refuses some arguments. */
    @Nullable
    ScalarFunction partial(ColumnType result, ScalarKernel kernel, ColumnType... parameters) {
        return function(result, NullRule.STRICT, true, kernel, parameters);
    }

    @Nullable
    ScalarFunction function(
            ColumnType result, NullRule nullRule, boolean mayFail, ScalarKernel kernel, ColumnType... parameters) {
        if (parameters.length != types.size()) {
            return null;
        }
        List<ColumnType> taken = new ArrayList<>(parameters.length);
        for (int i = 0; i < parameters.length; i++) {
            if (!fits(types.get(i), parameters[i])) {
                return null;
            }
            // the precision of a TIMESTAMP or DECIMAL is the argument's own: no cast needed
            taken.add(types.get(i).kind() == parameters[i].kind() ? types.get(i) : parameters[i]);
        }
        return new ScalarFunction(name, taken, result, nullRule, mayFail, true, kernel);
    }

    /** Whether a value of one type goes where another is asked for without being asked: nothing is lost but digits of a double. */
    static boolean fits(ColumnType argument, ColumnType parameter) {
        TypeKind from = argument.kind();
        TypeKind to = parameter.kind();
        if (from == to || from == TypeKind.NULL) {
            return true;
        }
        return switch (to) {
            case SMALLINT, INTEGER, BIGINT -> from.isInteger() && from.ordinal() < to.ordinal();
            case REAL -> from.isInteger();
            case DOUBLE -> from.isNumeric();
            case DECIMAL -> from.isInteger();
            case VARCHAR -> from == TypeKind.SYMBOL;
            case TIMESTAMP -> from == TypeKind.DATE;
            default -> false;
        };
    }
}
