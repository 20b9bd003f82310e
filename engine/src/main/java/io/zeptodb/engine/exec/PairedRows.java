package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.function.AggregateFunction;
import io.zeptodb.engine.function.Aggregator;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Rows on their way to the groups they count in: collected as pairs of row and group, which may name a row many times, and handed to an aggregate batch by
 * batch. A long range of rows goes as the blocks of a {@link FrameTree} and the rows at its ends. Owned by one operator; one thread.
 */
final class PairedRows implements AutoCloseable {
    /** Ranges of more rows than this are made of blocks. */
    private static final int LONG_RANGE = 4 * FrameTree.BLOCK;

    private final MemoryBudget budget;
    private final ColumnVector[] arguments;
    private final WritableColumn[] gathered;
    private final ColumnVector[] ofPairs;
    private final FrameTree tree;
    private final int[] rows = new int[Batch.ROWS];
    private final int[] groups = new int[Batch.ROWS];
    private int pairs;
    private @Nullable Aggregator aggregator;
    /** Takes the gathered arguments of so many pairs. */
    private IntConsumer target = count -> {};

    /** @param arguments of the function over all rows; may be constant */
    PairedRows(MemoryBudget budget, AggregateFunction function, ColumnVector[] arguments, int rowCount) {
        this.budget = budget;
        this.arguments = arguments;
        gathered = new WritableColumn[arguments.length];
        ofPairs = new ColumnVector[arguments.length];
        for (int i = 0; i < gathered.length; i++) {
            gathered[i] = new WritableColumn(budget, arguments[i].type());
        }
        tree = new FrameTree(budget, function, arguments, rowCount);
    }

    /** What is added from now on goes to an aggregator of the function, which has the groups. */
    void begin(Aggregator state) {
        aggregator = state;
        target = count -> state.update(ofPairs, null, count, groups);
        pairs = 0;
    }

    /** As the other; takes {@link #addRows} only. */
    void begin(AggregateState state) {
        aggregator = null;
        target = count -> state.update(new Batch(ofPairs).set(count, null), groups);
        pairs = 0;
    }

    /** Adds rows [from, to) to a group, in order. */
    void addRange(int from, int to, int group) {
        if (to - from <= LONG_RANGE) {
            addRows(from, to, group);
            return;
        }
        int firstBlock = (from + FrameTree.BLOCK - 1) / FrameTree.BLOCK * FrameTree.BLOCK;
        int lastBlock = to / FrameTree.BLOCK * FrameTree.BLOCK;
        addRows(from, firstBlock, group);
        // the rows before the blocks must arrive before them
        flush();
        budget.poll();
        tree.add(firstBlock, lastBlock, Objects.requireNonNull(aggregator, "aggregator"), group);
        addRows(lastBlock, to, group);
    }

    /** As {@link #addRange}, each row by itself. */
    void addRows(int from, int to, int group) {
        for (int row = from; row < to; row++) {
            if (pairs == rows.length) {
                flush();
            }
            rows[pairs] = row;
            groups[pairs++] = group;
        }
    }

    /** Ends what {@link #begin} began: all that was added has arrived. */
    void flush() {
        if (pairs == 0) {
            return;
        }
        budget.poll();
        for (int i = 0; i < gathered.length; i++) {
            gathered[i].gatherShared(arguments[i], rows, pairs);
            ofPairs[i] = gathered[i].vector();
        }
        target.accept(pairs);
        pairs = 0;
    }

    @Override
    public void close() {
        for (WritableColumn column : gathered) {
            column.close();
        }
        tree.close();
    }
}
