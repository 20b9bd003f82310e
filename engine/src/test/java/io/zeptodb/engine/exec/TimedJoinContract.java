package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.plan.Expression;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds of every join by keys and time, and what the models of their tests have in common. */
abstract class TimedJoinContract {
    /** Types of the left side of some join. */
    abstract List<ColumnType> left();

    /** Types of its right side. */
    abstract List<ColumnType> right();

    /** That join. */
    abstract Operator join(QueryFixture fixture, RowSource left, RowSource right);

    @Test
    void anEmptyLeftSideReadsNothingOfTheRight() {
        Random random = new Random(2);
        try (QueryFixture fixture = new QueryFixture()) {
            RowSource right = fixture.source(right(), QueryFixture.randomRows(right(), 100, random), random);
            Operator join = join(fixture, fixture.source(left(), List.of(), random), right);
            assertThat(QueryFixture.drain(join)).isEmpty();
            assertThat(right.batches()).isZero();
            assertThat(right.isClosed()).isTrue();
        }
    }

    @Test
    void aRightSideThatPassesTheBudgetFailsAndLeavesNothing() {
        Random random = new Random(3);
        List<@Nullable Object[]> right = QueryFixture.randomRows(right(), 60_000, random);
        List<@Nullable Object[]> left = QueryFixture.randomRows(left(), 10, random);
        for (int limit = 100_000; limit <= 1_600_000; limit *= 2) {
            try (QueryFixture fixture = new QueryFixture(limit);
                    Operator join = join(
                            fixture, fixture.source(left(), left, random), fixture.source(right(), right, random))) {
                assertThatThrownBy(join::next)
                        .hasMessageContaining("keeps the right side in memory")
                        .isInstanceOfSatisfying(
                                EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY));
            }
        }
    }

    @Test
    void stopsWhenCancelled() {
        Random random = new Random(4);
        try (QueryFixture fixture = new QueryFixture();
                Operator join = join(
                        fixture,
                        fixture.source(left(), QueryFixture.randomRows(left(), 10, random), random),
                        fixture.source(right(), QueryFixture.randomRows(right(), 10, random), random))) {
            fixture.cancellation.stop(ErrorCode.CANCELLED, "cancelled by test");
            assertThatThrownBy(join::next).hasMessageContaining("cancelled by test");
        }
    }

    /** The sequence of ingest in the last column: the order of the rows, or another one. */
    static void numberRows(List<@Nullable Object[]> rows, Random random, boolean shuffled) {
        List<Long> numbers = new ArrayList<>();
        for (long i = 0; i < rows.size(); i++) {
            numbers.add(i);
        }
        if (shuffled) {
            Collections.shuffle(numbers, random);
        }
        for (int i = 0; i < rows.size(); i++) {
            rows.get(i)[rows.get(i).length - 1] = numbers.get(i);
        }
    }

    /** The first columns of a side. */
    static List<Expression> keys(List<ColumnType> types, int count) {
        List<Expression> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(QueryFixture.column(types, i));
        }
        return keys;
    }

    /** Whether the first columns match: NULL does not. */
    static boolean sameKeys(int keys, @Nullable Object[] left, @Nullable Object[] right) {
        for (int i = 0; i < keys; i++) {
            if (!NaiveJoin.keysEqual(left[i], right[i], false)) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Object canonical(@Nullable Object value) {
        return value instanceof Double number ? (Object) (number + 0.0) : value;
    }

    @SuppressWarnings("unchecked")
    static int compare(@Nullable Object one, @Nullable Object other) {
        return ((Comparable<Object>) canonical(one)).compareTo(canonical(other));
    }
}
