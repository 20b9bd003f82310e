package io.zeptodb.engine.batch;

import org.apache.arrow.memory.RootAllocator;

/** Memory of all states of a stress test; each gives back what it took. */
public final class StressMemory {
    public static final MemoryBudget BUDGET = new MemoryBudget(new RootAllocator());

    private StressMemory() {}
}
