package io.zeptodb.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Marks against the lists that {@link Selects} makes, and sums of marked rows against plain ones. */
class RangeMarksTest {
    private static final int[] COUNTS = {1, 63, 511, 512, 513, 1500, 4096};
    private static final double[] EDGES = {
        0.0, -0.0, 1.5, -1.5, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, 1e300
    };
    private static final int MOST_ROWS = 4096;

    private final Random random = new Random(11);
    private final RangeMarks marker = new RangeMarks();
    private final LaneSums sums = new LaneSums();
    private BufferAllocator allocator;
    private ArrowBuf buffer;

    @BeforeEach
    void open() {
        allocator = new RootAllocator();
        buffer = allocator.buffer((long) MOST_ROWS * Long.BYTES);
    }

    @AfterEach
    void close() {
        buffer.close();
        allocator.close();
    }

    private static long[][] blocks(int rows) {
        long[][] marks = new long[RangeMarks.blocks(rows)][RangeMarks.BLOCK];
        for (long[] block : marks) {
            // rubbish of an earlier batch
            Arrays.fill(block, -1);
        }
        return marks;
    }

    private static int[] listed(long[][] marks, int rows, int kept) {
        int[] out = new int[rows];
        RangeMarks.list(marks, rows, out);
        return Arrays.copyOf(out, kept);
    }

    private void fillDoubles(int rows) {
        for (int i = 0; i < rows; i++) {
            double value = random.nextInt(3) == 0 ? EDGES[random.nextInt(EDGES.length)] : random.nextGaussian();
            buffer.setDouble((long) i * Double.BYTES, value);
        }
    }

    @Test
    void marksOfDoublesAreThePositionsThatSelectsFinds() {
        for (int rows : COUNTS) {
            fillDoubles(rows);
            for (double edge : EDGES) {
                for (OrderRange range : new OrderRange[] {
                    OrderRange.less(edge, false), OrderRange.less(edge, true), OrderRange.lessOrEqual(edge, false),
                    OrderRange.lessOrEqual(edge, true), OrderRange.equal(edge, false), OrderRange.equal(edge, true)
                }) {
                    int[] expected = new int[rows];
                    int count = Selects.doubles(
                            buffer.memoryAddress(), null, rows, expected, range.low(), range.high(), range.flip());
                    long[][] marks = blocks(rows);
                    int marked = marker.doubles(buffer.memoryAddress(), rows, range, null, marks);
                    assertEquals(
                            Arrays.toString(Arrays.copyOf(expected, count)),
                            Arrays.toString(listed(marks, rows, marked)),
                            () -> range + " of " + rows + " rows");
                }
            }
        }
    }

    @Test
    void marksAmongMarksAreTheIntersection() {
        long[] bounds = {Long.MIN_VALUE, -5, 0, 7, Long.MAX_VALUE};
        for (int rows : COUNTS) {
            for (int i = 0; i < rows; i++) {
                long value = random.nextInt(4) == 0 ? bounds[random.nextInt(bounds.length)] : random.nextInt(20) - 10;
                buffer.setLong((long) i * Long.BYTES, value);
            }
            for (long bound : bounds) {
                OrderRange first = OrderRange.lessOrEqual(bound, true);
                OrderRange second = OrderRange.equal(7L, true);
                int[] expected = new int[rows];
                int count = Selects.longs(
                        buffer.memoryAddress(), null, rows, expected, first.low(), first.high(), first.flip());
                count = Selects.longs(
                        buffer.memoryAddress(), expected, count, expected, second.low(), second.high(), second.flip());
                long[][] marks = blocks(rows);
                marker.longs(buffer.memoryAddress(), rows, first, null, marks);
                int marked = marker.longs(buffer.memoryAddress(), rows, second, marks, marks);
                assertEquals(
                        Arrays.toString(Arrays.copyOf(expected, count)), Arrays.toString(listed(marks, rows, marked)));
            }
        }
    }

    @Test
    void sumsOfMarkedRowsAreExact() {
        for (int rows : COUNTS) {
            long[][] marks = blocks(rows);
            long whole = 0;
            for (int i = 0; i < rows; i++) {
                buffer.setLong((long) i * Long.BYTES, random.nextInt() * 100L);
            }
            int marked = marker.longs(buffer.memoryAddress(), rows, OrderRange.less(5_000L, true), null, marks);
            for (int row : listed(marks, rows, marked)) {
                whole += buffer.getLong((long) row * Long.BYTES);
            }
            assertTrue(sums.addLongs(buffer.memoryAddress(), marks, rows));
            assertEquals(whole, sums.wholeSum());

            BigDecimal exact = BigDecimal.ZERO;
            for (int i = 0; i < rows; i++) {
                buffer.setDouble((long) i * Double.BYTES, random.nextGaussian() * Math.pow(10, random.nextInt(12)));
            }
            marked = marker.doubles(buffer.memoryAddress(), rows, OrderRange.less(0.25, true), null, marks);
            for (int row : listed(marks, rows, marked)) {
                exact = exact.add(new BigDecimal(buffer.getDouble((long) row * Double.BYTES)));
            }
            sums.addDoubles(buffer.memoryAddress(), marks, rows);
            assertEquals(exact.doubleValue(), sums.sum() + sums.error());
        }
    }

    @Test
    void rowsThatAreNotMarkedDoNotCountWhateverTheyHold() {
        for (int i = 0; i < 600; i++) {
            buffer.setDouble((long) i * Double.BYTES, i % 2 == 0 ? 1.0 : EDGES[i % EDGES.length]);
        }
        long[][] marks = blocks(600);
        assertEquals(300, marker.doubles(buffer.memoryAddress(), 600, OrderRange.equal(1.0, false), null, marks));
        sums.addDoubles(buffer.memoryAddress(), marks, 600);
        assertEquals(300.0, sums.sum() + sums.error());
    }

    @Test
    void longsTooWideForPlainSumsAreRefused() {
        for (long wide : new long[] {1L << 40, -(1L << 40) - 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
            for (int i = 0; i < 640; i++) {
                buffer.setLong((long) i * Long.BYTES, i == 639 ? wide : i);
            }
            assertFalse(sums.addLongs(buffer.memoryAddress(), 640));
            assertFalse(sums.addProductsWithLongs(buffer.memoryAddress(), buffer.memoryAddress(), 640));
        }
        buffer.setLong(639L * Long.BYTES, -(1L << 40));
        assertTrue(sums.addLongs(buffer.memoryAddress(), 640));
        assertEquals(639L * 638 / 2 - (1L << 40), sums.wholeSum());
    }

    @Test
    void productsWithNarrowLongsAreTheProductsWithTheirDoubles() {
        try (ArrowBuf volumes = allocator.buffer(640L * Long.BYTES)) {
            BigDecimal exact = BigDecimal.ZERO;
            long whole = 0;
            for (int i = 0; i < 640; i++) {
                double price = random.nextGaussian() * 1e6;
                long volume = (random.nextLong() >> 24) * (i % 3 == 0 ? 1 : -1) / 2;
                buffer.setDouble((long) i * Double.BYTES, price);
                volumes.setLong((long) i * Long.BYTES, volume);
                exact = exact.add(new BigDecimal(price * volume));
                whole += volume;
            }
            assertTrue(sums.addProductsWithLongs(buffer.memoryAddress(), volumes.memoryAddress(), 640));
            assertEquals(exact.doubleValue(), sums.sum() + sums.error());
            assertEquals(whole, sums.wholeSum());
        }
    }
}
