package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.function.Aggregator;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates of blocks of rows and of blocks of blocks, for long frames of functions that cannot take a row away: a frame is some rows at
 * its ends and few blocks between. Blocks are made when they are first used. Owned by one operator; one thread.
 */
final class FrameTree implements AutoCloseable {
    /** Rows of the least block. */
    static final int BLOCK = 64;

    private static final int FAN_OUT = 16;
    private static final int[] GROUP_ZERO = {0};

    private final MemoryBudget budget;
    private final AggregateFunction function;
    private final ColumnVector[] arguments;
    private final int rowCount;
    private final @Nullable Aggregator[][] levels;
    private final SelectionVector block = new SelectionVector(BLOCK);
    private final int[] target = new int[1];

    /** @param arguments over all rows */
    FrameTree(MemoryBudget budget, AggregateFunction function, ColumnVector[] arguments, int rowCount) {
        this.budget = budget;
        this.function = function;
        this.arguments = arguments;
        this.rowCount = rowCount;
        int count = 0;
        for (long width = BLOCK; width <= rowCount; width *= FAN_OUT) {
            count++;
        }
        levels = new Aggregator[count][];
        long width = BLOCK;
        for (int i = 0; i < count; i++) {
            levels[i] = new Aggregator[(int) (rowCount / width)];
            width *= FAN_OUT;
        }
    }

    /** Adds rows [from, to), both multiples of {@link #BLOCK}, to a group of an aggregator of the same function, in order. */
    void add(int from, int to, Aggregator result, int group) {
        int at = from;
        while (at < to) {
            int level = 0;
            long width = BLOCK;
            while (level + 1 < levels.length && at % (width * FAN_OUT) == 0 && at + width * FAN_OUT <= to) {
                level++;
                width *= FAN_OUT;
            }
            target[0] = group;
            result.merge(node(level, (int) (at / width)), target, 1);
            at += (int) width;
        }
    }

    private Aggregator node(int level, int index) {
        Aggregator node = levels[level][index];
        if (node == null) {
            node = function.newAggregator(budget);
            levels[level][index] = node;
            node.reserve(1);
            fill(node, level, index);
        }
        return node;
    }

    private void fill(Aggregator node, int level, int index) {
        if (level > 0) {
            for (int i = 0; i < FAN_OUT; i++) {
                node.merge(node(level - 1, index * FAN_OUT + i), GROUP_ZERO, 1);
            }
            return;
        }
        for (int i = 0; i < BLOCK; i++) {
            block.positions()[i] = index * BLOCK + i;
        }
        block.setCount(BLOCK);
        node.updateGroup(0, arguments, block, rowCount);
    }

    @Override
    public void close() {
        for (Aggregator[] level : levels) {
            for (int i = 0; i < level.length; i++) {
                Aggregator node = level[i];
                if (node != null) {
                    node.close();
                    level[i] = null;
                }
            }
        }
    }
}
