package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.MemoryFixture;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.PhysicalPlan.RunAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Aggregation run by run over random tables against a map of lists. */
class RunAggregateOperatorTest extends MemoryFixture {
    private static final int KEY = 0;
    private static final int TIME = 1;
    private static final int PRICE = 2;
    private static final int VOLUME = 3;
    private static final int SEQUENCE = 4;
    private static final long SLICE = 10_000;

    /** A random table and what is asked of it. */
    private final class Case implements AutoCloseable {
        private final Random random;
        private final ColumnType keyType;
        private final List<ColumnType> types;
        private final MemoryTable table;

        Case(long seed) {
            random = new Random(seed);
            keyType = random.nextBoolean()
                    ? ColumnType.SYMBOL
                    : random.nextBoolean() ? ColumnType.BIGINT : ColumnType.INTEGER;
            types = List.of(keyType, ColumnType.TIMESTAMP_NS, ColumnType.DOUBLE, ColumnType.BIGINT, ColumnType.BIGINT);
            TableSchema schema = new TableSchema(
                    "ticks",
                    List.of(
                            new ColumnDefinition("symbol", keyType, true),
                            new ColumnDefinition("ts", ColumnType.TIMESTAMP_NS, true),
                            new ColumnDefinition("price", ColumnType.DOUBLE, true),
                            new ColumnDefinition("volume", ColumnType.BIGINT, true)),
                    TIME,
                    KEY,
                    new PartitionScheme(true, TimeSlice.HOUR));
            table = new MemoryTable(schema, budget);
            int keys = 1 + random.nextInt(60);
            int rowsEach = random.nextBoolean() ? 2000 : 150;
            boolean nulls = random.nextBoolean();
            boolean ordered = random.nextBoolean();
            for (int slice = 0; slice < 3; slice++) {
                table.addPartition((slice - 1) * SLICE, slice * SLICE);
                for (int segment = 0; segment < 1 + random.nextInt(2); segment++) {
                    table.addSegment(
                            rows(keys, 1 + random.nextInt(rowsEach), slice, nulls, ordered), random.nextBoolean());
                }
            }
        }

        private List<@Nullable Object[]> rows(int keys, int count, int slice, boolean nulls, boolean ordered) {
            double share = nulls ? 0.1 : 0;
            List<@Nullable Object[]> rows = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long step = ordered ? i * SLICE / count : random.nextInt((int) SLICE);
                int key = random.nextInt(keys);
                rows.add(new @Nullable Object[] {
                    random.nextDouble() < share
                            ? null
                            : keyType.equals(ColumnType.SYMBOL) ? "S" + key : (Object) (key * 1000L - 5000),
                    !ordered && random.nextDouble() < share ? null : (Object) ((slice - 1) * SLICE + step),
                    random.nextDouble() < share ? null : (Object) (double) random.nextInt(1000),
                    random.nextDouble() < share ? null : (Object) (long) random.nextInt(100)
                });
            }
            return rows;
        }

        TableScan scan(List<Expression> filters) {
            List<PlanColumn> columns = new ArrayList<>();
            for (ColumnType type : types) {
                columns.add(new PlanColumn("c" + columns.size(), type, true));
            }
            return new TableScan(
                    table.metadata(),
                    List.of(KEY, TIME, PRICE, VOLUME, SegmentSnapshot.SEQUENCE),
                    null,
                    List.of(),
                    filters,
                    columns);
        }

        List<ModelAggregate> aggregates() {
            List<ModelAggregate> all = new ArrayList<>(List.of(
                    ModelAggregate.countRows(),
                    ModelAggregate.edge(types, false, PRICE, TIME, SEQUENCE),
                    ModelAggregate.max(types, PRICE),
                    ModelAggregate.min(types, PRICE),
                    ModelAggregate.edge(types, true, PRICE, TIME, SEQUENCE),
                    ModelAggregate.sum(types, VOLUME),
                    ModelAggregate.sum(types, PRICE)));
            if (random.nextBoolean()) {
                all.add(ModelAggregate.countDistinct(types, VOLUME));
                all.add(ModelAggregate.sumWhereGreater(types, VOLUME, VOLUME, 50));
            }
            return all;
        }

        @Override
        public void close() {
            table.close();
        }
    }

    private static RunAggregate plan(
            Case table,
            TableScan scan,
            boolean byKey,
            @Nullable Long width,
            long origin,
            boolean bucketFirst,
            List<ModelAggregate> aggregates) {
        List<PlanColumn> columns = new ArrayList<>();
        if (byKey) {
            columns.add(new PlanColumn("symbol", table.keyType, true));
        }
        if (width != null) {
            columns.add(bucketFirst ? 0 : columns.size(), new PlanColumn("bar", ColumnType.TIMESTAMP_NS, true));
        }
        aggregates.forEach(each -> columns.add(
                new PlanColumn(each.call().name(), each.call().function().result(), true)));
        return new RunAggregate(
                scan,
                byKey,
                width == null ? null : new Expression.Literal(width, ColumnType.INTERVAL_DAY),
                origin,
                bucketFirst,
                List.of(),
                aggregates.stream().map(ModelAggregate::call).toList(),
                columns);
    }

    private static List<List<@Nullable Object>> expected(
            List<@Nullable Object[]> rows,
            boolean byKey,
            @Nullable Long width,
            long origin,
            boolean bucketFirst,
            List<ModelAggregate> aggregates) {
        Map<List<@Nullable Object>, List<@Nullable Object[]>> byGroup = new LinkedHashMap<>();
        if (!byKey && width == null) {
            byGroup.put(List.of(), new ArrayList<>());
        }
        for (Object[] row : rows) {
            List<@Nullable Object> key = new ArrayList<>();
            if (byKey) {
                key.add(row[KEY]);
            }
            if (width != null) {
                Long time = (Long) row[TIME];
                Object bucket = time == null ? null : (Object) (Math.floorDiv(time - origin, width) * width + origin);
                key.add(bucketFirst ? 0 : key.size(), bucket);
            }
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

    private ExecutionContext context(Case table, int threads) {
        Workers workers = threads == 1 ? Workers.NONE : new SeveralThreads(threads);
        return new ExecutionContext(
                table.table,
                new @Nullable Object[0],
                0,
                budget,
                workers,
                new Cancellation(),
                new LongAdder(),
                name -> List.of());
    }

    private record SeveralThreads(int parallelism) implements Workers {
        @Override
        public void runAll(List<? extends Runnable> tasks) {
            List<Thread> threads = tasks.stream().map(Thread::new).toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void groupsAreThoseOfAMap(long seed) {
        try (Case table = new Case(seed)) {
            Random random = table.random;
            for (int i = 0; i < 6; i++) {
                boolean filtered = random.nextBoolean();
                boolean byKey = random.nextInt(4) > 0;
                Long width = random.nextInt(3) == 0
                        ? null
                        : (Long) (1L + random.nextInt(random.nextBoolean() ? 50 : 20_000));
                long origin = random.nextInt(100) - 50L;
                boolean bucketFirst = byKey && random.nextBoolean();
                long least = random.nextInt(110);
                List<Expression> filters = filtered
                        ? List.of(new Expression.Comparison(
                                Comparator.GREATER_OR_EQUAL,
                                new Expression.Column(VOLUME, ColumnType.BIGINT),
                                new Expression.Literal(least, ColumnType.BIGINT)))
                        : List.of();
                List<@Nullable Object[]> rows = table.table.rows().stream()
                        .filter(row -> !filtered || (row[VOLUME] != null && (Long) row[VOLUME] >= least))
                        .toList();
                List<ModelAggregate> aggregates = table.aggregates();
                RunAggregate plan = plan(table, table.scan(filters), byKey, width, origin, bucketFirst, aggregates);
                Operator operator = random.nextBoolean()
                        ? new RunAggregateOperator(plan, context(table, 1))
                        : new RunAggregateOperator(plan, context(table, 3), 700);
                assertThat(QueryFixture.sorted(QueryFixture.drain(operator)))
                        .as("seed %d query %d", seed, i)
                        .isEqualTo(QueryFixture.sorted(expected(rows, byKey, width, origin, bucketFirst, aggregates)));
            }
        }
    }

    @Test
    void aWidthThatIsNotPositiveIsAnError() {
        try (Case table = new Case(1)) {
            RunAggregate plan =
                    plan(table, table.scan(List.of()), true, 0L, 0, false, List.of(ModelAggregate.countRows()));
            assertThatThrownBy(() -> Operators.open(plan, context(table, 1)))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
    }

    @Test
    void bucketsOfTimesFarApart() {
        TimeBuckets buckets = new TimeBuckets(10, 5);
        long[] times = {5, 14, 15, 4, -5, -6, 1_000_000_007L, Long.MAX_VALUE - 3};
        long[] starts = {5, 5, 15, -5, -5, -15, 1_000_000_005L, Long.MAX_VALUE - 12};
        for (int i = 0; i < times.length; i++) {
            buckets.seek(times[i]);
            assertThat(buckets.holds(times[i])).isTrue();
            if (i < times.length - 1) {
                assertThat(buckets.start()).isEqualTo(starts[i]);
            }
        }
    }
}
