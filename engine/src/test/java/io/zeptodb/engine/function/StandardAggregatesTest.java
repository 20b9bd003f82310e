package io.zeptodb.engine.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryFixture;
import io.zeptodb.engine.batch.TestVectors;
import io.zeptodb.engine.batch.WritableColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StandardAggregatesTest extends MemoryFixture {
    private static final double EXACT = 3e-16;
    private static final double LOOSE = 1e-9;
    private static final MathContext DIGITS = new MathContext(60);
    private static final List<String> TEXTS = List.of(
            "b",
            "a",
            "",
            "a text longer than a view",
            "a text longer than a view!",
            "Ä",
            "z",
            "aa",
            "\uD83D\uDE00",
            "\uFFFD");

    private final FunctionRegistry registry = new FunctionRegistry(StandardAggregates.definitions());

    private void check(
            String name, double tolerance, ValueMaker maker, AggregateHarness.Model model, ColumnType... types) {
        AggregateFunction function = registry.aggregate(name, List.of(types));
        try (TestVectors.Dictionary dictionary = new TestVectors.Dictionary(budget, TEXTS)) {
            for (int seed = 0; seed < 8; seed++) {
                Random random = new Random(seed);
                int nullsIn = seed % 3 == 0 ? 0 : 1 + random.nextInt(12);
                List<List<@Nullable Object>> rows = new ArrayList<>();
                int count = seed == 0 ? 0 : random.nextInt(2000);
                for (int i = 0; i < count; i++) {
                    List<@Nullable Object> row = new ArrayList<>();
                    for (int c = 0; c < function.parameters().size(); c++) {
                        boolean isNull = nullsIn > 0 && random.nextInt(nullsIn) == 0;
                        row.add(
                                isNull
                                        ? null
                                        : maker.make(
                                                random, function.parameters().get(c), c));
                    }
                    rows.add(row);
                }
                new AggregateHarness(budget, seed, tolerance, dictionary)
                        .check(function, rows, 1 + random.nextInt(40), model);
            }
        }
    }

    private interface ValueMaker {
        Object make(Random random, ColumnType type, int column);
    }

    private static Object any(Random random, ColumnType type, int column) {
        int small = random.nextInt(200) - 100;
        return switch (type.kind()) {
            case BOOLEAN -> random.nextInt(5) > 0;
            case TINYINT, SMALLINT, INTEGER, DATE, INTERVAL_MONTH -> (long) small;
            case BIGINT, TIME, TIMESTAMP, INTERVAL_DAY -> random.nextLong() >> (random.nextInt(40) + 8);
            case REAL -> random.nextInt(30) == 0 ? Double.NaN : (double) (float) random.nextGaussian();
            case DOUBLE -> random.nextInt(30) == 0 ? Double.NaN : random.nextGaussian();
            case DECIMAL ->
                new BigDecimal(
                        new BigInteger(type.precision(), random).subtract(BigInteger.valueOf(1000)), type.scale());
            case SYMBOL -> (long) random.nextInt(TEXTS.size());
            case VARCHAR -> TEXTS.get(random.nextInt(TEXTS.size()));
            case VARBINARY -> TEXTS.get(random.nextInt(TEXTS.size())).getBytes(StandardCharsets.UTF_8);
            default -> throw new IllegalArgumentException("no value of type " + type);
        };
    }

    private static List<Object> present(List<List<@Nullable Object>> rows, int column) {
        return rows.stream()
                .map(row -> row.get(column))
                .filter(Objects::nonNull)
                .collect(Collectors.toList());
    }

    private static List<List<@Nullable Object>> pairs(List<List<@Nullable Object>> rows) {
        return rows.stream()
                .filter(row -> row.get(0) != null && row.get(1) != null)
                .collect(Collectors.toList());
    }

    private static BigDecimal big(Object value) {
        return value instanceof Double d
                ? new BigDecimal(d)
                : value instanceof BigDecimal b ? b : BigDecimal.valueOf((Long) value);
    }

    private static BigDecimal total(List<?> values) {
        return values.stream().map(StandardAggregatesTest::big).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    @Test
    void countsRowsAndPresentValues() {
        check("count", 0, StandardAggregatesTest::any, rows -> (long) rows.size());
        for (ColumnType type : List.of(ColumnType.INTEGER, ColumnType.VARCHAR, ColumnType.BOOLEAN, ColumnType.DOUBLE)) {
            check(
                    "count",
                    0,
                    StandardAggregatesTest::any,
                    rows -> (long) present(rows, 0).size(),
                    type);
        }
    }

    @Test
    void sumsIntegersExactly() {
        for (ColumnType type :
                List.of(ColumnType.TINYINT, ColumnType.SMALLINT, ColumnType.INTEGER, ColumnType.BIGINT)) {
            check(
                    "sum",
                    0,
                    StandardAggregatesTest::any,
                    rows -> present(rows, 0).isEmpty()
                            ? null
                            : total(present(rows, 0)).longValueExact(),
                    type);
        }
    }

    @Test
    void averagesOfIntegersAreTheExactSumOverTheCount() {
        for (ColumnType type : List.of(ColumnType.INTEGER, ColumnType.BIGINT)) {
            ValueMaker huge = (random, t, c) -> t.kind() == ColumnType.BIGINT.kind()
                    ? Long.MAX_VALUE - random.nextInt(1000)
                    : (long) random.nextInt();
            check(
                    "avg",
                    EXACT,
                    huge,
                    rows -> present(rows, 0).isEmpty()
                            ? null
                            : total(present(rows, 0))
                                    .divide(BigDecimal.valueOf(present(rows, 0).size()), DIGITS)
                                    .doubleValue(),
                    type);
        }
    }

    @Test
    void sumsOfDoublesAreCompensated() {
        ValueMaker wild = (random, type, column) -> random.nextGaussian() * Math.pow(10, random.nextInt(20));
        check(
                "sum",
                EXACT,
                wild,
                rows -> present(rows, 0).isEmpty()
                        ? null
                        : total(present(rows, 0)).doubleValue(),
                ColumnType.DOUBLE);
        check(
                "avg",
                // the sum and the quotient are rounded
                2 * EXACT,
                wild,
                rows -> present(rows, 0).isEmpty()
                        ? null
                        : total(present(rows, 0))
                                .divide(BigDecimal.valueOf(present(rows, 0).size()), DIGITS)
                                .doubleValue(),
                ColumnType.DOUBLE);
    }

    @Test
    void aSumThatCancelsKeepsTheSmallParts() {
        assertThat(single("sum", ColumnType.DOUBLE, 1.0, 1e100, 1.0, -1e100)).isEqualTo(2.0);
        assertThat(single("sum", ColumnType.DOUBLE, Double.POSITIVE_INFINITY, 1.0))
                .isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(single("sum", ColumnType.DOUBLE, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY))
                .isEqualTo(Double.NaN);
        assertThat(single("sum", ColumnType.DOUBLE, 1.0, Double.NaN)).isEqualTo(Double.NaN);
        Double[] tenths = new Double[1000];
        Arrays.fill(tenths, 0.1);
        assertThat(single("sum", ColumnType.DOUBLE, (Object[]) tenths)).isEqualTo(100.0);
    }

    @Test
    void aSumOutOfRangeIsAnErrorAndOneThatComesBackIsNot() {
        assertThatThrownBy(() -> single("sum", ColumnType.BIGINT, Long.MAX_VALUE, 1L))
                .isInstanceOfSatisfying(EngineException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.NUMERIC_OUT_OF_RANGE);
                    assertThat(e).hasMessageContaining("9223372036854775808");
                });
        assertThat(single("sum", ColumnType.BIGINT, Long.MAX_VALUE, 1L, -1L)).isEqualTo(Long.MAX_VALUE);
        assertThat(single("sum", ColumnType.BIGINT, Long.MIN_VALUE, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE))
                .isEqualTo(-2L);
        BigDecimal most = new BigDecimal(BigInteger.TEN.pow(38).subtract(BigInteger.ONE));
        ColumnType widest = ColumnType.decimal(38, 0);
        assertThatThrownBy(() -> single("sum", widest, most, most))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NUMERIC_OUT_OF_RANGE));
        assertThat(single("sum", widest, most, most, most.negate())).isEqualTo(most);
        // six digits behind the point, and as many fewer before it
        assertThatThrownBy(() -> single("avg", widest, most, most))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NUMERIC_OUT_OF_RANGE));
        BigDecimal large = most.movePointLeft(6).setScale(0, java.math.RoundingMode.DOWN);
        assertThat(single("avg", widest, large, large)).isEqualTo(large.setScale(6));
        assertThat(single("avg", widest, most, most.negate(), BigDecimal.ONE)).isEqualTo(new BigDecimal("0.333333"));
    }

    @Test
    void sumsAndAveragesDecimals() {
        for (ColumnType type :
                List.of(ColumnType.decimal(10, 2), ColumnType.decimal(18, 0), ColumnType.decimal(38, 10))) {
            ValueMaker maker = (random, t, c) -> {
                BigInteger digits = new BigInteger(Math.min(100, t.precision() * 3), random);
                return new BigDecimal(random.nextBoolean() ? digits : digits.negate(), t.scale());
            };
            check("sum", 0, maker, rows -> present(rows, 0).isEmpty() ? null : total(present(rows, 0)), type);
            int scale = registry.aggregate("avg", List.of(type)).result().scale();
            assertThat(scale).isGreaterThanOrEqualTo(type.scale());
            check(
                    "avg",
                    0,
                    maker,
                    rows -> present(rows, 0).isEmpty()
                            ? null
                            : total(present(rows, 0))
                                    .divide(BigDecimal.valueOf(present(rows, 0).size()), scale, RoundingMode.HALF_UP),
                    type);
        }
    }

    private static Comparator<Object> order(ColumnType type) {
        return (a, b) -> {
            if (a instanceof byte[] left) {
                return Arrays.compareUnsigned(left, (byte[]) b);
            }
            if (a instanceof String left) {
                return Arrays.compareUnsigned(
                        left.getBytes(StandardCharsets.UTF_8), ((String) b).getBytes(StandardCharsets.UTF_8));
            }
            if (a instanceof Boolean left) {
                return Boolean.compare(left, (Boolean) b);
            }
            if (a instanceof Double left) {
                return Double.compare(left + 0.0, (Double) b + 0.0);
            }
            if (type.equals(ColumnType.SYMBOL)) {
                return order(ColumnType.VARCHAR).compare(TEXTS.get((int) (long) a), TEXTS.get((int) (long) b));
            }
            return big(a).compareTo(big(b));
        };
    }

    private static List<ColumnType> allTypes() {
        return List.of(
                ColumnType.BOOLEAN,
                ColumnType.TINYINT,
                ColumnType.SMALLINT,
                ColumnType.INTEGER,
                ColumnType.BIGINT,
                ColumnType.REAL,
                ColumnType.DOUBLE,
                ColumnType.decimal(20, 3),
                ColumnType.VARCHAR,
                ColumnType.SYMBOL,
                ColumnType.VARBINARY,
                ColumnType.DATE,
                ColumnType.TIME,
                ColumnType.TIMESTAMP_NS,
                ColumnType.INTERVAL_DAY,
                ColumnType.INTERVAL_MONTH);
    }

    @Test
    void minAndMaxOfEveryType() {
        for (ColumnType type : allTypes()) {
            check("min", 0, StandardAggregatesTest::any, rows -> extreme(rows, type, false), type);
            check("max", 0, StandardAggregatesTest::any, rows -> extreme(rows, type, true), type);
        }
    }

    private static @Nullable Object extreme(List<List<@Nullable Object>> rows, ColumnType type, boolean greatest) {
        Comparator<Object> order = greatest ? order(type).reversed() : order(type);
        return present(rows, 0).stream().min(order).orElse(null);
    }

    @Test
    void firstAndLastOfEveryTypeByTimeAndSequence() {
        for (ColumnType type : allTypes()) {
            ValueMaker maker = (random, t, column) -> switch (column) {
                case 0 -> any(random, t, column);
                case 1 -> (long) random.nextInt(50);
                default -> random.nextLong();
            };
            Comparator<List<@Nullable Object>> byTime = Comparator.comparingLong(row -> (Long) row.get(1));
            Comparator<List<@Nullable Object>> bySequence = byTime.thenComparingLong(row -> (Long) row.get(2));
            check(
                    "first",
                    0,
                    maker,
                    rows -> picked(rows, 3, bySequence, false),
                    type,
                    ColumnType.TIMESTAMP_NS,
                    ColumnType.BIGINT);
            check(
                    "last",
                    0,
                    maker,
                    rows -> picked(rows, 3, bySequence.reversed(), false),
                    type,
                    ColumnType.TIMESTAMP_NS,
                    ColumnType.BIGINT);
            check(
                    "last_not_null",
                    0,
                    maker,
                    rows -> picked(rows, 3, bySequence.reversed(), true),
                    type,
                    ColumnType.TIMESTAMP_NS,
                    ColumnType.BIGINT);
            check("first", 0, maker, rows -> picked(rows, 2, byTime, false), type, ColumnType.TIMESTAMP_NS);
            check(
                    "last",
                    0,
                    maker,
                    rows -> picked(reversed(rows), 2, byTime.reversed(), false),
                    type,
                    ColumnType.TIMESTAMP_NS);
        }
    }

    private static <T> List<T> reversed(List<T> list) {
        List<T> copy = new ArrayList<>(list);
        Collections.reverse(copy);
        return copy;
    }

    /** The value of the first row in the order given, the earliest among equals. */
    private static @Nullable Object picked(
            List<List<@Nullable Object>> rows, int keys, Comparator<List<@Nullable Object>> order, boolean skipNulls) {
        List<@Nullable Object> best = null;
        for (List<@Nullable Object> row : rows) {
            boolean counts = (!skipNulls || row.get(0) != null)
                    && row.subList(1, keys).stream().noneMatch(Objects::isNull);
            if (counts && (best == null || order.compare(row, best) < 0)) {
                best = row;
            }
        }
        return best == null ? null : best.get(0);
    }

    @Test
    void firstAndLastWithoutATimeGoByArrival() {
        Comparator<List<@Nullable Object>> none = Comparator.comparingInt(List::size);
        check("first", 0, StandardAggregatesTest::any, rows -> picked(rows, 1, none, false), ColumnType.VARCHAR);
        check(
                "last",
                0,
                StandardAggregatesTest::any,
                rows -> picked(reversed(rows), 1, none, false),
                ColumnType.BIGINT);
        check("first_not_null", 0, StandardAggregatesTest::any, rows -> picked(rows, 1, none, true), ColumnType.DOUBLE);
        check(
                "last_not_null",
                0,
                StandardAggregatesTest::any,
                rows -> picked(reversed(rows), 1, none, true),
                ColumnType.SYMBOL);
    }

    @Test
    void argMinAndArgMaxByEveryType() {
        for (ColumnType type : allTypes()) {
            Comparator<List<@Nullable Object>> least = (a, b) -> order(type).compare(a.get(1), b.get(1));
            check(
                    "arg_min",
                    0,
                    StandardAggregatesTest::any,
                    rows -> picked(rows, 2, least, false),
                    ColumnType.BIGINT,
                    type);
            check(
                    "arg_max",
                    0,
                    StandardAggregatesTest::any,
                    rows -> picked(rows, 2, least.reversed(), false),
                    ColumnType.VARCHAR,
                    type);
        }
        Comparator<List<@Nullable Object>> greatest = Comparator.comparingLong(row -> -(Long) row.get(1));
        check(
                "arg_max",
                0,
                (random, t, column) -> column == 2 ? random.nextLong() : any(random, t, column),
                rows -> picked(rows, 3, greatest.thenComparingLong(row -> (Long) row.get(2)), false),
                ColumnType.DOUBLE,
                ColumnType.INTEGER,
                ColumnType.BIGINT);
    }

    @Test
    void argMaxOfTextsGoesBySequenceAmongEqualOnes() {
        Comparator<List<@Nullable Object>> greatest =
                (a, b) -> order(ColumnType.VARCHAR).compare(b.get(1), a.get(1));
        check(
                "arg_max",
                0,
                (random, t, column) -> column == 2 ? random.nextLong() : any(random, t, column),
                rows -> picked(rows, 3, greatest.thenComparingLong(row -> (Long) row.get(2)), false),
                ColumnType.DOUBLE,
                ColumnType.VARCHAR,
                ColumnType.BIGINT);
    }

    private static @Nullable Double vwap(List<List<@Nullable Object>> rows, int price, int volume) {
        BigDecimal products = BigDecimal.ZERO;
        BigDecimal volumes = BigDecimal.ZERO;
        for (List<@Nullable Object> row : pairs(rows)) {
            products = products.add(big(row.get(price)).multiply(big(row.get(volume))));
            volumes = volumes.add(big(row.get(volume)));
        }
        return volumes.signum() == 0 ? null : products.divide(volumes, DIGITS).doubleValue();
    }

    @Test
    void volumeWeightedAverages() {
        ValueMaker prices = (random, type, column) -> type.equals(ColumnType.DOUBLE)
                ? random.nextInt(100_000) / 100.0 + 1
                : (Object) (random.nextLong() >>> (random.nextInt(50) + 5));
        for (ColumnType price : List.of(ColumnType.DOUBLE, ColumnType.BIGINT, ColumnType.INTEGER)) {
            for (ColumnType volume : List.of(ColumnType.DOUBLE, ColumnType.BIGINT)) {
                boolean whole = !price.equals(ColumnType.DOUBLE) && volume.equals(ColumnType.BIGINT);
                check("vwap", whole ? EXACT : 1e-15, prices, rows -> vwap(rows, 0, 1), price, volume);
                check("wavg", whole ? EXACT : 1e-15, prices, rows -> vwap(rows, 1, 0), volume, price);
            }
        }
        assertThat(rows(
                        "vwap",
                        List.of(ColumnType.DOUBLE, ColumnType.BIGINT),
                        List.of(List.of(1.0, 2L), List.of(1.0, -2L))))
                .isNull();
        assertThat(rows(
                        "vwap",
                        List.of(ColumnType.BIGINT, ColumnType.BIGINT),
                        List.of(List.of(Long.MAX_VALUE, Long.MAX_VALUE), List.of(Long.MAX_VALUE, Long.MAX_VALUE))))
                .isEqualTo((double) Long.MAX_VALUE);
    }

    private static double[] doubles(List<?> values) {
        return values.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
    }

    private static double power(double[] values, int exponent) {
        double mean = Arrays.stream(values).sum() / values.length;
        return Arrays.stream(values).map(v -> Math.pow(v - mean, exponent)).sum();
    }

    @Test
    void momentsAgreeWithTheTwoPassFormulas() {
        ValueMaker maker =
                (random, type, column) -> 1e6 + random.nextGaussian() * 10 + (random.nextInt(10) == 0 ? 50 : 0);
        check(
                "variance",
                LOOSE,
                maker,
                rows -> {
                    double[] x = doubles(present(rows, 0));
                    return x.length < 2 ? null : power(x, 2) / (x.length - 1);
                },
                ColumnType.DOUBLE);
        check(
                "var_pop",
                LOOSE,
                maker,
                rows -> {
                    double[] x = doubles(present(rows, 0));
                    return x.length < 1 ? null : power(x, 2) / x.length;
                },
                ColumnType.DOUBLE);
        check(
                "stddev",
                LOOSE,
                maker,
                rows -> {
                    double[] x = doubles(present(rows, 0));
                    return x.length < 2 ? null : Math.sqrt(power(x, 2) / (x.length - 1));
                },
                ColumnType.DOUBLE);
        check(
                "stddev_pop",
                LOOSE,
                maker,
                rows -> {
                    double[] x = doubles(present(rows, 0));
                    return x.length < 1 ? null : Math.sqrt(power(x, 2) / x.length);
                },
                ColumnType.DOUBLE);
        ValueMaker skewed = (random, type, column) -> Math.exp(random.nextGaussian());
        check(
                "skewness",
                1e-7,
                skewed,
                rows -> {
                    double[] x = doubles(present(rows, 0));
                    double n = x.length;
                    return n < 3 ? null : n * Math.sqrt(n - 1) / (n - 2) * power(x, 3) / Math.pow(power(x, 2), 1.5);
                },
                ColumnType.DOUBLE);
        check(
                "kurtosis",
                1e-7,
                skewed,
                rows -> {
                    double[] x = doubles(present(rows, 0));
                    double n = x.length;
                    return n < 4
                            ? null
                            : n * (n + 1) * (n - 1) / ((n - 2) * (n - 3)) * power(x, 4) / Math.pow(power(x, 2), 2)
                                    - 3 * (n - 1) * (n - 1) / ((n - 2) * (n - 3));
                },
                ColumnType.DOUBLE);
    }

    @Test
    void equalValuesDoNotVary() {
        Double[] same = new Double[5000];
        Arrays.fill(same, 0.1);
        assertThat(single("stddev", ColumnType.DOUBLE, (Object[]) same)).isEqualTo(0.0);
        assertThat(single("var_pop", ColumnType.DOUBLE, 3.7)).isEqualTo(0.0);
        assertThat(single("stddev", ColumnType.DOUBLE, 3.7)).isNull();
        assertThat(single("skewness", ColumnType.DOUBLE, (Object[]) same)).isNull();
    }

    private void checkPair(String name, PairModel model) {
        ValueMaker maker = (random, type, column) -> random.nextGaussian() * (column + 1) + 100 * column;
        check(
                name,
                LOOSE,
                maker,
                rows -> {
                    double[] y = doubles(present(pairs(rows), 0));
                    double[] x = doubles(present(pairs(rows), 1));
                    if (x.length == 0) {
                        return null;
                    }
                    double meanX = Arrays.stream(x).average().orElseThrow();
                    double meanY = Arrays.stream(y).average().orElseThrow();
                    double sxy = 0;
                    for (int i = 0; i < x.length; i++) {
                        sxy += (x[i] - meanX) * (y[i] - meanY);
                    }
                    return model.of(x.length, power(x, 2), power(y, 2), sxy, meanX, meanY);
                },
                ColumnType.DOUBLE,
                ColumnType.DOUBLE);
    }

    private interface PairModel {
        @Nullable
        Double of(int n, double sxx, double syy, double sxy, double meanX, double meanY);
    }

    @Test
    void statisticsOfPairs() {
        checkPair("corr", (n, sxx, syy, sxy, mx, my) -> n < 2 ? null : sxy / Math.sqrt(sxx * syy));
        checkPair("covar_pop", (n, sxx, syy, sxy, mx, my) -> sxy / n);
        checkPair("covar_samp", (n, sxx, syy, sxy, mx, my) -> n < 2 ? null : sxy / (n - 1));
        checkPair("regr_slope", (n, sxx, syy, sxy, mx, my) -> n < 2 ? null : sxy / sxx);
        checkPair("regr_intercept", (n, sxx, syy, sxy, mx, my) -> n < 2 ? null : my - sxy / sxx * mx);
        checkPair("regr_r2", (n, sxx, syy, sxy, mx, my) -> n < 2 ? null : sxy * sxy / (sxx * syy));
    }

    private static @Nullable Double percentile(List<Object> values, double p) {
        double[] x = doubles(values);
        Arrays.sort(x);
        if (x.length == 0) {
            return null;
        }
        double at = p * (x.length - 1);
        int below = (int) Math.floor(at);
        int above = (int) Math.ceil(at);
        return x[below] + (x[above] - x[below]) * (at - below);
    }

    @Test
    void percentilesInterpolateOrPick() {
        ValueMaker numbers = (random, type, column) -> random.nextInt(1000) / 4.0 - 100;
        check("median", EXACT, numbers, rows -> percentile(present(rows, 0), 0.5), ColumnType.INTEGER);
        for (double p : new double[] {0, 0.1, 0.5, 0.99, 1}) {
            ValueMaker maker = (random, type, column) -> column == 1 ? (Object) p : numbers.make(random, type, column);
            List<ColumnType> types = List.of(ColumnType.DOUBLE, ColumnType.DOUBLE);
            for (int n = 0; n < 20; n++) {
                Random random = new Random(n);
                List<List<@Nullable Object>> rows = new ArrayList<>();
                List<List<@Nullable Object>> percents = new ArrayList<>();
                for (int i = 0; i < n; i++) {
                    Object value = maker.make(random, ColumnType.DOUBLE, 0);
                    rows.add(List.of(value, p));
                    percents.add(List.of(value, p * 100));
                }
                Double expected = percentile(present(rows, 0), p);
                assertThat((Double) rows("percentile_cont", types, rows)).isEqualTo(expected);
                assertThat((Double) rows("percentile", types, percents)).isEqualTo(expected);
                List<Object> sorted = present(rows, 0);
                sorted.sort(null);
                Object picked = n == 0 ? null : sorted.get((int) Math.max(0, Math.ceil(p * n) - 1));
                assertThat(rows("percentile_disc", types, rows)).isEqualTo(picked);
            }
        }
        assertThatThrownBy(() ->
                        rows("quantile", List.of(ColumnType.DOUBLE, ColumnType.DOUBLE), List.of(List.of(1.0, 1.5))))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("from 0 to 1, got 1.5");
        assertThatThrownBy(() -> rows(
                        "quantile",
                        List.of(ColumnType.DOUBLE, ColumnType.DOUBLE),
                        List.of(List.of(1.0, 0.5), List.of(1.0, 0.25))))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("same for all rows");
    }

    @Test
    void modesAreTheMostFrequentLeastValues() {
        for (ColumnType type : List.of(
                ColumnType.INTEGER, ColumnType.DOUBLE, ColumnType.SYMBOL, ColumnType.DATE, ColumnType.BOOLEAN)) {
            check(
                    "mode",
                    0,
                    StandardAggregatesTest::any,
                    rows -> {
                        Map<Object, Integer> counts = new TreeMap<>(order(type));
                        present(rows, 0).forEach(value -> counts.merge(value, 1, Integer::sum));
                        Object best = null;
                        for (Map.Entry<Object, Integer> entry : counts.entrySet()) {
                            if (best == null || entry.getValue() > counts.get(best)) {
                                best = entry.getKey();
                            }
                        }
                        return best;
                    },
                    type);
        }
    }

    @Test
    void logicAndBits() {
        check(
                "bool_and",
                0,
                StandardAggregatesTest::any,
                rows -> present(rows, 0).isEmpty() ? null : !present(rows, 0).contains(false),
                ColumnType.BOOLEAN);
        check(
                "every",
                0,
                StandardAggregatesTest::any,
                rows -> present(rows, 0).isEmpty() ? null : !present(rows, 0).contains(false),
                ColumnType.BOOLEAN);
        check(
                "bool_or",
                0,
                StandardAggregatesTest::any,
                rows -> present(rows, 0).isEmpty() ? null : present(rows, 0).contains(true),
                ColumnType.BOOLEAN);
        check(
                "count_if",
                0,
                StandardAggregatesTest::any,
                rows -> present(rows, 0).stream().filter(v -> (Boolean) v).count(),
                ColumnType.BOOLEAN);
        for (ColumnType type : List.of(ColumnType.TINYINT, ColumnType.BIGINT)) {
            check(
                    "bit_and",
                    0,
                    StandardAggregatesTest::any,
                    rows -> present(rows, 0).stream()
                            .reduce((a, b) -> (Long) a & (Long) b)
                            .orElse(null),
                    type);
            check(
                    "bit_or",
                    0,
                    StandardAggregatesTest::any,
                    rows -> present(rows, 0).stream()
                            .reduce((a, b) -> (Long) a | (Long) b)
                            .orElse(null),
                    type);
            check(
                    "bit_xor",
                    0,
                    StandardAggregatesTest::any,
                    rows -> present(rows, 0).stream()
                            .reduce((a, b) -> (Long) a ^ (Long) b)
                            .orElse(null),
                    type);
        }
        check(
                "product",
                LOOSE,
                (random, t, c) -> 1 + random.nextGaussian() / 100,
                rows -> present(rows, 0).stream()
                        .reduce((a, b) -> (Double) a * (Double) b)
                        .orElse(null),
                ColumnType.DOUBLE);
    }

    @Test
    void textsAreJoinedInTheOrderTheyCome() {
        check(
                "string_agg",
                0,
                StandardAggregatesTest::any,
                rows -> {
                    StringBuilder joined = null;
                    for (List<@Nullable Object> row : rows) {
                        if (row.get(0) == null) {
                            continue;
                        }
                        if (joined == null) {
                            joined = new StringBuilder();
                        } else if (row.get(1) != null) {
                            joined.append(row.get(1));
                        }
                        joined.append(row.get(0));
                    }
                    return joined == null ? null : joined.toString();
                },
                ColumnType.VARCHAR,
                ColumnType.VARCHAR);
    }

    private @Nullable Object single(String name, ColumnType type, Object... values) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (Object value : values) {
            rows.add(Collections.singletonList(value));
        }
        return rows(name, List.of(type), rows);
    }

    private @Nullable Object rows(String name, List<ColumnType> types, List<? extends List<?>> rows) {
        AggregateFunction function = registry.aggregate(name, types);
        WritableColumn[] columns = new WritableColumn[types.size()];
        ColumnVector[] vectors = new ColumnVector[types.size()];
        for (int c = 0; c < columns.length; c++) {
            int column = c;
            columns[c] = TestVectors.column(
                    budget,
                    function.parameters().get(c),
                    rows.stream().map(row -> row.get(column)).collect(Collectors.toList()));
            vectors[c] = columns[c].vector();
        }
        try (Aggregator aggregator = function.newAggregator(budget);
                WritableColumn result = new WritableColumn(budget, function.result())) {
            aggregator.reserve(1);
            aggregator.updateGroup(0, vectors, null, rows.size());
            result.reserve(1);
            aggregator.finish(0, 1, result);
            return TestVectors.get(result.vector(), 0);
        } finally {
            for (WritableColumn column : columns) {
                column.close();
            }
        }
    }
}
