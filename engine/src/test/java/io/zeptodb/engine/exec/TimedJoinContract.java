package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What holds of every join by keys and time, and what the models of their tests have in common. */
abstract class TimedJoinContract {
    /** The sides of some join. */
    abstract TimedSides sides();

    /** That join. */
    abstract Operator join(QueryFixture fixture, Operator left, Operator right);

    @Test
    void anEmptyLeftSideReadsNothingOfTheRight() {
        Random random = new Random(2);
        TimedSides sides = sides();
        try (QueryFixture fixture = new QueryFixture()) {
            List<@Nullable Object[]> rows = QueryFixture.randomRows(sides.right(), 100, random);
            RowSource right = fixture.source(sides.right(), rows, random);
            Operator join = join(fixture, fixture.source(sides.left(), List.of(), random), right);
            assertThat(QueryFixture.drain(join)).isEmpty();
            assertThat(right.batches()).isZero();
            assertThat(right.isClosed()).isTrue();
        }
    }

    @Test
    void aRightSideThatPassesTheBudgetFailsAndLeavesNothing() {
        Random random = new Random(3);
        List<@Nullable Object[]> right = QueryFixture.randomRows(sides().right(), 60_000, random);
        List<@Nullable Object[]> left = QueryFixture.randomRows(sides().left(), 10, random);
        for (int limit = 100_000; limit <= 1_600_000; limit *= 2) {
            try (QueryFixture fixture = new QueryFixture(limit);
                    Operator join = open(fixture, left, right, random)) {
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
        List<@Nullable Object[]> left = QueryFixture.randomRows(sides().left(), 10, random);
        List<@Nullable Object[]> right = QueryFixture.randomRows(sides().right(), 10, random);
        try (QueryFixture fixture = new QueryFixture();
                Operator join = open(fixture, left, right, random)) {
            fixture.cancellation.stop(ErrorCode.CANCELLED, "cancelled by test");
            assertThatThrownBy(join::next).hasMessageContaining("cancelled by test");
        }
    }

    private Operator open(
            QueryFixture fixture, List<@Nullable Object[]> left, List<@Nullable Object[]> right, Random random) {
        return sides().open(fixture, left, right, random, (one, other) -> join(fixture, one, other));
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
