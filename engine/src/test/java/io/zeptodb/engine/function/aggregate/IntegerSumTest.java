package io.zeptodb.engine.function.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.RowRanges;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntegerSumTest {
    private static final int GROUPS = 700;

    /** A carry that is lost would show: as an average, for a sum that does not fit is an error. */
    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE, 1L << 56, -(1L << 56)})
    void rangesWhoseSumsDoNotFitALongAreSummed(long value) {
        int rows = 600;
        try (RootAllocator root = new RootAllocator();
                MemoryBudget budget = new MemoryBudget(root.newChildAllocator("sums", 0, Long.MAX_VALUE));
                WritableColumn values = new WritableColumn(budget, ColumnType.BIGINT);
                WritableColumn result = new WritableColumn(budget, ColumnType.DOUBLE)) {
            values.reserve(rows);
            for (int i = 0; i < rows; i++) {
                values.setLong(i, value);
            }
            values.setRowCount(rows);
            result.reserve(1);
            for (int count = 1; count <= rows; count++) {
                try (IntegerSum average = new IntegerSum(budget, ColumnType.BIGINT, true)) {
                    average.reserve(1);
                    average.updateGroup(0, new ColumnVector[] {values.vector()}, null, count);
                    average.updateGroup(0, new ColumnVector[] {values.vector()}, null, 0);
                    average.finish(0, 1, result);
                    assertEquals(value, result.vector().getDouble(0), count + " rows");
                }
            }
        }
    }

    /** Ranges of 1 to 700 rows, so of every rest; their groups come twice. */
    @ParameterizedTest
    @ValueSource(longs = {1_000, 1L << 50, (1L << 50) + 1, Long.MAX_VALUE >> 11})
    void rangesOfEveryLengthAreSummed(long greatest) {
        Random random = new Random(greatest);
        int rows = GROUPS * (GROUPS + 1) / 2;
        try (RootAllocator root = new RootAllocator();
                MemoryBudget budget = new MemoryBudget(root.newChildAllocator("sums", 0, Long.MAX_VALUE));
                WritableColumn values = new WritableColumn(budget, ColumnType.BIGINT);
                WritableColumn result = new WritableColumn(budget, ColumnType.BIGINT);
                IntegerSum sum = new IntegerSum(budget, ColumnType.BIGINT, false)) {
            values.reserve(rows);
            long[] expected = new long[GROUPS];
            RowRanges ranges = new RowRanges();
            int row = 0;
            for (int group = 0; group < GROUPS; group++) {
                for (int i = 0; i <= group; i++) {
                    long value = random.nextInt(3) == 0 ? greatest : random.nextLong() % (greatest + 1);
                    values.setLong(row++, group % 2 == 0 ? value : -Math.abs(value) - 1);
                    expected[group] += group % 2 == 0 ? value : -Math.abs(value) - 1;
                }
                ranges.add(row, group);
            }
            values.setRowCount(rows);
            sum.reserve(GROUPS);
            sum.updateRanges(new ColumnVector[] {values.vector()}, ranges);
            sum.updateRanges(new ColumnVector[] {values.vector()}, ranges);
            result.reserve(GROUPS);
            sum.finish(0, GROUPS, result);
            for (int group = 0; group < GROUPS; group++) {
                assertEquals(2 * expected[group], result.vector().getLong(group), "range of " + (group + 1) + " rows");
            }
        }
    }
}
