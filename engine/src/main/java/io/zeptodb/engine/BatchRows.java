package io.zeptodb.engine;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of parameters that come many at once: what is wrong with one is told with its row, counted over all of them, and its column. Stateless. */
final class BatchRows {
    /** Classes of the states of what is wrong with a value: dynamic SQL, data, integrity. */
    private static final List<String> OF_VALUES = List.of("07", "22", "23");

    private BatchRows() {}

    /** The parameters of one row of an INSERT. @param row counted from 0; messages count from 1 */
    static @Nullable Object[] convert(
            Statement.Insert insert, List<?> values, long row, ParameterValues.Caster caster) {
        try {
            ParameterValues.requireCount(values, insert.parameters());
        } catch (EngineException e) {
            throw refused(e, row);
        }
        @Nullable Object[] converted = new Object[values.size()];
        for (int i = 0; i < converted.length; i++) {
            try {
                converted[i] = insert.valuesRow() == null
                        ? ParameterValues.convert(
                                values.get(i), insert.parameters().get(i), i, caster)
                        : ParameterValues.convertToStore(
                                values.get(i), insert.parameters().get(i), i, caster);
            } catch (EngineException e) {
                String column = columnOf(insert, i);
                throw column == null ? refused(e, row) : at(e, "row " + (row + 1) + ", column '" + column + "'");
            }
        }
        return converted;
    }

    /** The column in which a parameter, counted from 0, is stored; null when it is a part of an expression. */
    private static @Nullable String columnOf(Statement.Insert insert, int parameter) {
        List<Expression> values = insert.valuesRow();
        for (int i = 0; values != null && i < values.size(); i++) {
            if (values.get(i) instanceof Expression.Parameter stored && stored.index() == parameter) {
                int ordinal = insert.ordinals().get(i);
                return insert.table().schema().columns().get(ordinal).name();
            }
        }
        return null;
    }

    /** What is wrong with the values of a row, counted from 0, of those that a statement runs for one by one; another failure is as it is. */
    static EngineException refused(EngineException failure, long row) {
        return OF_VALUES.contains(failure.sqlState().substring(0, 2))
                ? at(failure, "row " + (row + 1) + " of the batch")
                : failure;
    }

    private static EngineException at(EngineException failure, String place) {
        return new EngineException(
                failure.code(), failure.getMessage() + " (" + place + ")", failure.line(), failure.column(), failure);
    }
}
