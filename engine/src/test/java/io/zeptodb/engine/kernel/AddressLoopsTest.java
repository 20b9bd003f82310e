package io.zeptodb.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On every JDK, though only late ones take these loops. */
class AddressLoopsTest {
    private static final int ROWS = LaneSums.CHUNK;
    private static final double[] EDGES = {
        0.0, -0.0, 1.5, -1.5, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE
    };

    private final Random random = new Random(7);
    private final BufferAllocator allocator = new RootAllocator();
    private final ArrowBuf left = allocator.buffer((long) ROWS * Long.BYTES);
    private final ArrowBuf right = allocator.buffer((long) ROWS * Long.BYTES);

    @AfterEach
    void close() {
        left.close();
        right.close();
        allocator.close();
    }

    private static int[] listed(long[] marks, int rows, int count) {
        int[] all = new int[rows];
        RangeMarks.list(new long[][] {marks}, rows, all);
        return Arrays.copyOf(all, count);
    }

    @Test
    void marksOfDoublesAreThePositionsThatSelectsFinds() {
        for (int rows : new int[] {1, 7, 100, ROWS}) {
            for (int i = 0; i < rows; i++) {
                double value = random.nextBoolean() ? EDGES[random.nextInt(EDGES.length)] : random.nextGaussian();
                left.setDouble((long) i * Double.BYTES, value);
            }
            for (double edge : EDGES) {
                for (OrderRange range : new OrderRange[] {
                    OrderRange.less(edge, false), OrderRange.lessOrEqual(edge, true), OrderRange.equal(edge, false)
                }) {
                    int[] expected = new int[rows];
                    int count = Selects.doubles(
                            left.memoryAddress(), null, rows, expected, range.low(), range.high(), range.flip());
                    long[] marks = new long[ROWS];
                    assertEquals(count, AddressLoops.mark(left.memoryAddress(), rows, range, -1, marks));
                    assertArrayEquals(Arrays.copyOf(expected, count), listed(marks, rows, count));
                }
            }
        }
    }

    @Test
    void marksOfLongsAreThePositionsThatSelectsFinds() {
        long[] edges = {Long.MIN_VALUE, -1, 0, 3, Long.MAX_VALUE};
        for (int i = 0; i < ROWS; i++) {
            long value = random.nextBoolean() ? edges[random.nextInt(edges.length)] : random.nextLong();
            left.setLong((long) i * Long.BYTES, value);
        }
        for (long edge : edges) {
            for (OrderRange range : new OrderRange[] {
                OrderRange.less(edge, false), OrderRange.lessOrEqual(edge, true), OrderRange.equal(edge, true)
            }) {
                int[] expected = new int[ROWS];
                int count = Selects.longs(
                        left.memoryAddress(), null, ROWS, expected, range.low(), range.high(), range.flip());
                long[] marks = new long[ROWS];
                assertEquals(count, AddressLoops.mark(left.memoryAddress(), ROWS, range, 0, marks));
                assertArrayEquals(Arrays.copyOf(expected, count), listed(marks, ROWS, count));
            }
        }
    }

    @Test
    void lanesAndErrorsTogetherAreTheExactSum() {
        BigDecimal exact = BigDecimal.ZERO;
        for (int i = 0; i < ROWS; i++) {
            double value = random.nextGaussian() * Math.pow(10, random.nextInt(12));
            left.setDouble((long) i * Double.BYTES, value);
            exact = exact.add(new BigDecimal(value));
        }
        double[] sums = new double[LaneSums.LANES];
        double[] errors = new double[LaneSums.LANES];
        AddressLoops.addChunk(left.memoryAddress(), sums, errors);
        BigDecimal lanes = BigDecimal.ZERO;
        for (int i = 0; i < LaneSums.LANES; i++) {
            lanes = lanes.add(new BigDecimal(sums[i])).add(new BigDecimal(errors[i]));
        }
        assertEquals(exact.doubleValue(), lanes.doubleValue());
    }

    @Test
    void longsAreSummedAndMultipliedMarkedOrNot() {
        long shift = 1L << 40;
        long whole = 0;
        long bits = 0;
        long kept = 0;
        long keptBits = 0;
        long[] marks = new long[ROWS];
        double[] expected = new double[ROWS];
        long[] expectedKept = new long[ROWS];
        for (int i = 0; i < ROWS; i++) {
            long value = random.nextInt();
            marks[i] = random.nextBoolean() ? -1 : 0;
            left.setDouble((long) i * Double.BYTES, random.nextGaussian());
            right.setLong((long) i * Long.BYTES, value);
            expected[i] = left.getDouble((long) i * Double.BYTES) * value;
            expectedKept[i] = value & marks[i];
            whole += value;
            bits |= value + shift;
            kept += expectedKept[i];
            keptBits |= expectedKept[i] + shift;
        }
        double[] products = new double[ROWS];
        AddressLoops.multiply(left.memoryAddress(), right.memoryAddress(), products);
        assertArrayEquals(expected, products);
        long[] found = new long[ROWS];
        AddressLoops.keepMarked(right.memoryAddress(), marks, found);
        assertArrayEquals(expectedKept, found);

        long[] sums = new long[LaneSums.LANES];
        long[] unions = new long[LaneSums.LANES];
        AddressLoops.addWholeChunk(right.memoryAddress(), shift, sums, unions);
        assertEquals(whole, Arrays.stream(sums).sum());
        assertEquals(bits, Arrays.stream(unions).reduce(0, (a, b) -> a | b));

        long[] union = new long[1];
        assertEquals(kept, AddressLoops.sumMarked(right.memoryAddress(), ROWS, marks, shift, union));
        assertEquals(keptBits, union[0]);
    }

    @Test
    void aSumOfLongsTellsItsBits() {
        for (int rows : new int[] {0, 1, 7, 100, ROWS}) {
            long expected = 0;
            long union = 1;
            for (int i = 0; i < rows; i++) {
                long value = random.nextInt();
                left.setLong((long) i * Long.BYTES, value);
                expected += value;
                union |= value + (1L << 40);
            }
            long[] bits = {1};
            assertEquals(expected, AddressLoops.sum(left.memoryAddress(), rows, 1L << 40, bits));
            assertEquals(union, bits[0]);
        }
    }

    @Test
    void aRowForEachLaneKeepsWhatRoundingLoses() {
        double[] sums = new double[LaneSums.LANES];
        double[] errors = new double[LaneSums.LANES];
        for (int i = 0; i < LaneSums.LANES; i++) {
            left.setDouble((long) i * Double.BYTES, 1e16 + 2 * i);
            right.setDouble((long) i * Double.BYTES, 1.0);
        }
        int rows = LaneSums.LANES - 3;
        AddressLoops.addLanes(left.memoryAddress(), LaneSums.LANES, sums, errors);
        AddressLoops.addLanes(right.memoryAddress(), rows, sums, errors);
        for (int i = 0; i < LaneSums.LANES; i++) {
            BigDecimal exact = new BigDecimal(1e16 + 2 * i).add(i < rows ? BigDecimal.ONE : BigDecimal.ZERO);
            assertEquals(0, exact.compareTo(new BigDecimal(sums[i]).add(new BigDecimal(errors[i]))));
        }
    }
}
