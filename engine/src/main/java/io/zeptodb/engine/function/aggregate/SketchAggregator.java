package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.function.Aggregator;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An aggregate with a sketch for each group that has values: memory is bounded, in the budget as it grows, and states merge.
 *
 * @param <S> the sketch of a group
 */
abstract class SketchAggregator<S> extends RowAggregator {
    private static final int BYTES_PER_GROUP = Long.BYTES;

    private final Function<LongConsumer, S> maker;
    private final BiConsumer<S, S> merging;
    private @Nullable S[] sketches;

    /**
     * @param none an array without sketches
     * @param maker of a sketch that tells the bytes of its Java arrays
     * @param merging adds the second one to the first
     */
    SketchAggregator(
            MemoryBudget budget, @Nullable S[] none, Function<LongConsumer, S> maker, BiConsumer<S, S> merging) {
        super(budget, BYTES_PER_GROUP, 1);
        this.sketches = none;
        this.maker = maker;
        this.merging = merging;
    }

    @Override
    final void grow(int groups) {
        sketches = Arrays.copyOf(sketches, groups);
    }

    /** The sketch of a group that gets values. */
    final S of(int group) {
        S sketch = sketches[group];
        if (sketch == null) {
            sketch = maker.apply(this::account);
            sketches[group] = sketch;
        }
        return sketch;
    }

    /** The sketch of a group, null when it has no values. */
    final @Nullable S known(int group) {
        return sketches[group];
    }

    @Override
    @SuppressWarnings("unchecked") // both are aggregators of one function
    public void merge(Aggregator other, int[] groups, int groupCount) {
        SketchAggregator<S> from = (SketchAggregator<S>) other;
        for (int g = 0; g < groupCount; g++) {
            S sketch = from.sketches[g];
            if (sketch != null) {
                budget().poll();
                merging.accept(of(groups[g]), sketch);
            }
        }
    }
}
