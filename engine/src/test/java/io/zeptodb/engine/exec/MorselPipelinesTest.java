package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Filter;
import io.zeptodb.engine.plan.PhysicalPlan.Limit;
import io.zeptodb.engine.plan.PhysicalPlan.Project;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import io.zeptodb.engine.plan.PlanColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MorselPipelinesTest {
    private static final int SEGMENTS = 8;
    private static final int ROWS = 50_000;
    private static final PlanColumn VALUE = new PlanColumn("value", ColumnType.BIGINT, true);

    /** A thread for each task. */
    private static final Workers THREADS = new Workers() {
        @Override
        public int parallelism() {
            return 4;
        }

        @Override
        public void runAll(List<? extends Runnable> tasks) {
            List<Thread> threads = new ArrayList<>();
            ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
            for (Runnable task : tasks) {
                Thread thread = new Thread(task);
                thread.setUncaughtExceptionHandler((ended, failure) -> failures.add(failure));
                threads.add(thread);
                thread.start();
            }
            for (Thread thread : threads) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            assertThat(failures).isEmpty();
        }
    };

    private static ExecutionContext context(MemoryTable table, QueryFixture fixture, Workers workers) {
        return new ExecutionContext(
                table,
                new @Nullable Object[0],
                0,
                fixture.budget,
                workers,
                fixture.cancellation,
                new LongAdder(),
                name -> List.of());
    }

    private static MemoryTable table(QueryFixture fixture) {
        TableSchema schema = new TableSchema(
                "numbers",
                List.of(
                        new ColumnDefinition("key", ColumnType.INTEGER, true),
                        new ColumnDefinition("value", ColumnType.BIGINT, true)),
                TableSchema.NONE,
                0,
                new PartitionScheme(true, TimeSlice.NONE));
        MemoryTable table = new MemoryTable(schema, fixture.budget);
        table.addPartition(Long.MIN_VALUE, Long.MAX_VALUE);
        for (int segment = 0; segment < SEGMENTS; segment++) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            for (int i = 0; i < ROWS; i++) {
                rows.add(new @Nullable Object[] {(long) (i % 5), (long) segment * ROWS + i});
            }
            table.addSegment(rows, false);
        }
        return table;
    }

    /** SELECT value FROM numbers WHERE key = 3. */
    private static PhysicalPlan plan(MemoryTable table) {
        TableScan scan = new TableScan(
                table.metadata(),
                List.of(0, 1),
                null,
                List.of(),
                List.of(),
                List.of(new PlanColumn("key", ColumnType.INTEGER, true), VALUE));
        Filter filter = new Filter(
                scan,
                new Expression.Comparison(
                        Expression.Comparator.EQUAL,
                        new Expression.Column(0, ColumnType.INTEGER),
                        new Expression.Literal(3L, ColumnType.INTEGER)));
        return new Project(filter, List.of(new Expression.Column(1, ColumnType.BIGINT)), List.of(VALUE));
    }

    private static TreeMap<Integer, Long> sumsByMorsel(PhysicalPlan plan, ExecutionContext context, LongAdder rows) {
        ConcurrentHashMap<Integer, Long> sums = new ConcurrentHashMap<>();
        List<MorselPipeline> pipelines = MorselPipelines.open(plan, context);
        context.workers()
                .runAll(pipelines.stream()
                        .<Runnable>map(pipeline -> () -> {
                            try (pipeline) {
                                for (Batch batch = pipeline.next(); batch != null; batch = pipeline.next()) {
                                    long sum = 0;
                                    for (int i = 0; i < batch.selectedCount(); i++) {
                                        sum += batch.column(0).getLong(batch.position(i));
                                    }
                                    rows.add(batch.selectedCount());
                                    sums.merge(pipeline.morsel(), sum, Long::sum);
                                }
                            }
                        })
                        .toList());
        return new TreeMap<>(sums);
    }

    @Test
    void severalPipelinesReadEachRowOnceAndMorselsAreTheSameWhateverTheirNumber() {
        try (QueryFixture fixture = new QueryFixture();
                MemoryTable table = table(fixture)) {
            LongAdder one = new LongAdder();
            LongAdder many = new LongAdder();
            ExecutionContext parallel = context(table, fixture, THREADS);
            TreeMap<Integer, Long> alone = sumsByMorsel(plan(table), context(table, fixture, Workers.NONE), one);
            TreeMap<Integer, Long> together = sumsByMorsel(plan(table), parallel, many);
            assertThat(one.sum()).isEqualTo(SEGMENTS * ROWS / 5);
            assertThat(many.sum()).isEqualTo(one.sum());
            assertThat(together).isEqualTo(alone).hasSizeGreaterThan(2);
            assertThat(parallel.rowsScanned().sum()).isEqualTo((long) SEGMENTS * ROWS);
        }
    }

    @Test
    void onlyProjectionsAndFiltersOverAScanAreSplit() {
        try (QueryFixture fixture = new QueryFixture();
                MemoryTable table = table(fixture)) {
            PhysicalPlan plan = plan(table);
            assertThat(MorselPipelines.canSplit(plan)).isTrue();
            assertThat(MorselPipelines.canSplit(new Limit(plan, null, null))).isFalse();
            assertThat(MorselPipelines.canSplit(QueryFixture.shape(List.of(ColumnType.BIGINT))))
                    .isFalse();
        }
    }
}
