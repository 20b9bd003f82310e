package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.function.FunctionRegistry;
import io.zeptodb.engine.function.aggregate.DoubleSum;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.SortKey;
import io.zeptodb.engine.plan.WindowCall;
import io.zeptodb.engine.plan.WindowCall.Bound;
import io.zeptodb.engine.plan.WindowCall.BoundKind;
import io.zeptodb.engine.plan.WindowCall.Exclusion;
import io.zeptodb.engine.plan.WindowCall.Frame;
import io.zeptodb.engine.plan.WindowCall.FrameUnit;
import io.zeptodb.engine.plan.WindowCall.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;
import org.apache.arrow.memory.RootAllocator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Work on whole results asks the budget whether it shall go on: what is stopped after its last batch of input does not come to an end. */
class StoppedWorkTest {
    private static final int ROWS = 5 * MemoryBudget.POLL_STEPS / 2;

    private boolean stopped;
    private int polls;
    private int stopAt = Integer.MAX_VALUE;
    private final RootAllocator root = new RootAllocator();
    private final MemoryBudget budget =
            new MemoryBudget(root.newChildAllocator("query", 0, Long.MAX_VALUE), this::check);

    private void check() {
        polls++;
        if (stopped || polls == stopAt) {
            throw new EngineException(ErrorCode.CANCELLED, "stopped");
        }
    }

    @AfterEach
    void close() {
        budget.close();
        root.close();
    }

    private static void assertStopped(ThrowingCallable work) {
        assertThatThrownBy(work).isInstanceOf(EngineException.class).hasMessage("stopped");
    }

    private static long[] randomKeys() {
        return new Random(1).longs(ROWS).toArray();
    }

    @Test
    void sortsByKey() {
        stopped = true;
        try (KeyedRowSort sort = new KeyedRowSort(budget)) {
            assertStopped(() -> sort.sort(randomKeys(), new int[ROWS], 0, ROWS));
        }
        try (RunMergeSort sort = new RunMergeSort(budget, null)) {
            assertStopped(() -> sort.sort(randomKeys(), new int[ROWS], ROWS));
        }
    }

    private ExecutionContext context() {
        return new ExecutionContext(
                Snapshots.EMPTY,
                new @Nullable Object[0],
                0,
                budget,
                Workers.NONE,
                new Cancellation(),
                new LongAdder(),
                name -> List.of());
    }

    /** The context's own cancellation stays silent, so that only what asks the budget can stop. */
    private void assertStops(List<ColumnType> types, List<Object[]> rows, Opening opening) {
        ExecutionContext context = context();
        RowSource source = new RowSource(budget, types, rows, null, new Random(2));
        Operator ending = new Operator() {
            @Override
            public @Nullable Batch next() {
                Batch batch = source.next();
                stopped |= batch == null;
                return batch;
            }

            @Override
            public void close() {
                source.close();
            }
        };
        stopped = false;
        try (Operator operator = opening.open(context, ending)) {
            assertStopped(operator::next);
        }
    }

    private interface Opening {
        Operator open(ExecutionContext context, Operator input);
    }

    private static List<Object[]> rows(LongFunction<Object> value) {
        Random random = new Random(3);
        List<Object[]> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(new Object[] {value.apply(random.nextLong())});
        }
        return rows;
    }

    @Test
    void sortAndTopN() {
        List<SortKey> byFirst = List.of(new SortKey(0, false, false));
        List<ColumnType> longs = List.of(ColumnType.BIGINT);
        List<ColumnType> texts = List.of(ColumnType.VARCHAR);
        PhysicalPlan.Sort byLong = new PhysicalPlan.Sort(QueryFixture.shape(longs), byFirst);
        assertStops(longs, rows(i -> i), (context, input) -> new SortOperator(byLong, context, input));
        PhysicalPlan.Sort byText = new PhysicalPlan.Sort(QueryFixture.shape(texts), byFirst);
        List<Object[]> equalStart = rows(i -> "a start that all texts share, and longer than any prefix is " + i);
        assertStops(texts, equalStart, (context, input) -> new SortOperator(byText, context, input));
        PhysicalPlan.TopN half = new PhysicalPlan.TopN(
                QueryFixture.shape(longs), byFirst, null, new Expression.Literal(ROWS / 2L, ColumnType.BIGINT));
        assertStops(longs, rows(i -> i), (context, input) -> new TopNOperator(half, context, input));
    }

    @Test
    void groupTable() {
        try (GroupTable table = new GroupTable(budget, List.of(ColumnType.BIGINT));
                WritableColumn keys = new WritableColumn(budget, ColumnType.BIGINT)) {
            keys.reserve(ROWS);
            long[] values = randomKeys();
            for (int i = 0; i < ROWS; i++) {
                keys.setLong(i, values[i]);
            }
            keys.setRowCount(ROWS);
            stopped = true;
            assertStopped(() -> table.assign(new ColumnVector[] {keys.vector()}, null, ROWS, new int[ROWS]));
        }
    }

    @Test
    void groupTableGivesTheSameGroupsInSteps() {
        try (GroupTable whole = new GroupTable(budget, List.of(ColumnType.BIGINT));
                GroupTable parts = new GroupTable(budget, List.of(ColumnType.BIGINT));
                WritableColumn keys = new WritableColumn(budget, ColumnType.BIGINT);
                WritableColumn one = new WritableColumn(budget, ColumnType.BIGINT)) {
            keys.reserve(ROWS);
            for (int i = 0; i < ROWS; i++) {
                keys.setLong(i, i * 31L % 10_007);
            }
            keys.setRowCount(ROWS);
            int[] groups = new int[ROWS];
            whole.assign(new ColumnVector[] {keys.vector()}, null, ROWS, groups);
            int[] single = new int[1];
            int[] expected = new int[ROWS];
            for (int i = 0; i < ROWS; i++) {
                one.clear();
                one.append(keys.vector(), i, 1);
                parts.assign(new ColumnVector[] {one.vector()}, null, 1, single);
                expected[i] = single[0];
            }
            assertThat(Arrays.equals(groups, expected)).isTrue();
        }
    }

    /** Stops the work at each of its polls in turn: it must end there, give its memory back, and poll at least once in so many rows. */
    private void assertPolls(int least, Runnable work) {
        stopped = false;
        polls = 0;
        work.run();
        int all = polls;
        assertThat(all).isGreaterThanOrEqualTo(least);
        for (int i = 1; i <= all; i++) {
            polls = 0;
            stopAt = i;
            assertStopped(work::run);
            assertThat(budget.usedBytes()).as("held after a stop at poll %d", i).isZero();
        }
        stopAt = Integer.MAX_VALUE;
    }

    @Test
    void rowsByGroupStopInBothOfTheirPasses() {
        int[] groups = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            groups[i] = i % 3;
        }
        assertPolls(
                2 * (ROWS / MemoryBudget.POLL_STEPS),
                () -> RowsByGroup.of(budget, groups, ROWS, 3).close());
    }

    @Test
    void longResultsOfWholePartitionsAreCopiedInSteps() {
        List<ColumnType> texts = List.of(ColumnType.VARCHAR);
        AggregateFunction greatest = FunctionRegistry.standard().aggregate("max", texts);
        Frame all = new Frame(
                FrameUnit.ROWS,
                new Bound(BoundKind.UNBOUNDED_PRECEDING, null),
                new Bound(BoundKind.UNBOUNDED_FOLLOWING, null),
                Exclusion.NONE);
        Expression text = QueryFixture.column(texts, 0);
        WindowCall call =
                new WindowCall(Kind.AGGREGATE, greatest, List.of(text), all, false, greatest.result(), "greatest");
        PhysicalPlan.Window plan = new PhysicalPlan.Window(
                QueryFixture.shape(texts),
                List.of(),
                List.of(),
                List.of(),
                List.of(call),
                QueryFixture.columns(List.of(ColumnType.VARCHAR, ColumnType.VARCHAR)));
        int rows = 1000;
        RowSource source = new RowSource(budget, texts, rows(i -> "a text " + i).subList(0, rows), null, new Random(2));
        try (Operator window = new WindowOperator(plan, context(), source)) {
            polls = 0;
            assertThat(window.next()).isNotNull();
            assertThat(polls).isGreaterThan(rows / 100);
        }
    }

    @Test
    void asofIndexStopsWhileItReadsTimes() {
        try (WritableColumn times = new WritableColumn(budget, ColumnType.BIGINT)) {
            times.reserve(ROWS);
            for (int i = 0; i < ROWS; i++) {
                times.setLong(i, i);
            }
            times.setRowCount(ROWS);
            int[] groups = new int[ROWS];
            for (int i = 0; i < ROWS; i++) {
                groups[i] = i & 1;
            }
            polls = 0;
            try (RowsByGroup byKey = RowsByGroup.of(budget, groups, ROWS, 2)) {
                long before = budget.usedBytes();
                polls = 0;
                AsofIndex.of(budget, byKey, times.vector(), null, false).close();
                assertThat(polls).isGreaterThanOrEqualTo(ROWS / MemoryBudget.POLL_STEPS);
                int all = polls;
                for (int i = 1; i <= all; i++) {
                    polls = 0;
                    stopAt = i;
                    assertStopped(() -> AsofIndex.of(budget, byKey, times.vector(), null, false));
                    assertThat(budget.usedBytes()).isEqualTo(before);
                }
            }
        }
    }

    @Test
    void aggregatesStopBeforeTheyGrow() {
        try (DoubleSum sum = new DoubleSum(budget, false)) {
            sum.reserve(8);
            stopped = true;
            assertStopped(() -> sum.reserve(ROWS));
        }
    }
}
