package io.zeptodb.engine.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;

/** What tests that need memory extend: a budget of their own, of which nothing may be left. */
public abstract class MemoryFixture {
    protected final RootAllocator root = new RootAllocator();
    protected final MemoryBudget budget = new MemoryBudget(root.newChildAllocator("test", 0, Long.MAX_VALUE));

    @AfterEach
    void nothingIsLeft() {
        assertThat(budget.usedBytes()).isZero();
        budget.close();
        root.close();
    }
}
