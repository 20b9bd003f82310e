package io.zeptodb.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sums of any number of rows against exact ones. What lies behind the rows would show. */
class LaneSumsTest {
    private static final int[] COUNTS = {
        0, 1, 2, 127, 128, 129, 511, 512, 513, 640, 1000, 1023, 1024, 2047, 2048, 2049, 2500, 4096
    };
    private static final int MOST_ROWS = 4096;
    private static final long LIMIT = 1L << 40;

    private final Random random = new Random(5);
    private final LaneSums sums = new LaneSums();
    private BufferAllocator allocator;
    private ArrowBuf buffer;

    @BeforeEach
    void open() {
        allocator = new RootAllocator();
        buffer = allocator.buffer((long) (MOST_ROWS + 1) * Long.BYTES);
    }

    @AfterEach
    void close() {
        buffer.close();
        allocator.close();
    }

    /** Fills the first rows and puts a NaN behind them; the exact sum. Every second value is large, and the large ones cancel out. */
    private BigDecimal fillDoubles(int rows) {
        BigDecimal exact = BigDecimal.ZERO;
        for (int i = 0; i < rows; i++) {
            double value = i % 2 == 0 ? random.nextGaussian() : i % 4 == 1 ? 1e15 : -1e15;
            buffer.setDouble((long) i * Double.BYTES, value);
            exact = exact.add(new BigDecimal(value));
        }
        buffer.setDouble((long) rows * Double.BYTES, Double.NaN);
        return exact;
    }

    private BigDecimal found() {
        return new BigDecimal(sums.sum()).add(new BigDecimal(sums.error()));
    }

    private static void assertNear(BigDecimal exact, BigDecimal found, String what) {
        assertEquals(0, exact.subtract(found).doubleValue(), 1e-12, what);
    }

    @Test
    void doublesOfAnyNumberAreSummed() {
        for (int rows : COUNTS) {
            BigDecimal exact = fillDoubles(rows);
            sums.addDoubles(buffer.memoryAddress(), rows);
            assertNear(exact, found(), rows + " rows");
        }
    }

    @Test
    void lanesKeepTheRowsOfSeveralRangesUntilTheyAreCleared() {
        for (int round = 0; round < 2; round++) {
            sums.clear();
            BigDecimal exact = BigDecimal.ZERO;
            for (int rows : COUNTS) {
                exact = exact.add(fillDoubles(rows));
                sums.keepDoubles(buffer.memoryAddress(), rows);
            }
            sums.fold();
            assertNear(exact, found(), "round " + round);
        }
    }

    @Test
    void infinitiesAndNaNComeThroughFromEveryLane() {
        for (int row = 0; row < 640; row++) {
            for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
                fillDoubles(640);
                buffer.setDouble((long) row * Double.BYTES, value);
                sums.addDoubles(buffer.memoryAddress(), 640);
                assertEquals(value, sums.sum(), "at row " + row);
            }
        }
    }

    @Test
    void longsOfAnyNumberAreSummed() {
        for (int rows : COUNTS) {
            long exact = 0;
            for (int i = 0; i < rows; i++) {
                long value = i % 3 == 0 ? LIMIT - 1 : i % 3 == 1 ? -LIMIT : random.nextInt();
                buffer.setLong((long) i * Long.BYTES, value);
                exact += value;
            }
            buffer.setLong((long) rows * Long.BYTES, Long.MAX_VALUE);
            assertTrue(sums.addLongs(buffer.memoryAddress(), rows), rows + " rows");
            assertEquals(exact, sums.wholeSum(), rows + " rows");
        }
    }

    @Test
    void aLargeLongIsSeenWhereverItLies() {
        for (int rows : new int[] {1000, 2100}) {
            for (int i = 0; i < rows; i++) {
                buffer.setLong((long) i * Long.BYTES, -7);
            }
            for (int row = 0; row < rows; row++) {
                for (long large : new long[] {LIMIT, -LIMIT - 1, Long.MAX_VALUE, Long.MIN_VALUE}) {
                    buffer.setLong((long) row * Long.BYTES, large);
                    assertFalse(sums.addLongs(buffer.memoryAddress(), rows), large + " at row " + row);
                }
                buffer.setLong((long) row * Long.BYTES, -7);
            }
            assertTrue(sums.addLongs(buffer.memoryAddress(), rows));
        }
    }
}
