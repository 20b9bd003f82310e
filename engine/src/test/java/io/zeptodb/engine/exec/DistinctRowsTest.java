package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.KeyHashing;
import io.zeptodb.engine.batch.MemoryFixture;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DistinctRowsTest extends MemoryFixture {
    private static final List<ColumnType> TYPES = List.of(ColumnType.BIGINT, ColumnType.BIGINT);

    /** So many rows that several pairs of them have one hash of 32 bits. */
    private static final int ROWS_WITH_COLLISIONS = 300_000;

    @Test
    void keepsTheFirstOfEqualRows() {
        assertThat(narrowed(new long[] {5, 6, 5, 7, 6}, null)).containsExactly(0, 1, 3);
        assertThat(narrowed(new long[] {5, 6, 5, 7, 6}, new int[] {2, 3, 4})).containsExactly(2, 3, 4);
    }

    @Test
    void keepsDifferentRowsWhoseHashesAreEqual() {
        long[] pair = rowsOfOneHash();
        long other = pair[0] + pair[1] + 1;
        assertThat(narrowed(new long[] {pair[0], pair[1], other, pair[1], pair[0]}, null))
                .containsExactly(0, 1, 2);
        assertThat(narrowed(new long[] {pair[1], pair[1], pair[0], other}, null))
                .containsExactly(0, 2, 3);
    }

    @Test
    void knowsTheRowsOfEarlierBatches() {
        long[] pair = rowsOfOneHash();
        try (DistinctRows rows = new DistinctRows(budget, TYPES)) {
            SelectionVector out = new SelectionVector(0);
            narrow(rows, new long[] {pair[0], 1}, null, out);
            assertThat(narrow(rows, new long[] {1, 2, pair[1], pair[0]}, null, out))
                    .containsExactly(1, 2);
        }
    }

    @Test
    void narrowsASelectionInItsPlace() {
        try (DistinctRows rows = new DistinctRows(budget, TYPES)) {
            SelectionVector selection = new SelectionVector(4);
            System.arraycopy(new int[] {0, 2, 3}, 0, selection.positions(), 0, 3);
            selection.setCount(3);
            assertThat(narrow(rows, new long[] {8, 1, 9, 8}, selection, selection))
                    .containsExactly(0, 2);
        }
    }

    private int[] narrowed(long[] values, int[] positions) {
        SelectionVector selection = null;
        if (positions != null) {
            selection = new SelectionVector(positions.length);
            System.arraycopy(positions, 0, selection.positions(), 0, positions.length);
            selection.setCount(positions.length);
        }
        try (DistinctRows rows = new DistinctRows(budget, TYPES)) {
            return narrow(rows, values, selection, new SelectionVector(0));
        }
    }

    private int[] narrow(DistinctRows rows, long[] values, SelectionVector selection, SelectionVector out) {
        try (WritableColumn column = column(values)) {
            ColumnVector vector = column.vector();
            rows.narrow(new ColumnVector[] {vector, vector}, selection, values.length, out);
            return Arrays.copyOf(out.positions(), out.count());
        }
    }

    private long[] rowsOfOneHash() {
        long[] values = new long[ROWS_WITH_COLLISIONS];
        Arrays.setAll(values, i -> i * 1_000L);
        int[] hashes = new int[values.length];
        try (WritableColumn column = column(values)) {
            ColumnVector vector = column.vector();
            KeyHashing.hash(
                    new ColumnVector[] {vector, vector},
                    (SelectionVector) null,
                    values.length,
                    new long[values.length],
                    hashes);
        }
        Map<Integer, Long> byHash = new HashMap<>();
        for (int i = 0; i < values.length; i++) {
            Long met = byHash.put(hashes[i], values[i]);
            if (met != null) {
                return new long[] {met, values[i]};
            }
        }
        throw new AssertionError("no two of the rows have one hash");
    }

    private WritableColumn column(long[] values) {
        WritableColumn column = new WritableColumn(budget, ColumnType.BIGINT);
        column.reserve(values.length);
        for (int i = 0; i < values.length; i++) {
            column.setLong(i, values[i]);
        }
        column.setRowCount(values.length);
        return column;
    }
}
