package io.zeptodb.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SelectsTest {
    private static final double NEGATIVE_NAN = Double.longBitsToDouble(0xFFF8000000000000L);
    private static final double[] DOUBLES = {
        Double.NEGATIVE_INFINITY,
        -Double.MAX_VALUE,
        -1,
        -Double.MIN_VALUE,
        -0.0,
        0.0,
        Double.MIN_VALUE,
        1,
        2,
        Double.MAX_VALUE,
        Double.POSITIVE_INFINITY,
        Double.NaN,
        NEGATIVE_NAN
    };
    private static final long[] LONGS = {
        Long.MIN_VALUE, Long.MIN_VALUE + 1, -1, 0, 1, Long.MAX_VALUE - 1, Long.MAX_VALUE
    };

    /** Narrows with and without a list of positions, in place and not, and compares with the predicate. */
    private static void check(int rows, IntPredicate expected, Kernel kernel) {
        int[] odd = IntStream.range(0, rows).filter(i -> i % 2 == 1).toArray();
        assertThat(run(null, rows, new int[rows], kernel)).isEqualTo(matching(IntStream.range(0, rows), expected));
        assertThat(run(odd, odd.length, new int[rows], kernel)).isEqualTo(matching(Arrays.stream(odd), expected));
        int[] inPlace = odd.clone();
        assertThat(run(inPlace, odd.length, inPlace, kernel)).isEqualTo(matching(Arrays.stream(odd), expected));
    }

    private interface Kernel {
        int select(int @Nullable [] in, int count, int[] out);
    }

    private static List<Integer> run(int @Nullable [] in, int count, int[] out, Kernel kernel) {
        int kept = kernel.select(in, count, out);
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < kept; i++) {
            found.add(out[i]);
        }
        return found;
    }

    private static List<Integer> matching(IntStream positions, IntPredicate expected) {
        return positions.filter(expected).boxed().toList();
    }

    @Test
    void doublesAreComparedWithNanGreatestAndTheZerosEqual() {
        try (RootAllocator allocator = new RootAllocator();
                ArrowBuf buffer = allocator.buffer(DOUBLES.length * 8L)) {
            for (int i = 0; i < DOUBLES.length; i++) {
                buffer.setDouble(i * 8L, DOUBLES[i]);
            }
            for (double constant : DOUBLES) {
                for (boolean negated : new boolean[] {false, true}) {
                    checkDoubles(buffer, OrderRange.less(constant, negated), i -> order(i, constant) < 0 != negated);
                    checkDoubles(
                            buffer, OrderRange.lessOrEqual(constant, negated), i -> order(i, constant) <= 0 != negated);
                    checkDoubles(buffer, OrderRange.equal(constant, negated), i -> order(i, constant) == 0 != negated);
                }
            }
        }
    }

    private static void checkDoubles(ArrowBuf buffer, OrderRange range, IntPredicate expected) {
        check(
                DOUBLES.length,
                expected,
                (in, count, out) -> Selects.doubles(
                        buffer.memoryAddress(), in, count, out, range.low(), range.high(), range.flip()));
    }

    private static int order(int row, double constant) {
        return Double.compare(DOUBLES[row] + 0.0, constant + 0.0);
    }

    @Test
    void longsAreComparedUpToTheEndsOfTheirRange() {
        try (RootAllocator allocator = new RootAllocator();
                ArrowBuf buffer = allocator.buffer(LONGS.length * 8L)) {
            for (int i = 0; i < LONGS.length; i++) {
                buffer.setLong(i * 8L, LONGS[i]);
            }
            for (long constant : LONGS) {
                for (boolean negated : new boolean[] {false, true}) {
                    checkLongs(buffer, OrderRange.less(constant, negated), i -> LONGS[i] < constant != negated);
                    checkLongs(buffer, OrderRange.lessOrEqual(constant, negated), i -> LONGS[i] <= constant != negated);
                    checkLongs(buffer, OrderRange.equal(constant, negated), i -> (LONGS[i] == constant) != negated);
                }
            }
        }
    }

    private static void checkLongs(ArrowBuf buffer, OrderRange range, IntPredicate expected) {
        check(
                LONGS.length,
                expected,
                (in, count, out) ->
                        Selects.longs(buffer.memoryAddress(), in, count, out, range.low(), range.high(), range.flip()));
    }

    @Test
    void narrowIntegersAreComparedWithConstantsOutsideTheirRange() {
        try (RootAllocator allocator = new RootAllocator();
                ArrowBuf buffer = allocator.buffer(256 * 4L)) {
            Random random = new Random(1);
            for (int i = 0; i < 256; i++) {
                buffer.setInt(i * 4L, random.nextInt());
            }
            for (long constant : new long[] {Long.MIN_VALUE, -1L << 40, -5, 0, 100, 1L << 40, Long.MAX_VALUE}) {
                OrderRange range = OrderRange.less(constant, false);
                long at = buffer.memoryAddress();
                check(
                        256,
                        i -> Memory.getInt(at + i * 4L) < constant,
                        (in, count, out) -> Selects.ints(at, in, count, out, range.low(), range.high(), range.flip()));
                check(
                        512,
                        i -> Memory.getShort(at + i * 2L) < constant,
                        (in, count, out) ->
                                Selects.shorts(at, in, count, out, range.low(), range.high(), range.flip()));
                check(
                        1024,
                        i -> Memory.getByte(at + i) < constant,
                        (in, count, out) -> Selects.bytes(at, in, count, out, range.low(), range.high(), range.flip()));
            }
        }
    }

    @Test
    void listsAreTakenApartAndPutTogether() {
        int[] out = new int[8];
        assertThat(run(
                        new int[] {1, 3, 5, 7},
                        4,
                        out,
                        (in, count, to) -> Selects.minus(in, count, new int[] {3, 7}, 2, to)))
                .containsExactly(1, 5);
        assertThat(run(null, 4, out, (in, count, to) -> Selects.minus(in, count, new int[] {0, 3}, 2, to)))
                .containsExactly(1, 2);
        assertThat(run(
                        null,
                        0,
                        out,
                        (in, count, to) -> Selects.union(new int[] {1, 5, 6}, 3, new int[] {0, 2, 9}, 3, to)))
                .containsExactly(0, 1, 2, 5, 6, 9);
    }
}
