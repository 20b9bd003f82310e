package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan.HashAggregate;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hash aggregation of random rows against a map of lists. */
class HashAggregateOperatorTest {
    private static final List<ColumnType> TYPES = List.of(
            ColumnType.SYMBOL,
            ColumnType.BIGINT,
            ColumnType.DOUBLE,
            ColumnType.VARCHAR,
            ColumnType.BOOLEAN,
            ColumnType.INTEGER,
            ColumnType.decimal(12, 2),
            ColumnType.DATE);

    private static HashAggregate plan(List<Integer> groups, List<ModelAggregate> aggregates) {
        List<Expression> expressions = new ArrayList<>();
        List<PlanColumn> columns = new ArrayList<>();
        for (int group : groups) {
            expressions.add(QueryFixture.column(TYPES, group));
            columns.add(new PlanColumn("g" + group, TYPES.get(group), true));
        }
        for (ModelAggregate aggregate : aggregates) {
            columns.add(new PlanColumn(
                    aggregate.call().name(), aggregate.call().function().result(), true));
        }
        return new HashAggregate(
                QueryFixture.shape(TYPES),
                expressions,
                aggregates.stream().map(ModelAggregate::call).toList(),
                columns);
    }

    private static List<List<@Nullable Object>> expected(
            List<@Nullable Object[]> rows, List<Integer> groups, List<ModelAggregate> aggregates) {
        Map<List<@Nullable Object>, List<@Nullable Object[]>> byGroup = new LinkedHashMap<>();
        if (groups.isEmpty()) {
            byGroup.put(List.of(), new ArrayList<>());
        }
        for (Object[] row : rows) {
            List<@Nullable Object> key = new ArrayList<>();
            groups.forEach(group -> key.add(row[group] == null ? null : ModelAggregate.key(row[group])));
            byGroup.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
        }
        List<List<@Nullable Object>> result = new ArrayList<>();
        byGroup.forEach((key, members) -> {
            List<@Nullable Object> row = new ArrayList<>(key);
            aggregates.forEach(aggregate -> row.add(aggregate.model().of(members)));
            result.add(row);
        });
        return result;
    }

    /** Zeros without a sign, so that rows can be compared as texts. */
    private static List<String> comparable(List<List<@Nullable Object>> rows) {
        List<List<@Nullable Object>> normal = new ArrayList<>();
        for (List<@Nullable Object> row : rows) {
            List<@Nullable Object> copy = new ArrayList<>();
            row.forEach(value -> copy.add(value instanceof Double d ? (Object) (d + 0.0) : value));
            normal.add(copy);
        }
        return QueryFixture.sorted(normal);
    }

    private static List<ModelAggregate> aggregates() {
        return List.of(
                ModelAggregate.countRows(),
                ModelAggregate.count(TYPES, 3),
                ModelAggregate.sum(TYPES, 1),
                ModelAggregate.sum(TYPES, 5),
                ModelAggregate.min(TYPES, 0),
                ModelAggregate.max(TYPES, 2),
                ModelAggregate.min(TYPES, 3),
                ModelAggregate.max(TYPES, 6),
                ModelAggregate.max(TYPES, 7),
                ModelAggregate.countDistinct(TYPES, 3),
                ModelAggregate.countDistinct(TYPES, 2),
                ModelAggregate.sumDistinct(TYPES, 5),
                ModelAggregate.sumWhereGreater(TYPES, 1, 5, 1));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void groupsAreThoseOfAMap(long seed) {
        Random random = new Random(seed);
        try (QueryFixture fixture = new QueryFixture()) {
            List<@Nullable Object[]> rows = QueryFixture.randomRows(TYPES, random.nextInt(3000), random);
            List<Integer> groups = new ArrayList<>();
            for (int i = 0; i < TYPES.size(); i++) {
                if (random.nextInt(4) == 0) {
                    groups.add(i);
                }
            }
            List<ModelAggregate> aggregates = seed % 5 == 0 && !groups.isEmpty() ? List.of() : aggregates();
            HashAggregate plan = plan(groups, aggregates);
            Operator operator =
                    new HashAggregateOperator(plan, fixture.context, List.of(fixture.source(TYPES, rows, random)));
            assertThat(comparable(QueryFixture.drain(operator)))
                    .isEqualTo(comparable(expected(rows, groups, aggregates)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void partsAreMerged(long seed) {
        Random random = new Random(seed);
        try (QueryFixture fixture = new QueryFixture()) {
            // one dictionary for all parts, as for the morsels of one table
            var dictionary = fixture.dictionary("q", "a");
            List<@Nullable Object[]> rows = new ArrayList<>();
            List<Operator> inputs = new ArrayList<>();
            for (int part = 0; part < 3; part++) {
                List<@Nullable Object[]> own = QueryFixture.randomRows(TYPES, random.nextInt(2000), random);
                rows.addAll(own);
                inputs.add(new RowSource(fixture.budget, TYPES, own, dictionary, random));
            }
            List<Integer> groups = seed == 1 ? List.of() : seed % 2 == 0 ? List.of(0) : List.of(3, 1);
            HashAggregate plan = plan(groups, aggregates());
            Operator operator = new HashAggregateOperator(plan, fixture.context, inputs);
            assertThat(comparable(QueryFixture.drain(operator)))
                    .isEqualTo(comparable(expected(rows, groups, aggregates())));
        }
    }

    @Test
    void withoutRowsThereIsOneRowWithoutGroupsAndNoneWithThem() {
        try (QueryFixture fixture = new QueryFixture()) {
            HashAggregate ungrouped =
                    plan(List.of(), List.of(ModelAggregate.countRows(), ModelAggregate.sum(TYPES, 1)));
            List<List<@Nullable Object>> rows = QueryFixture.drain(new HashAggregateOperator(
                    ungrouped, fixture.context, List.of(fixture.source(TYPES, List.of(), new Random(1)))));
            assertThat(rows).hasSize(1);
            assertThat(rows.get(0)).containsExactly(0L, null);
            HashAggregate grouped = plan(List.of(1), List.of(ModelAggregate.countRows()));
            assertThat(QueryFixture.drain(Operators.open(grouped, fixture.context)))
                    .isEmpty();
        }
    }

    @Test
    void moreGroupsThanABatchComeInSeveral() {
        try (QueryFixture fixture = new QueryFixture()) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                Object[] row = new Object[TYPES.size()];
                row[1] = (long) (i % 10_000);
                row[3] = "group number " + i % 10_000;
                row[5] = (long) i;
                rows.add(row);
            }
            HashAggregate plan = plan(List.of(3, 4, 1), List.of(ModelAggregate.sum(TYPES, 5)));
            Operator operator = new HashAggregateOperator(
                    plan, fixture.context, List.of(fixture.source(TYPES, rows, new Random(3))));
            assertThat(comparable(QueryFixture.drain(operator)))
                    .isEqualTo(comparable(expected(rows, List.of(3, 4, 1), List.of(ModelAggregate.sum(TYPES, 5)))));
        }
    }

    @Test
    void aQueryOutOfMemoryFailsWithTheFiguresAndLeavesNothing() {
        try (QueryFixture fixture = new QueryFixture(300_000)) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            for (int i = 0; i < 30_000; i++) {
                Object[] row = new Object[TYPES.size()];
                row[1] = (long) i;
                rows.add(row);
            }
            HashAggregate plan = plan(List.of(1), aggregates());
            Operator operator = new HashAggregateOperator(
                    plan, fixture.context, List.of(fixture.source(TYPES, rows, new Random(3))));
            assertThatThrownBy(() -> QueryFixture.drain(operator))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY));
        }
    }

    @Test
    void aCancelledQueryStops() {
        try (QueryFixture fixture = new QueryFixture()) {
            List<@Nullable Object[]> rows = QueryFixture.randomRows(TYPES, 5000, new Random(1));
            RowSource source = fixture.source(TYPES, rows, new Random(1));
            fixture.cancellation.stop(ErrorCode.CANCELLED, "cancelled");
            Operator operator = new HashAggregateOperator(
                    plan(List.of(1), List.of(ModelAggregate.countRows())), fixture.context, List.of(source));
            assertThatThrownBy(() -> QueryFixture.drain(operator)).isInstanceOf(EngineException.class);
            assertThat(source.batches()).isLessThan(3);
        }
    }
}
