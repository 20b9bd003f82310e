package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.JoinType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NestedLoopJoinOperatorTest {
    private static final int SEEDS = 40;
    private static final List<ColumnType> TYPES = List.of(ColumnType.BIGINT, ColumnType.VARCHAR, ColumnType.SYMBOL);

    @ParameterizedTest
    @EnumSource(
            value = JoinType.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"RIGHT_SEMI", "RIGHT_ANTI"})
    void givesWhatTheNaiveJoinGives(JoinType type) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            boolean conditional = random.nextBoolean();
            int most = random.nextInt(4) == 0 ? 1 : 120;
            List<@Nullable Object[]> left = QueryFixture.randomRows(TYPES, random.nextInt(most), random);
            List<@Nullable Object[]> right = QueryFixture.randomRows(TYPES, random.nextInt(most), random);
            try (QueryFixture fixture = new QueryFixture()) {
                Operator join = new NestedLoopJoinOperator(
                        plan(type, conditional),
                        fixture.context,
                        fixture.source(TYPES, left, random),
                        fixture.source(TYPES, right, random));
                List<List<@Nullable Object>> expected = NaiveJoin.join(
                        type,
                        left,
                        right,
                        TYPES.size(),
                        TYPES.size(),
                        (one, other) -> !conditional
                                || (one[0] != null && other[0] != null && (Long) one[0] < (Long) other[0]));
                assertThat(QueryFixture.sorted(QueryFixture.drain(join)))
                        .as("seed %d conditional %s", seed, conditional)
                        .isEqualTo(QueryFixture.sorted(expected));
            }
        }
    }

    @Test
    void anExistenceTestWithoutConditionReadsOneRightBatch() {
        Random random = new Random(1);
        try (QueryFixture fixture = new QueryFixture()) {
            RowSource right = fixture.source(TYPES, QueryFixture.randomRows(TYPES, 5000, random), random);
            Operator join = new NestedLoopJoinOperator(
                    plan(JoinType.SEMI, false),
                    fixture.context,
                    fixture.source(TYPES, QueryFixture.randomRows(TYPES, 7, random), random),
                    right);
            assertThat(QueryFixture.drain(join)).hasSize(7);
            assertThat(right.batches()).isEqualTo(1);
        }
    }

    private static PhysicalPlan.NestedLoopJoin plan(JoinType type, boolean conditional) {
        List<ColumnType> both = new ArrayList<>(TYPES);
        both.addAll(TYPES);
        Expression condition = conditional
                ? new Expression.Comparison(
                        Expression.Comparator.LESS,
                        QueryFixture.column(both, 0),
                        QueryFixture.column(both, TYPES.size()))
                : null;
        return new PhysicalPlan.NestedLoopJoin(
                QueryFixture.shape(TYPES), QueryFixture.shape(TYPES), type, condition, QueryFixture.columns(both));
    }
}
