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
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.function.FunctionRegistry;
import io.zeptodb.engine.function.StandardAggregates;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import io.zeptodb.engine.plan.SortKey;
import io.zeptodb.engine.plan.WindowCall;
import io.zeptodb.engine.plan.WindowCall.Bound;
import io.zeptodb.engine.plan.WindowCall.BoundKind;
import io.zeptodb.engine.plan.WindowCall.Exclusion;
import io.zeptodb.engine.plan.WindowCall.Frame;
import io.zeptodb.engine.plan.WindowCall.FrameUnit;
import io.zeptodb.engine.plan.WindowCall.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows run by run, against the operator that puts all rows in order first. */
class RunWindowOperatorTest {
    private static final int SEEDS = 20;
    private static final long SLICE = 10_000;
    private static final int SEQUENCE = 5;
    private static final FunctionRegistry FUNCTIONS = new FunctionRegistry(StandardAggregates.definitions());
    private static final List<ColumnType> TYPES = List.of(
            ColumnType.SYMBOL,
            ColumnType.TIMESTAMP_NS,
            ColumnType.DOUBLE,
            ColumnType.BIGINT,
            ColumnType.INTEGER,
            ColumnType.BIGINT);

    private static TableSchema schema(boolean byKey) {
        return new TableSchema(
                "ticks",
                List.of(
                        new ColumnDefinition("symbol", ColumnType.SYMBOL, true),
                        new ColumnDefinition("ts", ColumnType.TIMESTAMP_NS, true),
                        new ColumnDefinition("price", ColumnType.DOUBLE, true),
                        new ColumnDefinition("volume", ColumnType.BIGINT, true),
                        new ColumnDefinition("lots", ColumnType.INTEGER, true)),
                1,
                byKey ? 0 : TableSchema.NONE,
                new PartitionScheme(byKey, TimeSlice.HOUR));
    }

    private static MemoryTable table(QueryFixture fixture, Random random, boolean byKey, boolean overlapping) {
        MemoryTable table = new MemoryTable(schema(byKey), fixture.budget);
        int keys = 1 + random.nextInt(8);
        boolean nulls = random.nextBoolean();
        int most = random.nextInt(3) == 0 ? 3000 : 60;
        for (int slice = 0; slice < 4; slice++) {
            table.addPartition(slice * SLICE, (slice + 1) * SLICE);
            long time = slice * SLICE;
            for (int segment = 0; segment < 2; segment++) {
                List<@Nullable Object[]> rows = new ArrayList<>();
                time = segment == 1 && overlapping ? slice * SLICE : time + 1;
                for (int i = 0; i <= random.nextInt(most); i++) {
                    time += random.nextInt(3);
                    rows.add(new Object[] {
                        nulls && random.nextInt(9) == 0 ? null : "S" + random.nextInt(keys),
                        time,
                        nulls && random.nextInt(5) == 0 ? null : QueryFixture.randomValue(ColumnType.DOUBLE, random),
                        nulls && random.nextInt(5) == 0 ? null : random.nextInt(100) - 50L,
                        nulls && random.nextInt(5) == 0 ? null : (long) random.nextInt()
                    });
                }
                table.addSegment(rows, random.nextBoolean());
            }
        }
        return table;
    }

    private static TableScan scan(MemoryTable table, List<Expression> filters) {
        return new TableScan(
                table.metadata(),
                List.of(0, 1, 2, 3, 4, SegmentSnapshot.SEQUENCE),
                null,
                List.of(),
                filters,
                QueryFixture.columns(TYPES));
    }

    private static Expression literal(long value) {
        return new Expression.Literal(value, ColumnType.BIGINT);
    }

    private static WindowCall aggregate(String name, int column, long back) {
        List<ColumnType> types = column < 0 ? List.of() : List.of(TYPES.get(column));
        AggregateFunction function = FUNCTIONS.aggregate(name, types);
        Frame frame = new Frame(
                FrameUnit.ROWS,
                new Bound(BoundKind.PRECEDING, literal(back)),
                new Bound(BoundKind.CURRENT_ROW, null),
                Exclusion.NONE);
        List<Expression> arguments = column < 0 ? List.of() : List.of(QueryFixture.column(TYPES, column));
        return new WindowCall(Kind.AGGREGATE, function, arguments, frame, false, function.result(), name);
    }

    private static WindowCall plain(Kind kind, ColumnType type, Expression... arguments) {
        Frame frame = new Frame(
                FrameUnit.RANGE,
                new Bound(BoundKind.UNBOUNDED_PRECEDING, null),
                new Bound(BoundKind.CURRENT_ROW, null),
                Exclusion.NONE);
        return new WindowCall(kind, null, List.of(arguments), frame, false, type, kind.name());
    }

    private static List<WindowCall> calls(Random random) {
        List<WindowCall> calls = new ArrayList<>();
        calls.add(plain(Kind.ROW_NUMBER, ColumnType.BIGINT));
        for (int column : new int[] {0, 1, 2, 3, 4}) {
            Expression value = QueryFixture.column(TYPES, column);
            calls.add(plain(Kind.LAG, TYPES.get(column), value, literal(random.nextInt(5))));
        }
        for (int column : new int[] {0, 1, 2, 3, 4}) {
            Expression value = QueryFixture.column(TYPES, column);
            Frame all = new Frame(
                    FrameUnit.ROWS,
                    new Bound(BoundKind.UNBOUNDED_PRECEDING, null),
                    new Bound(BoundKind.CURRENT_ROW, null),
                    Exclusion.NONE);
            calls.add(new WindowCall(Kind.LAST_VALUE, null, List.of(value), all, true, TYPES.get(column), "fills"));
        }
        Expression price = QueryFixture.column(TYPES, 2);
        calls.add(plain(Kind.EMA, ColumnType.DOUBLE, price, literal(1 + random.nextInt(9))));
        calls.add(plain(Kind.EMA_HALFLIFE, ColumnType.DOUBLE, price, QueryFixture.column(TYPES, 1), literal(2)));
        calls.add(aggregate("count", -1, random.nextInt(30)));
        for (int column : new int[] {2, 3, 4}) {
            for (String name : List.of("count", "sum", "avg", "min", "max")) {
                calls.add(aggregate(name, column, random.nextInt(random.nextBoolean() ? 3 : 200)));
            }
        }
        return calls;
    }

    private static PhysicalPlan.Window window(
            PhysicalPlan input, List<Integer> partitionBy, List<SortKey> order, List<WindowCall> calls) {
        List<ColumnType> output = new ArrayList<>(input.types());
        calls.forEach(call -> output.add(call.type()));
        return new PhysicalPlan.Window(input, partitionBy, order, List.of(), calls, QueryFixture.columns(output));
    }

    private static ExecutionContext over(QueryFixture fixture, MemoryTable table) {
        ExecutionContext base = fixture.context;
        return new ExecutionContext(
                table,
                base.parameters(),
                base.nowNanos(),
                base.budget(),
                base.workers(),
                base.cancellation(),
                base.rowsScanned(),
                base.systemRows());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void givesWhatTheWindowOverAllRowsGives(boolean byKey) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            try (QueryFixture fixture = new QueryFixture();
                    MemoryTable table = table(fixture, random, byKey, false)) {
                List<SortKey> order = new ArrayList<>(List.of(new SortKey(1, false, false)));
                if (random.nextBoolean()) {
                    order.add(new SortKey(SEQUENCE, false, false));
                }
                PhysicalPlan.Window plan =
                        window(scan(table, List.of()), byKey ? List.of(0) : List.of(), order, calls(random));
                ExecutionContext context = over(fixture, table);
                Operator byRuns = RunWindowOperator.open(plan, context);
                assertThat(byRuns).isNotNull();
                List<List<@Nullable Object>> actual = bySequence(QueryFixture.drain(byRuns));
                List<List<@Nullable Object>> expected = bySequence(QueryFixture.drain(
                        new WindowOperator(plan, context, new TableScanOperator(scan(table, List.of()), context))));
                assertThat(actual).hasSameSizeAs(expected);
                for (int i = 0; i < actual.size(); i++) {
                    for (int c = 0; c < actual.get(i).size(); c++) {
                        assertThat(NaiveWindow.near(
                                        expected.get(i).get(c), actual.get(i).get(c)))
                                .as(
                                        "seed %d row %d column %d: expected %s got %s",
                                        seed, i, c, expected.get(i), actual.get(i))
                                .isTrue();
                    }
                }
            }
        }
    }

    private static List<List<@Nullable Object>> bySequence(List<List<@Nullable Object>> rows) {
        rows.sort(Comparator.comparing(row -> (Long) row.get(SEQUENCE)));
        return rows;
    }

    @Test
    void leavesWhatItCannotDoToTheOther() {
        Random random = new Random(1);
        List<SortKey> byTime = List.of(new SortKey(1, false, false));
        List<WindowCall> sum = List.of(aggregate("sum", 3, 5));
        try (QueryFixture fixture = new QueryFixture();
                MemoryTable overlapping = table(fixture, random, true, true);
                MemoryTable table = table(fixture, random, true, false)) {
            ExecutionContext context = over(fixture, table);
            TableScan scan = scan(table, List.of());
            Expression filter = new Expression.IsNull(QueryFixture.column(TYPES, 2), true);
            assertThat(opens(window(scan, List.of(0), byTime, sum), context)).isTrue();
            assertThat(opens(window(scan(overlapping, List.of()), List.of(0), byTime, sum), over(fixture, overlapping)))
                    .isFalse();
            assertThat(opens(window(scan(table, List.of(filter)), List.of(0), byTime, sum), context))
                    .isFalse();
            assertThat(opens(window(scan, List.of(), byTime, sum), context)).isFalse();
            assertThat(opens(window(scan, List.of(0), List.of(new SortKey(1, true, false)), sum), context))
                    .isFalse();
            assertThat(opens(window(scan, List.of(0), byTime, List.of(aggregate("stddev", 2, 5))), context))
                    .isFalse();
            assertThat(opens(window(scan, List.of(0), byTime, List.of(aggregate("sum", 3, 100_000))), context))
                    .isFalse();
        }
    }

    private static boolean opens(PhysicalPlan.Window plan, ExecutionContext context) {
        try (Operator operator = RunWindowOperator.open(plan, context)) {
            return operator != null;
        }
    }

    @Test
    void aSumThatDoesNotFitIsAnError() {
        try (QueryFixture fixture = new QueryFixture();
                MemoryTable table = new MemoryTable(schema(true), fixture.budget)) {
            table.addPartition(0, SLICE);
            table.addSegment(
                    List.of(
                            new Object[] {"a", 1L, 0.0, Long.MAX_VALUE, 1L},
                            new Object[] {"b", 1L, 0.0, Long.MIN_VALUE, 1L},
                            new Object[] {"a", 2L, 0.0, 5L, 1L}),
                    true);
            PhysicalPlan.Window plan = window(
                    scan(table, List.of()),
                    List.of(0),
                    List.of(new SortKey(1, false, false)),
                    List.of(aggregate("sum", 3, 1)));
            assertThatThrownBy(() -> QueryFixture.drain(Operators.open(plan, over(fixture, table))))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NUMERIC_OUT_OF_RANGE));
        }
    }
}
