package io.zeptodb.engine.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.MemoryFixture;
import io.zeptodb.engine.batch.TestVectors;
import io.zeptodb.engine.batch.WritableColumn;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What aggregates refuse, and how they take constants and memory. */
class AggregateLimitsTest extends MemoryFixture {
    private final FunctionRegistry registry = new FunctionRegistry(StandardAggregates.definitions());

    @Test
    void unfitArgumentsAreRefusedWithTheSignature() {
        for (String call : List.of("sum", "avg", "stddev", "median", "bit_and", "bool_or")) {
            assertThatThrownBy(() -> registry.aggregate(call, List.of(ColumnType.VARCHAR)))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNDEFINED_FUNCTION))
                    .hasMessageContaining("it takes " + call);
        }
        assertThatThrownBy(() -> registry.aggregate("vwap", List.of(ColumnType.DOUBLE)))
                .isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> registry.aggregate("first", List.of())).isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> registry.aggregate("string_agg", List.of(ColumnType.VARCHAR)))
                .isInstanceOf(EngineException.class);
    }

    @Test
    void constantArgumentsStandForAllRows() {
        for (String name : List.of("sum", "avg", "min", "max", "median", "variance")) {
            AggregateFunction function = registry.aggregate(name, List.of(ColumnType.BIGINT));
            try (Aggregator aggregator = function.newAggregator(budget);
                    WritableColumn column =
                            TestVectors.column(budget, function.parameters().get(0), List.of(5L));
                    WritableColumn result = new WritableColumn(budget, function.result())) {
                aggregator.reserve(1);
                ColumnVector[] arguments = {column.vector().asConstant(true)};
                aggregator.updateGroup(0, arguments, null, 100);
                aggregator.update(arguments, null, 50, new int[50]);
                result.reserve(1);
                aggregator.finish(0, 1, result);
                double expected = name.equals("sum") ? 750 : name.equals("variance") ? 0 : 5;
                assertThat(((Number) TestVectors.get(result.vector(), 0)).doubleValue())
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void memoryOfManyGroupsIsCountedAndRefused() {
        try (MemoryBudget small = new MemoryBudget(root.newChildAllocator("small", 0, 1 << 16))) {
            Aggregator aggregator =
                    registry.aggregate("sum", List.of(ColumnType.BIGINT)).newAggregator(small);
            aggregator.reserve(100);
            assertThat(aggregator.memoryBytes()).isGreaterThanOrEqualTo(2400);
            assertThatThrownBy(() -> aggregator.reserve(1 << 20))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY));
            aggregator.close();
            assertThat(small.usedBytes()).isZero();
        }
    }
}
