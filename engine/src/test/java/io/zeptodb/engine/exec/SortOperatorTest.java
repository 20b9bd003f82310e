package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Limit;
import io.zeptodb.engine.plan.PhysicalPlan.Sort;
import io.zeptodb.engine.plan.PhysicalPlan.TopN;
import io.zeptodb.engine.plan.SortKey;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sort, TopN and Limit against the sort of a Java list. */
class SortOperatorTest {
    private static final List<ColumnType> TYPES = List.of(
            ColumnType.BOOLEAN,
            ColumnType.TINYINT,
            ColumnType.SMALLINT,
            ColumnType.INTEGER,
            ColumnType.BIGINT,
            ColumnType.REAL,
            ColumnType.DOUBLE,
            ColumnType.decimal(38, 2),
            ColumnType.VARCHAR,
            ColumnType.SYMBOL,
            ColumnType.VARBINARY,
            ColumnType.DATE,
            ColumnType.TIME,
            ColumnType.TIMESTAMP_NS,
            ColumnType.INTERVAL_DAY,
            ColumnType.INTERVAL_MONTH);

    private static final String[] TEXTS = {
        "",
        "a",
        "a\0",
        "1234567",
        "12345678",
        "123456789",
        "1234567 and more than fits",
        "1234567 and more",
        "\uffee",
        "\ud83d\ude00",
        "\u00e9t\u00e9"
    };

    private static List<@Nullable Object[]> rows(Random random, int count, boolean nulls) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Object[] row = new Object[TYPES.size() + 1];
            for (int c = 0; c < TYPES.size(); c++) {
                row[c] = nulls && random.nextInt(6) == 0 ? null : value(TYPES.get(c), random);
            }
            row[TYPES.size()] = (long) i;
            rows.add(row);
        }
        return rows;
    }

    private static Object value(ColumnType type, Random random) {
        boolean wide = random.nextInt(3) == 0;
        return switch (type.kind()) {
            case VARCHAR, SYMBOL -> TEXTS[random.nextInt(TEXTS.length)];
            case VARBINARY -> TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8);
            case DECIMAL -> {
                BigDecimal base = wide ? new BigDecimal("9999999999999999999999") : BigDecimal.ZERO;
                yield base.multiply(BigDecimal.valueOf(random.nextInt(3) - 1))
                        .add(BigDecimal.valueOf(random.nextInt(9) - 4, 2))
                        .setScale(2);
            }
            case BIGINT, TIMESTAMP, TIME, INTERVAL_DAY ->
                wide ? (Object) random.nextLong() : (Object) (long) (random.nextInt(9) - 4);
            case INTEGER, DATE, INTERVAL_MONTH ->
                wide ? (Object) (long) random.nextInt() : (Object) (long) (random.nextInt(9) - 4);
            default -> QueryFixture.randomValue(type, random);
        };
    }

    private static List<ColumnType> types() {
        List<ColumnType> types = new ArrayList<>(TYPES);
        types.add(ColumnType.BIGINT);
        return types;
    }

    private static Comparator<@Nullable Object[]> comparator(List<SortKey> keys) {
        return keys.stream()
                .map(key -> (Comparator<@Nullable Object[]>) (a, b) -> compare(a[key.column()], b[key.column()], key))
                .reduce(Comparator::thenComparing)
                .orElseThrow();
    }

    private static int compare(@Nullable Object left, @Nullable Object right, SortKey key) {
        if (left == null || right == null) {
            int order = left == right ? 0 : left == null ? -1 : 1;
            return key.nullsFirst() ? order : -order;
        }
        int order;
        if (left instanceof String text) {
            order = Arrays.compareUnsigned(
                    text.getBytes(StandardCharsets.UTF_8), ((String) right).getBytes(StandardCharsets.UTF_8));
        } else if (left instanceof byte[] bytes) {
            order = Arrays.compareUnsigned(bytes, (byte[]) right);
        } else if (left instanceof Double number) {
            order = Double.compare(number + 0.0, (Double) right + 0.0);
        } else if (left instanceof BigDecimal decimal) {
            order = decimal.compareTo((BigDecimal) right);
        } else if (left instanceof Boolean truth) {
            order = truth.compareTo((Boolean) right);
        } else {
            order = ((Long) left).compareTo((Long) right);
        }
        return key.descending() ? -order : order;
    }

    private static List<SortKey> randomKeys(Random random) {
        List<SortKey> keys = new ArrayList<>();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            keys.add(new SortKey(random.nextInt(TYPES.size()), random.nextBoolean(), random.nextBoolean()));
        }
        return keys;
    }

    private static List<List<@Nullable Object>> normal(List<@Nullable Object[]> rows) {
        return rows.stream().map(QueryFixture::normalRow).toList();
    }

    private static Expression count(long rows) {
        return new Expression.Literal(rows, ColumnType.BIGINT);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void sortsByAnyKeysStably(long seed) {
        Random random = new Random(seed);
        try (QueryFixture fixture = new QueryFixture()) {
            for (int i = 0; i < 30; i++) {
                List<@Nullable Object[]> rows =
                        rows(random, random.nextInt(i % 10 == 0 ? 6000 : 400), random.nextBoolean());
                List<SortKey> keys = randomKeys(random);
                Sort plan = new Sort(QueryFixture.shape(types()), keys);
                List<@Nullable Object[]> expected = new ArrayList<>(rows);
                expected.sort(comparator(keys));
                assertThat(QueryFixture.drain(
                                new SortOperator(plan, fixture.context, fixture.source(types(), rows, random))))
                        .as("%d rows by %s", rows.size(), keys)
                        .isEqualTo(normal(expected));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void topNIsTheBeginningOfTheSort(long seed) {
        Random random = new Random(seed);
        try (QueryFixture fixture = new QueryFixture()) {
            for (int i = 0; i < 30; i++) {
                int count = random.nextInt(i % 5 == 0 ? 9000 : 400);
                List<@Nullable Object[]> rows = rows(random, count, random.nextBoolean());
                List<SortKey> keys = randomKeys(random);
                int offset = random.nextInt(3) == 0 ? random.nextInt(50) : 0;
                int limit = random.nextInt(random.nextBoolean() ? 10 : 3000);
                TopN plan =
                        new TopN(QueryFixture.shape(types()), keys, offset == 0 ? null : count(offset), count(limit));
                List<@Nullable Object[]> expected = rows.stream()
                        .sorted(comparator(keys))
                        .skip(offset)
                        .limit(limit)
                        .toList();
                assertThat(QueryFixture.drain(
                                new TopNOperator(plan, fixture.context, fixture.source(types(), rows, random))))
                        .as("%d rows by %s, offset %d limit %d", rows.size(), keys, offset, limit)
                        .isEqualTo(normal(expected));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void limitCutsAcrossBatchesAndPullsNoMoreThanItNeeds(long seed) {
        Random random = new Random(seed);
        try (QueryFixture fixture = new QueryFixture()) {
            for (int i = 0; i < 30; i++) {
                List<@Nullable Object[]> rows = rows(random, random.nextInt(900), true);
                int offset = random.nextInt(400);
                int limit = random.nextInt(400);
                Limit plan = new Limit(QueryFixture.shape(types()), count(offset), count(limit));
                RowSource source = fixture.source(types(), rows, random);
                assertThat(QueryFixture.drain(new LimitOperator(plan, fixture.context, source)))
                        .isEqualTo(
                                normal(rows.stream().skip(offset).limit(limit).toList()));
                assertThat(limit > 0 || source.batches() == 0).isTrue();
            }
        }
    }

    @Test
    void aNegativeLimitIsAnError() {
        try (QueryFixture fixture = new QueryFixture()) {
            PhysicalPlan input = QueryFixture.shape(List.of(ColumnType.BIGINT));
            assertThatThrownBy(() -> Operators.open(new Limit(input, null, count(-1)), fixture.context))
                    .isInstanceOf(EngineException.class)
                    .hasMessage("LIMIT must not be negative, is -1");
        }
    }

    @Test
    void aSortThatPassesTheBudgetFailsWithTheFiguresAndLeavesNothing() {
        try (QueryFixture fixture = new QueryFixture(100_000)) {
            List<@Nullable Object[]> rows = rows(new Random(3), 5000, false);
            Sort plan = new Sort(QueryFixture.shape(types()), List.of(new SortKey(0, false, false)));
            try (Operator sort =
                    new SortOperator(plan, fixture.context, fixture.source(types(), rows, new Random(4)))) {
                assertThatThrownBy(sort::next)
                        .isInstanceOf(EngineException.class)
                        .hasMessageContaining("out of memory: 'query 1' asked for")
                        .hasMessageContaining("of 100000");
            }
        }
    }

    @Test
    void aStoppedSortEnds() {
        try (QueryFixture fixture = new QueryFixture()) {
            List<@Nullable Object[]> rows = rows(new Random(3), 500, false);
            Sort plan = new Sort(QueryFixture.shape(types()), List.of(new SortKey(0, false, false)));
            try (Operator sort =
                    new SortOperator(plan, fixture.context, fixture.source(types(), rows, new Random(4)))) {
                fixture.cancellation.stop(ErrorCode.CANCELLED, "statement was cancelled");
                assertThatThrownBy(sort::next).hasMessage("statement was cancelled");
            }
        }
    }
}
