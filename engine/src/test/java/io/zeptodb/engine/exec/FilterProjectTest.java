package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan.Filter;
import io.zeptodb.engine.plan.PhysicalPlan.Project;
import io.zeptodb.engine.plan.PhysicalPlan.SystemScan;
import io.zeptodb.engine.plan.PhysicalPlan.Values;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterProjectTest {
    private static final List<ColumnType> TYPES =
            List.of(ColumnType.BIGINT, ColumnType.VARCHAR, ColumnType.SYMBOL, ColumnType.BOOLEAN);

    private static Expression column(int index) {
        return QueryFixture.column(TYPES, index);
    }

    private static Expression positive() {
        return new Expression.Comparison(
                Expression.Comparator.GREATER, column(0), new Expression.Literal(0L, ColumnType.BIGINT));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aFilterKeepsTheRowsForWhichItsConditionIsTrueInTheirOrder(long seed) {
        Random random = new Random(seed);
        try (QueryFixture fixture = new QueryFixture()) {
            List<@Nullable Object[]> rows = QueryFixture.randomRows(TYPES, 3000, random);
            Operator filter = new FilterOperator(fixture.source(TYPES, rows, random), positive(), fixture.context);
            List<List<@Nullable Object>> expected = rows.stream()
                    .filter(row -> row[0] != null && (Long) row[0] > 0)
                    .map(QueryFixture::normalRow)
                    .toList();
            assertThat(QueryFixture.drain(filter)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6, 7})
    void aProjectionComputesAndPassesColumnsOn(long seed) {
        Random random = new Random(seed);
        try (QueryFixture fixture = new QueryFixture()) {
            List<@Nullable Object[]> rows = QueryFixture.randomRows(TYPES, 2000, random);
            Expression constant = new Expression.Literal("x", ColumnType.VARCHAR);
            Operator filter = new FilterOperator(fixture.source(TYPES, rows, random), positive(), fixture.context);
            Operator project = new ProjectOperator(
                    filter, List.of(column(2), constant, positive(), column(1), column(1)), fixture.context);
            List<List<@Nullable Object>> expected = rows.stream()
                    .filter(row -> row[0] != null && (Long) row[0] > 0)
                    .map(row -> QueryFixture.normalRow(row[2], "x", true, row[1], row[1]))
                    .toList();
            assertThat(QueryFixture.drain(project)).isEqualTo(expected);
        }
    }

    @Test
    void valuesComeInBatches() {
        try (QueryFixture fixture = new QueryFixture()) {
            List<List<Expression>> rows = new ArrayList<>();
            List<List<@Nullable Object>> expected = new ArrayList<>();
            for (long i = 0; i < Batch.ROWS + 10; i++) {
                Long value = i % 3 == 0 ? null : (Long) i;
                rows.add(List.of(
                        new Expression.Literal(value, ColumnType.BIGINT),
                        new Expression.Cast(
                                new Expression.Literal("S" + i % 5, ColumnType.VARCHAR), ColumnType.SYMBOL, false)));
                expected.add(Arrays.asList(value, "S" + i % 5));
            }
            List<PlanColumn> columns = QueryFixture.columns(List.of(ColumnType.BIGINT, ColumnType.SYMBOL));
            assertThat(QueryFixture.drain(Operators.open(new Values(rows, columns), fixture.context)))
                    .isEqualTo(expected);
        }
    }

    @Test
    void aRowWithoutColumnsIsARow() {
        try (QueryFixture fixture = new QueryFixture()) {
            Operator values = Operators.open(new Values(List.of(List.of(), List.of()), List.of()), fixture.context);
            assertThat(QueryFixture.drain(values)).hasSize(2);
        }
    }

    @Test
    void aSystemScanGivesTheEnginesRows() {
        try (QueryFixture fixture = new QueryFixture()) {
            List<ColumnType> types = List.of(ColumnType.VARCHAR, ColumnType.BIGINT);
            ExecutionContext context = new ExecutionContext(
                    Snapshots.EMPTY,
                    new Object[0],
                    0,
                    fixture.budget,
                    Workers.NONE,
                    fixture.cancellation,
                    new LongAdder(),
                    name -> List.<@Nullable Object[]>of(
                            new @Nullable Object[] {name, 1L}, new @Nullable Object[] {null, null}));
            Operator scan = Operators.open(new SystemScan("zepto_tables", QueryFixture.columns(types)), context);
            assertThat(QueryFixture.drain(scan))
                    .isEqualTo(List.of(Arrays.asList("zepto_tables", 1L), Arrays.asList(null, null)));
        }
    }

    @Test
    void constantsAreFoldedWithTheKernelsOfExecution() {
        try (QueryFixture fixture = new QueryFixture()) {
            ConstantFolding folding = new ConstantFolding(fixture.budget);
            Expression text = new Expression.Literal("42", ColumnType.VARCHAR);
            assertThat(folding.evaluate(new Expression.Cast(text, ColumnType.INTEGER, false)))
                    .isEqualTo(42L);
            assertThat(folding.evaluate(new Expression.Cast(text, ColumnType.decimal(5, 2), false)))
                    .hasToString("42.00");
            Expression bad = new Expression.Literal("x", ColumnType.VARCHAR);
            assertThat(folding.evaluate(new Expression.Cast(bad, ColumnType.INTEGER, true)))
                    .isNull();
            assertThatThrownBy(() -> folding.evaluate(new Expression.Cast(bad, ColumnType.INTEGER, false)))
                    .isInstanceOf(EngineException.class);
        }
    }

    @Test
    void anInputIsClosedWhenItsOperatorCannotBeMade() {
        try (QueryFixture fixture = new QueryFixture()) {
            RowSource source = fixture.source(TYPES, List.of(), new Random(1));
            Expression impossible = new Expression.Comparison(Expression.Comparator.EQUAL, column(0), column(3));
            Expression unset = new Expression.Parameter(0, ColumnType.BIGINT);
            assertThatThrownBy(() -> new ProjectOperator(source, List.of(impossible, unset), fixture.context))
                    .isInstanceOf(EngineException.class);
            assertThat(source.isClosed()).isTrue();
            assertThatThrownBy(() -> Operators.open(
                            new Project(
                                    new Filter(QueryFixture.shape(TYPES), positive()),
                                    List.of(unset),
                                    QueryFixture.columns(List.of(ColumnType.BIGINT))),
                            fixture.context))
                    .isInstanceOf(EngineException.class);
        }
    }
}
