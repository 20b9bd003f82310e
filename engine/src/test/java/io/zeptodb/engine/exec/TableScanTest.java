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
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.exec.expression.BoxedValues;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.plan.TimeBound;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scans of random tables, pruned and filtered in random ways, against a look at every row. */
class TableScanTest {
    private static final long SLICE = 1000;
    private static final int TIME = 1;
    private static final int KEY = 0;
    private static final int PRICE = 2;
    private static final int NOTE = 3;
    private static final int FLAG = 4;

    private RootAllocator root;
    private MemoryBudget budget;
    private @Nullable MemoryTable table;

    @BeforeEach
    void open() {
        root = new RootAllocator();
        budget = new MemoryBudget(root.newChildAllocator("test", 0, Long.MAX_VALUE));
    }

    @AfterEach
    void nothingIsLeft() {
        if (table != null) {
            table.close();
        }
        assertThat(budget.usedBytes()).isZero();
        budget.close();
        root.close();
    }

    private static TableSchema schema(ColumnType keyType, boolean byKey) {
        return new TableSchema(
                "ticks",
                List.of(
                        new ColumnDefinition("symbol", keyType, true),
                        new ColumnDefinition("ts", ColumnType.TIMESTAMP_NS, true),
                        new ColumnDefinition("price", ColumnType.DOUBLE, true),
                        new ColumnDefinition("note", ColumnType.VARCHAR, true),
                        new ColumnDefinition("flag", ColumnType.BOOLEAN, true)),
                TIME,
                byKey ? KEY : TableSchema.NONE,
                new PartitionScheme(byKey, TimeSlice.HOUR));
    }

    private static Object key(ColumnType type, int number) {
        return type.equals(ColumnType.SYMBOL) ? "S" + number : (Object) (long) number;
    }

    private MemoryTable randomTable(Random random, TableSchema schema, int keys, int rowsEach, boolean nulls) {
        MemoryTable made = new MemoryTable(schema, budget);
        for (int slice = 0; slice < 3; slice++) {
            made.addPartition(slice * SLICE, (slice + 1) * SLICE);
            for (int segment = 0; segment < 1 + random.nextInt(3); segment++) {
                List<@Nullable Object[]> rows = new ArrayList<>();
                for (int i = 0; i < 1 + random.nextInt(rowsEach); i++) {
                    rows.add(row(random, schema, keys, slice, nulls));
                }
                made.addSegment(rows, random.nextBoolean());
            }
        }
        made.addPartition(Long.MIN_VALUE, Long.MAX_VALUE);
        List<@Nullable Object[]> untimed = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Object[] row = row(random, schema, keys, 0, nulls);
            row[TIME] = null;
            untimed.add(row);
        }
        made.addSegment(untimed, false);
        table = made;
        return made;
    }

    private static @Nullable Object[] row(Random random, TableSchema schema, int keys, int slice, boolean nulls) {
        double share = nulls ? 0.2 : 0;
        return new @Nullable Object[] {
            random.nextDouble() < share ? null : key(schema.typeOf(KEY), random.nextInt(keys)),
            slice * SLICE + random.nextInt((int) SLICE),
            random.nextDouble() < share ? null : (Double) (double) random.nextInt(100),
            random.nextDouble() < share ? null : "a note that is long enough " + random.nextInt(5),
            random.nextDouble() < share ? null : (Boolean) random.nextBoolean()
        };
    }

    private ExecutionContext context(MemoryTable snapshot, Workers workers, @Nullable Object... parameters) {
        return new ExecutionContext(
                snapshot, parameters, 0, budget, workers, new Cancellation(), new LongAdder(), name -> List.of());
    }

    private static TableScan scan(
            MemoryTable table,
            List<Integer> ordinals,
            @Nullable List<Expression> keys,
            List<TimeBound> bounds,
            List<Expression> filters) {
        TableSchema schema = table.metadata().schema();
        List<PlanColumn> columns = ordinals.stream()
                .map(ordinal -> ordinal == SegmentSnapshot.SEQUENCE
                        ? new PlanColumn("sequence", ColumnType.BIGINT, false)
                        : new PlanColumn("c" + ordinal, schema.typeOf(ordinal), true))
                .toList();
        return new TableScan(table.metadata(), ordinals, keys, bounds, filters, columns);
    }

    private static List<Integer> allOrdinals() {
        return List.of(NOTE, KEY, TIME, SegmentSnapshot.SEQUENCE, FLAG, PRICE);
    }

    private static List<String> read(Operator operator) {
        List<String> rows = new ArrayList<>();
        try (operator) {
            for (Batch batch = operator.next(); batch != null; batch = operator.next()) {
                assertThat(batch.selectedCount()).isPositive();
                for (int i = 0; i < batch.selectedCount(); i++) {
                    List<@Nullable Object> row = new ArrayList<>();
                    for (int c = 0; c < batch.columnCount(); c++) {
                        row.add(BoxedValues.read(batch.column(c), batch.position(i)));
                    }
                    rows.add(row.toString());
                }
            }
            assertThat(operator.next()).isNull();
        }
        return rows;
    }

    private static List<String> expected(
            MemoryTable table, List<Integer> ordinals, java.util.function.Predicate<@Nullable Object[]> passes) {
        return table.rows().stream()
                .filter(passes)
                .map(row -> ordinals.stream()
                        .map(ordinal -> row[ordinal == SegmentSnapshot.SEQUENCE ? row.length - 1 : ordinal])
                        .toList()
                        .toString())
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void scansFindTheRowsThatPassAndNoOther(long seed) {
        Random random = new Random(seed);
        ColumnType keyType = random.nextBoolean() ? ColumnType.SYMBOL : ColumnType.INTEGER;
        boolean byKey = random.nextInt(4) > 0;
        int rowsEach = random.nextBoolean() ? 3000 : 200;
        MemoryTable made =
                randomTable(random, schema(keyType, byKey), 1 + random.nextInt(40), rowsEach, random.nextBoolean());
        for (int i = 0; i < 20; i++) {
            long low = random.nextInt(4000) - 500L;
            long high = low + random.nextInt(2500);
            boolean bounded = random.nextBoolean();
            List<TimeBound> bounds = bounded
                    ? List.of(
                            new TimeBound(Comparator.GREATER, new Expression.Literal(low, ColumnType.TIMESTAMP_NS)),
                            new TimeBound(
                                    Comparator.LESS_OR_EQUAL, new Expression.Parameter(0, ColumnType.TIMESTAMP_NS)))
                    : List.of();
            boolean keyed = byKey && random.nextBoolean();
            Object one = key(keyType, random.nextInt(40));
            Object other = key(keyType, random.nextInt(60));
            ColumnType literal = keyType.equals(ColumnType.SYMBOL) ? ColumnType.VARCHAR : ColumnType.BIGINT;
            List<Expression> keys = keyed
                    ? List.of(
                            new Expression.Literal(one, literal),
                            new Expression.Literal(null, literal),
                            new Expression.Literal(other, literal),
                            new Expression.Literal(one, literal))
                    : null;
            boolean filtered = random.nextBoolean();
            double price = random.nextInt(110);
            List<Expression> filters = filtered
                    ? List.of(new Expression.Comparison(
                            Comparator.LESS,
                            new Expression.Column(5, ColumnType.DOUBLE),
                            new Expression.Literal(price, ColumnType.DOUBLE)))
                    : List.of();
            TableScan plan = scan(made, allOrdinals(), keys, bounds, filters);
            ExecutionContext context = context(made, Workers.NONE, high);
            List<String> expected = expected(made, allOrdinals(), row -> {
                boolean inTime = !bounded || (row[TIME] != null && (Long) row[TIME] > low && (Long) row[TIME] <= high);
                boolean inKeys = !keyed || one.equals(row[KEY]) || other.equals(row[KEY]);
                return inTime && inKeys && (!filtered || (row[PRICE] != null && (Double) row[PRICE] < price));
            });
            assertThat(read(new TableScanOperator(plan, context)).stream().sorted())
                    .as("low %d high %d keys %s price %s", low, high, keys, price)
                    .containsExactlyElementsOf(expected);
            for (boolean byRun : new boolean[] {true, false}) {
                assertThat(sharedScan(plan, context, 1 + random.nextInt(500), byRun).stream()
                                .sorted())
                        .as("by run: %s", byRun)
                        .containsExactlyElementsOf(expected);
            }
        }
    }

    /** Three operators take turns over small morsels. */
    private static List<String> sharedScan(TableScan plan, ExecutionContext context, int morselRows, boolean byRun) {
        Morsels morsels = new Morsels(new ScanRanges(plan, context), morselRows, byRun, context.budget());
        List<TableScanOperator> scans = Stream.generate(() -> new TableScanOperator(morsels, context))
                .limit(3)
                .toList();
        List<String> rows = new ArrayList<>();
        boolean more = true;
        while (more) {
            more = false;
            for (TableScanOperator scan : scans) {
                Batch batch = scan.next();
                if (batch != null) {
                    more = true;
                    for (int i = 0; i < batch.selectedCount(); i++) {
                        List<@Nullable Object> row = new ArrayList<>();
                        for (int c = 0; c < batch.columnCount(); c++) {
                            row.add(BoxedValues.read(batch.column(c), batch.position(i)));
                        }
                        rows.add(row.toString());
                    }
                }
            }
        }
        scans.forEach(TableScanOperator::close);
        return rows;
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void piecesSayWhichRunEachRowComesFrom(long seed) {
        Random random = new Random(seed);
        MemoryTable made = randomTable(random, schema(ColumnType.INTEGER, true), 30, 2000, true);
        TableScan plan = scan(made, List.of(KEY, SegmentSnapshot.SEQUENCE), null, List.of(), List.of());
        ExecutionContext context = context(made, Workers.NONE);
        ScanRanges ranges = new ScanRanges(plan, context);
        RangeList list = new RangeList();
        long rows = 0;
        try (Morsels morsels = new Morsels(ranges, budget);
                RangeReader reader = new RangeReader(ranges, context)) {
            while (morsels.take(list) >= 0) {
                reader.begin(list);
                for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
                    int position = 0;
                    for (int piece = 0; piece < reader.pieces(); piece++) {
                        int range = reader.pieceRange(piece);
                        SegmentSnapshot segment = ranges.segment(list.segment(range));
                        int run = list.run(range);
                        for (; position < reader.pieceEnd(piece); position++) {
                            Object key = BoxedValues.read(batch.column(0), position);
                            assertThat(key).isEqualTo(segment.runKeyIsNull(run) ? null : (Object) segment.runKey(run));
                        }
                    }
                    assertThat(position).isEqualTo(batch.rowCount());
                    rows += position;
                }
            }
        }
        assertThat(rows).isEqualTo(made.rowCount());
        assertThat(context.rowsScanned().sum()).isEqualTo(made.rowCount());
    }

    /** Portions of 100 rows cut runs of some seven rows anywhere. */
    @ParameterizedTest
    @ValueSource(ints = {100, Morsels.ROWS})
    void shortRunsThatFollowEachOtherInMemoryAreReadAsOneRange(int morselRows) {
        MemoryTable made = new MemoryTable(schema(ColumnType.INTEGER, true), budget);
        table = made;
        made.addPartition(0, SLICE);
        Random random = new Random(31);
        for (int segment = 0; segment < 2; segment++) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                rows.add(row(random, made.metadata().schema(), 150, 0, false));
            }
            made.addSegment(rows, true);
        }
        TableScan plan = scan(made, List.of(KEY, SegmentSnapshot.SEQUENCE), null, List.of(), List.of());
        ExecutionContext context = context(made, Workers.NONE);
        ScanRanges ranges = new ScanRanges(plan, context);
        assertThat(ranges.segment(0).runsAreContiguous()).isTrue();
        RangeList list = new RangeList();
        int batches = 0;
        try (Morsels morsels = new Morsels(ranges, morselRows, true, budget);
                RangeReader reader = new RangeReader(ranges, context)) {
            while (morsels.take(list) >= 0) {
                for (int range = 0; range < list.size(); range++) {
                    boolean continues = range > 0 && list.segment(range) == list.segment(range - 1);
                    assertThat(list.follows(range)).isEqualTo(continues);
                    assertThat(continues && list.run(range) != list.run(range - 1) + 1)
                            .isFalse();
                }
                reader.begin(list);
                while (reader.next() != null) {
                    batches++;
                }
            }
        }
        assertThat(context.rowsScanned().sum()).isEqualTo(2000);
        // a portion ends at the segment's end or goes on into the next one, which is another batch
        assertThat(batches).isLessThanOrEqualTo(2000 / morselRows + 2);
    }

    @Test
    void segmentsAreNotReadWhenTheirStatisticsExcludeEveryRow() {
        MemoryTable made = new MemoryTable(schema(ColumnType.SYMBOL, true), budget);
        table = made;
        made.addPartition(0, SLICE);
        for (int i = 0; i < 10; i++) {
            Object[] row = {"A", (long) i, (double) i, null, null};
            made.addSegment(List.<@Nullable Object[]>of(row), true);
        }
        TableScan plan = scan(
                made,
                List.of(PRICE),
                null,
                List.of(),
                List.of(new Expression.Comparison(
                        Comparator.GREATER_OR_EQUAL,
                        new Expression.Column(0, ColumnType.DOUBLE),
                        new Expression.Literal(8.0, ColumnType.DOUBLE))));
        ExecutionContext context = context(made, Workers.NONE);
        assertThat(read(new TableScanOperator(plan, context))).containsExactly("[8.0]", "[9.0]");
        assertThat(context.rowsScanned().sum()).isEqualTo(2);
    }

    @Test
    void aSegmentWithAHoleInItsColumnIsNotReadForAComparisonOfThatColumn() {
        MemoryTable made = new MemoryTable(schema(ColumnType.SYMBOL, true), budget);
        table = made;
        made.addPartition(0, SLICE);
        Object[] row = {"A", 1L, null, null, null};
        made.addSegment(List.<@Nullable Object[]>of(row), true);
        Expression price = new Expression.Column(0, ColumnType.DOUBLE);
        Expression one = new Expression.Literal(1.0, ColumnType.DOUBLE);
        for (Comparator operator : Comparator.values()) {
            TableScan plan = scan(
                    made, List.of(PRICE), null, List.of(), List.of(new Expression.Comparison(operator, price, one)));
            assertThat(read(new TableScanOperator(plan, context(made, Workers.NONE))))
                    .as(operator.sign())
                    .hasSize(operator == Comparator.DISTINCT ? 1 : 0);
        }
    }

    @Test
    void aBoundOfNullLetsNoRowPass() {
        MemoryTable made = randomTable(new Random(5), schema(ColumnType.SYMBOL, true), 3, 50, false);
        TableScan plan = scan(
                made,
                List.of(TIME),
                null,
                List.of(new TimeBound(Comparator.GREATER, new Expression.Literal(null, ColumnType.TIMESTAMP_NS))),
                List.of());
        assertThat(read(new TableScanOperator(plan, context(made, Workers.NONE))))
                .isEmpty();
    }

    @Test
    void boundsAtTheEndsOfTimeDoNotWrapAround() {
        MemoryTable made = randomTable(new Random(5), schema(ColumnType.SYMBOL, true), 3, 50, false);
        for (Comparator operator : List.of(Comparator.GREATER, Comparator.LESS)) {
            long end = operator == Comparator.GREATER ? Long.MAX_VALUE : Long.MIN_VALUE;
            TableScan plan = scan(
                    made,
                    List.of(TIME),
                    null,
                    List.of(new TimeBound(operator, new Expression.Literal(end, ColumnType.TIMESTAMP_NS))),
                    List.of());
            assertThat(read(new TableScanOperator(plan, context(made, Workers.NONE))))
                    .isEmpty();
        }
    }

    @Test
    void aStoppedQueryEndsWithTheReason() {
        MemoryTable made = new MemoryTable(schema(ColumnType.SYMBOL, true), budget);
        table = made;
        made.addPartition(0, SLICE);
        Random random = new Random(6);
        made.addSegment(
                Stream.generate(() -> row(random, made.metadata().schema(), 1, 0, false))
                        .limit(2L * Batch.ROWS)
                        .toList(),
                true);
        ExecutionContext context = context(made, Workers.NONE);
        try (Operator scan = Operators.open(scan(made, List.of(TIME), null, List.of(), List.of()), context)) {
            assertThat(scan.next()).isNotNull();
            context.cancellation().stop(ErrorCode.TIMEOUT, "statement ran longer than 1 s");
            assertThatThrownBy(scan::next)
                    .isInstanceOf(EngineException.class)
                    .hasMessage("statement ran longer than 1 s");
        }
    }

    @Test
    void rowsComeBySliceThenSegmentThenRunInTheOrderTheyLie() {
        MemoryTable made = new MemoryTable(schema(ColumnType.INTEGER, true), budget);
        table = made;
        for (int slice = 0; slice < 2; slice++) {
            made.addPartition(slice * SLICE, (slice + 1) * SLICE);
            made.addSegment(
                    Arrays.asList(
                            new @Nullable Object[] {2L, slice * SLICE + 5, null, null, null},
                            new @Nullable Object[] {1L, slice * SLICE + 3, null, null, null},
                            new @Nullable Object[] {2L, slice * SLICE + 4, null, null, null}),
                    true);
        }
        TableScan plan = scan(made, List.of(KEY, TIME), null, List.of(), List.of());
        assertThat(read(new TableScanOperator(plan, context(made, Workers.NONE))))
                .containsExactly("[2, 4]", "[2, 5]", "[1, 3]", "[2, 1004]", "[2, 1005]", "[1, 1003]");
    }
}
