package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.plan.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BinaryOperator;
import org.jspecify.annotations.Nullable;

/** Both sides of a join by keys and time: the types of their columns, which are the keys, the time, and what else a row has. */
record TimedSides(
        List<ColumnType> leftKeys,
        List<ColumnType> rightKeys,
        ColumnType time,
        List<ColumnType> leftOthers,
        List<ColumnType> rightOthers) {
    int keys() {
        return leftKeys.size();
    }

    List<ColumnType> left() {
        return types(leftKeys, leftOthers);
    }

    List<ColumnType> right() {
        return types(rightKeys, rightOthers);
    }

    private List<ColumnType> types(List<ColumnType> keys, List<ColumnType> others) {
        List<ColumnType> types = new ArrayList<>(keys);
        types.add(time);
        types.addAll(others);
        return types;
    }

    List<Expression> keysOf(List<ColumnType> side) {
        List<Expression> columns = new ArrayList<>();
        for (int i = 0; i < keys(); i++) {
            columns.add(QueryFixture.column(side, i));
        }
        return columns;
    }

    /** A join over inputs of these rows. */
    Operator open(
            QueryFixture fixture,
            List<@Nullable Object[]> left,
            List<@Nullable Object[]> right,
            Random random,
            BinaryOperator<Operator> join) {
        return join.apply(fixture.source(left(), left, random), fixture.source(right(), right, random));
    }
}
