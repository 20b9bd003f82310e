package io.zeptodb.engine.function.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Memory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums and averages beside BigDecimal, of few digits and of all 38: those that fit a long, 128 bits, and neither end in different ways. */
class DecimalSumTest {
    private static final int GROUPS = 400;
    private static final int MOST_ROWS = 9;

    @ParameterizedTest
    @CsvSource({"2, 2, 38", "2, 8, 38", "0, 18, 38", "3, 30, 38", "2, 2, 12", "2, 4, 12", "2, 2, 19"})
    void resultsAreThoseOfBigDecimal(int scale, int resultScale, int precision) {
        Random random = new Random(scale * 100L + resultScale);
        for (int digits = 1; digits <= 36; digits++) {
            check(random, digits, scale, ColumnType.decimal(precision, resultScale), scale != resultScale);
        }
    }

    private static void check(Random random, int digits, int scale, ColumnType type, boolean average) {
        try (RootAllocator root = new RootAllocator();
                MemoryBudget budget = new MemoryBudget(root.newChildAllocator("sums", 0, Long.MAX_VALUE));
                WritableColumn values = new WritableColumn(budget, ColumnType.decimal(38, scale));
                WritableColumn result = new WritableColumn(budget, type);
                DecimalSum sums = new DecimalSum(budget, ColumnType.decimal(38, scale), type, average)) {
            List<BigDecimal> expected = new ArrayList<>();
            sums.reserve(GROUPS);
            result.reserve(1);
            for (int group = 0; group < GROUPS; group++) {
                int rows = random.nextInt(MOST_ROWS);
                BigDecimal sum = BigDecimal.ZERO;
                values.clear();
                values.reserve(MOST_ROWS);
                for (int row = 0; row < rows; row++) {
                    BigDecimal value = value(random, digits, scale);
                    values.setDecimal(row, value);
                    sum = sum.add(value);
                }
                values.setRowCount(rows);
                sums.updateGroup(group, new ColumnVector[] {values.vector()}, null, rows);
                expected.add(
                        rows == 0
                                ? null
                                : average
                                        ? sum.divide(BigDecimal.valueOf(rows), type.scale(), RoundingMode.HALF_UP)
                                        : sum.setScale(type.scale()));
            }
            for (int group = 0; group < GROUPS; group++) {
                one(sums, group, result, type, expected.get(group));
            }
        }
    }

    private static void one(DecimalSum sums, int group, WritableColumn result, ColumnType type, BigDecimal expected) {
        result.clear();
        if (expected != null && expected.precision() > type.precision()) {
            assertThrows(EngineException.class, () -> sums.finish(group, 1, result));
            return;
        }
        sums.finish(group, 1, result);
        result.setRowCount(1);
        if (expected == null) {
            assertTrue(result.vector().isNull(0));
        } else {
            long at = result.vector().data();
            BigInteger high = BigInteger.valueOf(Memory.getLong(at + Long.BYTES));
            BigInteger low = new BigInteger(Long.toUnsignedString(Memory.getLong(at)));
            BigInteger unscaled = high.shiftLeft(Long.SIZE).add(low);
            assertEquals(expected, new BigDecimal(unscaled, type.scale()));
        }
    }

    /** So many digits, a half now and then, of either sign. */
    private static BigDecimal value(Random random, int digits, int scale) {
        BigInteger bound = BigInteger.TEN.pow(digits);
        BigInteger value = random.nextInt(4) == 0
                ? bound.subtract(BigInteger.ONE)
                : new BigInteger(bound.bitLength(), random).mod(bound);
        return new BigDecimal(random.nextBoolean() ? value : value.negate(), scale);
    }

    @Test
    void halvesAreRoundedAwayFromZero() {
        for (String text : List.of("0.01", "-0.01", "0.03", "-0.03", "92233720368547758.07", "-92233720368547758.08")) {
            try (RootAllocator root = new RootAllocator();
                    MemoryBudget budget = new MemoryBudget(root.newChildAllocator("sums", 0, Long.MAX_VALUE));
                    WritableColumn values = new WritableColumn(budget, ColumnType.decimal(38, 2));
                    WritableColumn result = new WritableColumn(budget, ColumnType.decimal(38, 2));
                    DecimalSum average =
                            new DecimalSum(budget, ColumnType.decimal(38, 2), ColumnType.decimal(38, 2), true)) {
                values.reserve(2);
                values.setDecimal(0, new BigDecimal(text));
                values.setDecimal(1, BigDecimal.ZERO);
                values.setRowCount(2);
                result.reserve(1);
                average.reserve(1);
                average.updateGroup(0, new ColumnVector[] {values.vector()}, null, 2);
                BigDecimal expected = new BigDecimal(text).divide(BigDecimal.valueOf(2), 2, RoundingMode.HALF_UP);
                one(average, 0, result, ColumnType.decimal(38, 2), expected);
            }
        }
    }
}
