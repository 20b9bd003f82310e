package io.zeptodb.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyedRowSortTest {
    private static final int[] COUNTS = {0, 1, 2, 31, 33, 100, 1023, 1025, 5000};

    private static void check(IntToLongFunction keyOf) {
        try (QueryFixture fixture = new QueryFixture();
                KeyedRowSort sort = new KeyedRowSort(fixture.budget)) {
            for (int count : COUNTS) {
                // places before and behind the range must stay as they are
                int from = 3;
                int to = from + count;
                long[] keys = IntStream.range(0, to + 2).mapToLong(keyOf).toArray();
                int[] rows = IntStream.range(0, to + 2).toArray();
                long[] unsorted = keys.clone();
                int[] expected = IntStream.range(from, to)
                        .boxed()
                        .sorted(Comparator.comparingLong(i -> unsorted[i]))
                        .mapToInt(i -> i)
                        .toArray();
                sort.sort(keys, rows, from, to);
                assertThat(Arrays.copyOfRange(rows, from, to)).isEqualTo(expected);
                for (int i = 0; i < rows.length; i++) {
                    assertThat(keys[i]).isEqualTo(unsorted[rows[i]]);
                    assertThat((i >= from && i < to) || rows[i] == i).isTrue();
                }
            }
        }
    }

    @Test
    void sortsAnyKeys() {
        long[] random = new Random(1).longs(6000).toArray();
        check(i -> random[i]);
    }

    @Test
    void equalKeysKeepTheirOrder() {
        long[] random = new Random(2).longs(6000, -3, 3).toArray();
        check(i -> random[i]);
    }

    @Test
    void keepsOrderAndTurnsItRound() {
        check(i -> i);
        check(i -> -i);
    }

    @Test
    void mergesAFewOrderedRuns() {
        check(i -> i % 1700);
    }
}
