package io.zeptodb.engine.function.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.RowRanges;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sums of ranges that come in any length and order, against exact ones. */
class DoubleSumTest {
    private static final int GROUPS = 5;
    private static final int ROWS = 4096;
    private static final int[] LENGTHS = {1, 2, 3, 4, 5, 42, 127, 511, 512, 513, 700, 1000, 676};

    private final Random random = new Random(3);
    private RootAllocator root;
    private MemoryBudget budget;
    private WritableColumn values;
    private BigDecimal[] exact;

    @BeforeEach
    void open() {
        root = new RootAllocator();
        budget = new MemoryBudget(root.newChildAllocator("sums", 0, Long.MAX_VALUE));
        values = new WritableColumn(budget, ColumnType.DOUBLE);
        values.reserve(ROWS);
        for (int i = 0; i < ROWS; i++) {
            values.setDouble(i, i % 2 == 0 ? random.nextGaussian() : i % 4 == 1 ? 1e9 : -1e9);
        }
        values.setRowCount(ROWS);
        exact = new BigDecimal[GROUPS];
        Arrays.fill(exact, BigDecimal.ZERO);
    }

    @AfterEach
    void close() {
        values.close();
        budget.close();
        root.close();
    }

    private DoubleSum sums() {
        DoubleSum made = new DoubleSum(budget, false);
        made.reserve(GROUPS);
        return made;
    }

    private ColumnVector[] arguments() {
        return new ColumnVector[] {values.vector()};
    }

    private void expect(int group, int row) {
        exact[group] = exact[group].add(new BigDecimal(values.vector().getDouble(row)));
    }

    private void addRanges(DoubleSum sum, int groups) {
        RowRanges ranges = new RowRanges();
        int first = random.nextInt(LENGTHS.length);
        int row = 0;
        for (int i = 0; i < LENGTHS.length; i++) {
            int group = random.nextInt(groups);
            int end = Math.min(ROWS, row + LENGTHS[(first + i) % LENGTHS.length]);
            for (; row < end; row++) {
                expect(group, row);
            }
            ranges.add(end, group);
        }
        sum.updateRanges(arguments(), ranges);
    }

    private void addBatch(DoubleSum sum, int group) {
        for (int row = 0; row < ROWS; row++) {
            expect(group, row);
        }
        sum.updateGroup(group, arguments(), null, ROWS);
    }

    private void addSelected(DoubleSum sum, int group) {
        SelectionVector selection = new SelectionVector(ROWS);
        for (int i = 0; i < 1000; i++) {
            selection.positions()[i] = 2 * i + 1;
            expect(group, 2 * i + 1);
        }
        selection.setCount(1000);
        sum.updateGroup(group, arguments(), selection, ROWS);
    }

    private void addScattered(DoubleSum sum) {
        int[] groups = new int[ROWS];
        for (int row = 0; row < ROWS; row++) {
            groups[row] = random.nextInt(GROUPS);
            expect(groups[row], row);
        }
        sum.update(arguments(), null, ROWS, groups);
    }

    private void check(DoubleSum sum) {
        try (WritableColumn result = new WritableColumn(budget, ColumnType.DOUBLE)) {
            result.reserve(GROUPS);
            sum.finish(0, GROUPS, result);
            for (int group = 0; group < GROUPS; group++) {
                assertEquals(exact[group].doubleValue(), result.vector().getDouble(group), 1e-12, "group " + group);
            }
        }
    }

    @Test
    void rangesOfEveryLengthAndOrderAreSummed() {
        for (int groups = 1; groups <= GROUPS; groups++) {
            try (DoubleSum sum = sums()) {
                Arrays.fill(exact, BigDecimal.ZERO);
                for (int g = 0; g < GROUPS; g++) {
                    addBatch(sum, g);
                }
                for (int i = 0; i < 20; i++) {
                    addRanges(sum, groups);
                }
                check(sum);
            }
        }
    }

    @Test
    void otherWaysToAddRowsMayComeBetweenRangesOfAGroup() {
        try (DoubleSum sum = sums()) {
            for (int i = 0; i < 5; i++) {
                addBatch(sum, i);
                addSelected(sum, i);
                addBatch(sum, i);
                addScattered(sum);
                addBatch(sum, i);
            }
            check(sum);
        }
    }

    @Test
    void resultsMayBeAskedForBeforeTheLastRow() {
        try (DoubleSum sum = sums()) {
            addScattered(sum);
            for (int i = 0; i < 3; i++) {
                addBatch(sum, 2);
                check(sum);
                check(sum);
            }
        }
    }

    @Test
    void mergedSumsCountEachRowOnce() {
        try (DoubleSum sum = sums();
                DoubleSum other = sums();
                DoubleSum third = sums()) {
            for (int g = 0; g < GROUPS; g++) {
                addBatch(sum, g);
            }
            addBatch(other, 3);
            addBatch(third, 3);
            sum.merge(other, new int[] {0, 1, 2, 3, 4}, GROUPS);
            sum.merge(third, new int[] {0, 1, 2, 3, 4}, GROUPS);
            addBatch(sum, 3);
            check(sum);
        }
    }
}
