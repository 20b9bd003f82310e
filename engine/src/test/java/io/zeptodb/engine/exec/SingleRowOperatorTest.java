package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.plan.PhysicalPlan;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SingleRowOperatorTest {
    private static final List<ColumnType> TYPES =
            List.of(ColumnType.BIGINT, ColumnType.VARCHAR, ColumnType.BOOLEAN, ColumnType.SYMBOL);

    private static Operator over(QueryFixture fixture, List<@Nullable Object[]> rows) {
        PhysicalPlan.SingleRow plan = new PhysicalPlan.SingleRow(QueryFixture.shape(TYPES));
        return new SingleRowOperator(plan, fixture.context, fixture.source(TYPES, rows, new Random(1)));
    }

    @Test
    void oneRowPasses() {
        try (QueryFixture fixture = new QueryFixture()) {
            Object[] row = {7L, "a text that does not fit its view", true, "b"};
            assertThat(QueryFixture.drain(over(fixture, List.<@Nullable Object[]>of(row))))
                    .containsExactly(List.of(row));
        }
    }

    @Test
    void noRowBecomesNulls() {
        try (QueryFixture fixture = new QueryFixture()) {
            assertThat(QueryFixture.drain(over(fixture, List.of())))
                    .containsExactly(Arrays.asList(null, null, null, null));
        }
    }

    @Test
    void twoRowsAreACardinalityViolation() {
        try (QueryFixture fixture = new QueryFixture()) {
            List<@Nullable Object[]> rows =
                    List.of(new Object[] {1L, "", false, "a"}, new Object[] {2L, "", true, "a"});
            assertThatThrownBy(() -> QueryFixture.drain(over(fixture, rows)))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.CARDINALITY_VIOLATION));
        }
    }

    @Test
    void unionAllGivesTheInputsOneAfterTheOther() {
        Random random = new Random(2);
        try (QueryFixture fixture = new QueryFixture()) {
            List<@Nullable Object[]> one = QueryFixture.randomRows(TYPES, 500, random);
            List<@Nullable Object[]> other = QueryFixture.randomRows(TYPES, 3, random);
            RowSource first = fixture.source(TYPES, one, random);
            RowSource second = fixture.source(TYPES, other, random);
            RowSource empty = fixture.source(TYPES, List.of(), random);
            List<List<@Nullable Object>> rows =
                    QueryFixture.drain(new UnionAllOperator(fixture.context, List.of(first, empty, second)));
            one.addAll(other);
            assertThat(rows).isEqualTo(one.stream().map(QueryFixture::normalRow).toList());
            assertThat(first.isClosed() && empty.isClosed() && second.isClosed())
                    .isTrue();
        }
    }
}
