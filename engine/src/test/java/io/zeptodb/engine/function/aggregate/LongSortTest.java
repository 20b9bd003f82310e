package io.zeptodb.engine.function.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.MemoryBudget;
import java.util.Arrays;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongSortTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, LongSort.PART, LongSort.PART + 1, 5 * LongSort.PART + 17, 8 * LongSort.PART})
    void sortsLikeJava(int count) {
        long[] values = new Random(count).longs(count + 2).toArray();
        long[] expected = values.clone();
        Arrays.sort(expected, 1, count + 1);
        try (RootAllocator root = new RootAllocator();
                MemoryBudget budget = new MemoryBudget(root.newChildAllocator("query", 0, Long.MAX_VALUE))) {
            LongSort.sort(values, 1, count + 1, new long[count], budget);
        }
        assertThat(values).isEqualTo(expected);
    }

    @Test
    void canBeStopped() {
        try (RootAllocator root = new RootAllocator();
                MemoryBudget budget = new MemoryBudget(root.newChildAllocator("query", 0, Long.MAX_VALUE), () -> {
                    throw new EngineException(ErrorCode.CANCELLED, "stopped");
                })) {
            long[] values = new long[2 * LongSort.PART];
            assertThatThrownBy(() -> LongSort.sort(values, 0, values.length, new long[values.length], budget))
                    .hasMessage("stopped");
        }
    }
}
