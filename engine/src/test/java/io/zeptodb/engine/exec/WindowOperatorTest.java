package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.function.FunctionRegistry;
import io.zeptodb.engine.function.StandardAggregates;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.SortKey;
import io.zeptodb.engine.plan.WindowCall;
import io.zeptodb.engine.plan.WindowCall.Bound;
import io.zeptodb.engine.plan.WindowCall.BoundKind;
import io.zeptodb.engine.plan.WindowCall.Exclusion;
import io.zeptodb.engine.plan.WindowCall.Frame;
import io.zeptodb.engine.plan.WindowCall.FrameUnit;
import io.zeptodb.engine.plan.WindowCall.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class WindowOperatorTest {
    private static final int SEEDS = 12;
    private static final int LEAST_COMPARED = 120;
    private static final FunctionRegistry FUNCTIONS = new FunctionRegistry(StandardAggregates.definitions());

    /** Partition key, two order keys, then values: BIGINT, DOUBLE, VARCHAR, INTEGER, TIMESTAMP, BOOLEAN. */
    static final int ORDER = 1;

    private static final int VALUES = 3;

    private static final List<ColumnType> VALUE_TYPES = List.of(
            ColumnType.BIGINT,
            ColumnType.DOUBLE,
            ColumnType.VARCHAR,
            ColumnType.INTEGER,
            ColumnType.TIMESTAMP_NS,
            ColumnType.BOOLEAN,
            ColumnType.SYMBOL);

    static List<ColumnType> orderTypes() {
        return List.of(
                ColumnType.BIGINT,
                ColumnType.TIMESTAMP_NS,
                ColumnType.DOUBLE,
                ColumnType.VARCHAR,
                ColumnType.SYMBOL,
                ColumnType.DATE,
                ColumnType.decimal(12, 2),
                ColumnType.SMALLINT);
    }

    static List<ColumnType> types(ColumnType order, Random random) {
        List<ColumnType> types = new ArrayList<>();
        types.add(random.nextBoolean() ? ColumnType.SYMBOL : ColumnType.BIGINT);
        types.add(order);
        types.add(random.nextBoolean() ? ColumnType.INTEGER : ColumnType.VARCHAR);
        types.addAll(VALUE_TYPES);
        return types;
    }

    @ParameterizedTest
    @MethodSource("orderTypes")
    void everyFunctionGivesWhatTheNaiveOneGivesOverRandomFrames(ColumnType orderType) {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<ColumnType> types = types(orderType, random);
            List<@Nullable Object[]> rows = QueryFixture.randomRows(types, 1 + random.nextInt(160), random);
            List<SortKey> orderBy = new ArrayList<>();
            int orderKeys = random.nextInt(3);
            for (int i = 0; i < orderKeys; i++) {
                orderBy.add(new SortKey(ORDER + i, random.nextBoolean(), random.nextBoolean()));
            }
            List<Integer> partitionBy = random.nextInt(3) == 0 ? List.of() : List.of(0);
            if (random.nextInt(3) == 0) {
                rows = NaiveWindow.inOrder(rows, partitionBy, orderBy);
            }
            List<WindowCall> calls = calls(types, orderBy, random);
            check(new WindowCase("seed " + seed, types, rows, partitionBy, orderBy, calls), random);
        }
    }

    @ParameterizedTest
    @EnumSource(FrameUnit.class)
    void longFramesOfEveryAggregateGiveWhatShortOnesGive(FrameUnit unit) {
        Random random = new Random(3);
        List<ColumnType> types = types(ColumnType.BIGINT, random);
        List<@Nullable Object[]> rows = QueryFixture.randomRows(types, 1200, random);
        rows.forEach(row -> row[ORDER] = (long) random.nextInt(1000));
        List<SortKey> orderBy = List.of(new SortKey(ORDER, false, false));
        List<WindowCall> calls = new ArrayList<>();
        for (long width : new long[] {3, 300, 800}) {
            Frame frame = new Frame(
                    unit,
                    new Bound(BoundKind.PRECEDING, literal(width)),
                    new Bound(BoundKind.FOLLOWING, literal(width / 3)),
                    width == 300 ? Exclusion.TIES : Exclusion.NONE);
            aggregates(types).forEach(one -> calls.add(call(one.function, one.column, types, frame)));
        }
        check(new WindowCase(unit.name(), types, rows, List.of(), orderBy, calls), random);
    }

    @Test
    void runningFramesOfEveryAggregateGoOnFromResultToResult() {
        Random random = new Random(5);
        List<ColumnType> types = types(ColumnType.BIGINT, random);
        List<@Nullable Object[]> rows = QueryFixture.randomRows(types, 300, random);
        List<SortKey> orderBy = List.of(new SortKey(ORDER, false, false));
        Frame frame = new Frame(
                FrameUnit.ROWS,
                new Bound(BoundKind.UNBOUNDED_PRECEDING, null),
                new Bound(BoundKind.CURRENT_ROW, null),
                Exclusion.NONE);
        List<WindowCall> calls = new ArrayList<>();
        aggregates(types).forEach(one -> calls.add(call(one.function, one.column, types, frame)));
        check(new WindowCase("running", types, rows, List.of(0), orderBy, calls), random);
    }

    private record Aggregate(AggregateFunction function, int column) {}

    private static List<Aggregate> aggregates(List<ColumnType> types) {
        List<Aggregate> all = new ArrayList<>();
        for (int c = VALUES; c < types.size(); c++) {
            for (String name : List.of("count", "sum", "avg", "min", "max", "stddev", "any_value", "median")) {
                try {
                    AggregateFunction function = FUNCTIONS.aggregate(name, List.of(types.get(c)));
                    // a plan would cast; here only functions that take the column as it is
                    if (function.parameters().equals(List.of(types.get(c)))) {
                        all.add(new Aggregate(function, c));
                    }
                } catch (EngineException e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.UNDEFINED_FUNCTION);
                }
            }
        }
        assertThat(all).hasSizeGreaterThan(20);
        return all;
    }

    private static WindowCall call(AggregateFunction function, int column, List<ColumnType> types, Frame frame) {
        return new WindowCall(
                Kind.AGGREGATE,
                function,
                List.of(QueryFixture.column(types, column)),
                frame,
                false,
                function.result(),
                function.name());
    }

    static List<WindowCall> calls(List<ColumnType> types, List<SortKey> orderBy, Random random) {
        List<WindowCall> calls = new ArrayList<>();
        Frame any = frame(types, orderBy, random);
        for (Kind kind : List.of(Kind.ROW_NUMBER, Kind.RANK, Kind.DENSE_RANK)) {
            calls.add(new WindowCall(kind, null, List.of(), any, false, ColumnType.BIGINT, kind.name()));
        }
        for (Kind kind : List.of(Kind.PERCENT_RANK, Kind.CUME_DIST)) {
            calls.add(new WindowCall(kind, null, List.of(), any, false, ColumnType.DOUBLE, kind.name()));
        }
        calls.add(new WindowCall(
                Kind.NTILE, null, List.of(literal(1 + random.nextInt(9))), any, false, ColumnType.BIGINT, "ntile"));
        for (int c = VALUES; c < types.size(); c++) {
            boolean ignore = random.nextBoolean();
            ColumnType type = types.get(c);
            Expression value = QueryFixture.column(types, c);
            Frame frame = frame(types, orderBy, random);
            calls.add(new WindowCall(Kind.FIRST_VALUE, null, List.of(value), frame, ignore, type, "first"));
            calls.add(new WindowCall(Kind.LAST_VALUE, null, List.of(value), frame, ignore, type, "last"));
            Expression nth = literal(1 + random.nextInt(4));
            calls.add(new WindowCall(Kind.NTH_VALUE, null, List.of(value, nth), frame, ignore, type, "nth"));
            List<Expression> shifted = new ArrayList<>(List.of(value));
            if (random.nextBoolean()) {
                shifted.add(random.nextBoolean() ? literal(random.nextInt(7) - 2) : QueryFixture.column(types, VALUES));
                if (random.nextBoolean()) {
                    shifted.add(value);
                }
            }
            Kind kind = random.nextBoolean() ? Kind.LAG : Kind.LEAD;
            calls.add(new WindowCall(kind, null, shifted, any, ignore, type, kind.name()));
        }
        addAverages(calls, types, any, random);
        List<Aggregate> aggregates = aggregates(types);
        for (int i = 0; i < 14; i++) {
            Aggregate one = aggregates.get(random.nextInt(aggregates.size()));
            calls.add(call(one.function, one.column, types, frame(types, orderBy, random)));
        }
        AggregateFunction countAll = FUNCTIONS.aggregate("count", List.of());
        calls.add(new WindowCall(
                Kind.AGGREGATE, countAll, List.of(), frame(types, orderBy, random), false, ColumnType.BIGINT, "n"));
        return calls;
    }

    private static void addAverages(List<WindowCall> calls, List<ColumnType> types, Frame any, Random random) {
        Expression value = QueryFixture.column(types, types.indexOf(ColumnType.DOUBLE));
        Expression time = QueryFixture.column(types, types.indexOf(ColumnType.TIMESTAMP_NS));
        Expression weight = new Expression.Literal(random.nextBoolean() ? 1.0 : 0.3, ColumnType.DOUBLE);
        ColumnType type = ColumnType.DOUBLE;
        calls.add(new WindowCall(
                Kind.EMA, null, List.of(value, literal(1 + random.nextInt(9))), any, false, type, "ema"));
        calls.add(new WindowCall(Kind.EMA_ALPHA, null, List.of(value, weight), any, false, type, "ema_alpha"));
        calls.add(new WindowCall(
                Kind.EMA_HALFLIFE,
                null,
                List.of(value, time, literal(1 + random.nextInt(9))),
                any,
                false,
                type,
                "ema_halflife"));
    }

    private static Frame frame(List<ColumnType> types, List<SortKey> orderBy, Random random) {
        FrameUnit unit = FrameUnit.values()[random.nextInt(3)];
        Exclusion exclusion = random.nextBoolean() ? Exclusion.NONE : Exclusion.values()[random.nextInt(4)];
        TypeKind kind = types.get(ORDER).kind();
        boolean offsets = unit != FrameUnit.RANGE || (orderBy.size() == 1 && !kind.isText() && kind != TypeKind.DATE);
        while (true) {
            Bound start = bound(types, unit, offsets, random, true);
            Bound end = bound(types, unit, offsets, random, false);
            // the order of kinds that SQL allows
            if (start.kind().compareTo(end.kind()) <= 0) {
                return new Frame(unit, start, end, exclusion);
            }
        }
    }

    private static Bound bound(List<ColumnType> types, FrameUnit unit, boolean offsets, Random random, boolean start) {
        BoundKind kind = BoundKind.values()[random.nextInt(BoundKind.values().length)];
        boolean wrong = kind == (start ? BoundKind.UNBOUNDED_FOLLOWING : BoundKind.UNBOUNDED_PRECEDING);
        boolean hasOffset = kind == BoundKind.PRECEDING || kind == BoundKind.FOLLOWING;
        if (wrong || (hasOffset && !offsets)) {
            return bound(types, unit, offsets, random, start);
        }
        if (!hasOffset) {
            return new Bound(kind, null);
        }
        long size = random.nextInt(4);
        if (unit != FrameUnit.RANGE) {
            return new Bound(kind, literal(size));
        }
        ColumnType type = types.get(ORDER);
        return new Bound(
                kind,
                switch (type.kind()) {
                    case DOUBLE -> new Expression.Literal(size / 2.0, ColumnType.DOUBLE);
                    case DECIMAL -> new Expression.Literal(java.math.BigDecimal.valueOf(size, 2), type);
                    case TIMESTAMP -> new Expression.Literal(size, ColumnType.INTERVAL_DAY);
                    default -> literal(size);
                });
    }

    private static Expression literal(long value) {
        return new Expression.Literal(value, ColumnType.BIGINT);
    }

    private static void check(WindowCase windows, Random random) {
        try (QueryFixture fixture = new QueryFixture()) {
            Operator operator = new WindowOperator(
                    windows.plan(), fixture.context, fixture.source(windows.types(), windows.rows(), random));
            windows.check(fixture, QueryFixture.drain(operator), LEAST_COMPARED);
        }
    }

    private static Operator operator(
            QueryFixture fixture,
            List<ColumnType> types,
            List<Integer> partitionBy,
            List<SortKey> orderBy,
            List<WindowCall> calls,
            Operator input) {
        return new WindowOperator(WindowCase.plan(types, partitionBy, orderBy, calls), fixture.context, input);
    }

    private static final List<ColumnType> TWO = List.of(ColumnType.BIGINT, ColumnType.DOUBLE);

    private static List<@Nullable Object> one(WindowCall call, List<SortKey> orderBy, List<@Nullable Object[]> rows) {
        try (QueryFixture fixture = new QueryFixture()) {
            return QueryFixture.drain(operator(
                            fixture, TWO, List.of(), orderBy, List.of(call), fixture.source(TWO, rows, new Random(1))))
                    .stream()
                    .map(row -> row.get(TWO.size()))
                    .toList();
        }
    }

    private static WindowCall sumOfDoubles(Frame frame) {
        AggregateFunction sum = FUNCTIONS.aggregate("sum", List.of(ColumnType.DOUBLE));
        return new WindowCall(
                Kind.AGGREGATE, sum, List.of(QueryFixture.column(TWO, 1)), frame, false, ColumnType.DOUBLE, "sum");
    }

    private static Frame rowsPreceding(long rows) {
        return new Frame(
                FrameUnit.ROWS,
                new Bound(BoundKind.PRECEDING, literal(rows)),
                new Bound(BoundKind.CURRENT_ROW, null),
                Exclusion.NONE);
    }

    @Test
    void whatHasLeftAFrameLeavesNoTrace() {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (double value : new double[] {1, Double.POSITIVE_INFINITY, 2, 3, 1e300, 4, 5, Double.NaN, 6, 7}) {
            rows.add(new Object[] {(long) rows.size(), value});
        }
        assertThat(one(sumOfDoubles(rowsPreceding(1)), List.of(new SortKey(0, false, false)), rows))
                .containsExactly(
                        1.0,
                        Double.POSITIVE_INFINITY,
                        Double.POSITIVE_INFINITY,
                        5.0,
                        1e300,
                        1e300,
                        9.0,
                        Double.NaN,
                        Double.NaN,
                        13.0);
    }

    @Test
    void aSumThatPassesBigintOnTheWayIsAnErrorOnlyWhereItDoes() {
        AggregateFunction sum = FUNCTIONS.aggregate("sum", List.of(ColumnType.BIGINT));
        WindowCall call = new WindowCall(
                Kind.AGGREGATE,
                sum,
                List.of(QueryFixture.column(TWO, 0)),
                rowsPreceding(1),
                false,
                ColumnType.BIGINT,
                "sum");
        List<@Nullable Object[]> fits =
                List.of(new Object[] {Long.MAX_VALUE, 0.0}, new Object[] {Long.MIN_VALUE, 1.0}, new Object[] {5L, 2.0});
        List<SortKey> order = List.of(new SortKey(1, false, false));
        assertThat(one(call, order, fits)).containsExactly(Long.MAX_VALUE, -1L, Long.MIN_VALUE + 5);
        List<@Nullable Object[]> passes = List.of(new Object[] {Long.MAX_VALUE, 0.0}, new Object[] {1L, 1.0});
        assertThatThrownBy(() -> one(call, order, passes))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NUMERIC_OUT_OF_RANGE));
    }

    @Test
    void rangeFramesCountMonthsByTheCalendar() {
        List<ColumnType> types = List.of(ColumnType.DATE);
        AggregateFunction count = FUNCTIONS.aggregate("count", List.of());
        Frame frame = new Frame(
                FrameUnit.RANGE,
                new Bound(BoundKind.PRECEDING, new Expression.Literal(1L, ColumnType.INTERVAL_MONTH)),
                new Bound(BoundKind.CURRENT_ROW, null),
                Exclusion.NONE);
        WindowCall call = new WindowCall(Kind.AGGREGATE, count, List.of(), frame, false, ColumnType.BIGINT, "count");
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (String day : List.of("2024-01-30", "2024-01-31", "2024-02-29", "2024-03-29", "2024-03-30")) {
            rows.add(new Object[] {java.time.LocalDate.parse(day).toEpochDay()});
        }
        try (QueryFixture fixture = new QueryFixture()) {
            List<List<@Nullable Object>> result = QueryFixture.drain(operator(
                    fixture,
                    types,
                    List.of(),
                    List.of(new SortKey(0, false, false)),
                    List.of(call),
                    fixture.source(types, rows, new Random(1))));
            // a month before 29 February is 29 January, a month before 30 March is the last of February
            assertThat(result.stream().map(row -> row.get(1))).containsExactly(1L, 2L, 3L, 2L, 3L);
        }
    }

    @Test
    void negativeAndNullOffsetsAreRefused() {
        for (Object offset : new Object[] {-1L, "null"}) {
            Frame frame = new Frame(
                    FrameUnit.ROWS,
                    new Bound(
                            BoundKind.PRECEDING,
                            new Expression.Literal(offset instanceof Long ? offset : null, ColumnType.BIGINT)),
                    new Bound(BoundKind.CURRENT_ROW, null),
                    Exclusion.NONE);
            assertThatThrownBy(() -> one(
                            sumOfDoubles(frame), List.of(), List.of(new Object[] {1L, 1.0}, new Object[] {1L, 1.0})))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
    }

    @Test
    void aWindowThatPassesTheBudgetFailsAndLeavesNothing() {
        Random random = new Random(1);
        List<@Nullable Object[]> rows = QueryFixture.randomRows(TWO, 40_000, random);
        try (QueryFixture fixture = new QueryFixture(900_000)) {
            assertThatThrownBy(() -> QueryFixture.drain(operator(
                            fixture,
                            TWO,
                            List.of(0),
                            List.of(new SortKey(1, true, false)),
                            List.of(sumOfDoubles(rowsPreceding(5))),
                            fixture.source(TWO, rows, random))))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY));
        }
    }

    @Test
    void anEmptyInputGivesNoRow() {
        assertThat(one(sumOfDoubles(rowsPreceding(5)), List.of(), List.of())).isEmpty();
    }
}
