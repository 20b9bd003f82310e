package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.JoinType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ApplyOperatorTest {
    private static final int SEEDS = 15;
    private static final List<ColumnType> LEFT = List.of(ColumnType.BIGINT, ColumnType.SYMBOL, ColumnType.DOUBLE);
    private static final List<ColumnType> RIGHT = List.of(ColumnType.BIGINT, ColumnType.VARCHAR, ColumnType.SYMBOL);

    /** The rows of "right" whose first column is less than parameter 1 and whose second is parameter 2. */
    private static PhysicalPlan right() {
        PhysicalPlan scan = new PhysicalPlan.SystemScan("right", QueryFixture.columns(RIGHT));
        return new PhysicalPlan.Filter(
                scan,
                new Expression.And(List.of(
                        new Expression.Comparison(
                                Comparator.LESS,
                                QueryFixture.column(RIGHT, 0),
                                new Expression.Parameter(1, ColumnType.BIGINT)),
                        new Expression.Comparison(
                                Comparator.EQUAL,
                                QueryFixture.column(RIGHT, 1),
                                new Expression.Parameter(2, ColumnType.VARCHAR)))));
    }

    private static PhysicalPlan.Apply plan(JoinType type) {
        List<ColumnType> both = new ArrayList<>(LEFT);
        both.addAll(RIGHT);
        return new PhysicalPlan.Apply(
                QueryFixture.shape(LEFT),
                right(),
                type,
                List.of(new PhysicalPlan.Binding(2, 1), new PhysicalPlan.Binding(1, 0)),
                QueryFixture.columns(both));
    }

    private static ExecutionContext context(QueryFixture fixture, List<@Nullable Object[]> right, AtomicInteger scans) {
        ExecutionContext base = fixture.context;
        return new ExecutionContext(
                base.snapshot(),
                new @Nullable Object[] {"the statement's own"},
                base.nowNanos(),
                base.budget(),
                base.workers(),
                base.cancellation(),
                base.rowsScanned(),
                name -> {
                    scans.incrementAndGet();
                    return right;
                });
    }

    @ParameterizedTest
    @EnumSource(
            value = JoinType.class,
            names = {"INNER", "LEFT", "SEMI", "ANTI", "MARK"})
    void givesWhatRunningTheRightSideForEachRowGives(JoinType type) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<@Nullable Object[]> left = QueryFixture.randomRows(LEFT, random.nextInt(200), random);
            List<@Nullable Object[]> right = QueryFixture.randomRows(RIGHT, random.nextInt(60), random);
            AtomicInteger scans = new AtomicInteger();
            try (QueryFixture fixture = new QueryFixture()) {
                Operator apply = new ApplyOperator(
                        plan(type), context(fixture, right, scans), fixture.source(LEFT, left, random));
                List<List<@Nullable Object>> expected = NaiveJoin.join(
                        type,
                        left,
                        right,
                        LEFT.size(),
                        RIGHT.size(),
                        (one, other) -> one[0] != null
                                && other[0] != null
                                && (Long) other[0] < (Long) one[0]
                                && one[1] != null
                                && one[1].equals(other[1]));
                assertThat(QueryFixture.drain(apply)).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
                long distinct = left.stream()
                        .map(row -> row[0] + "/" + row[1])
                        .distinct()
                        .count();
                assertThat(scans.get()).isEqualTo((int) distinct);
            }
        }
    }

    @Test
    void joinsThatKeepUnmatchedRightRowsAreRefused() {
        try (QueryFixture fixture = new QueryFixture()) {
            assertThatThrownBy(() -> new ApplyOperator(
                            plan(JoinType.FULL), fixture.context, fixture.source(LEFT, List.of(), new Random(1))))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
