package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.exec.spill.SpillSpace;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the work of an operator is divided by keys: rows of different keys never meet, so that parts of the rows can be worked on one after the
 * other. What {@link SpillingOperator} must know of a plan.
 */
interface Division {
    /** Inputs whose rows are divided, with keys that mean the same. */
    int sides();

    /** Columns of an input. */
    List<ColumnType> types(int side);

    /** The columns of an input that are read; null for all. */
    @Nullable
    BitSet used(int side);

    /** Opens the operator over the plan's own inputs. */
    Operator open(ExecutionContext context);

    /** Opens the operator over other inputs, those of each side one after the other or in tasks of their own; takes them over, also when it fails. */
    Operator open(List<List<Operator>> inputs, ExecutionContext context);

    /** As the other, over rows that cannot be divided any further: memory may be taken to its end. */
    default Operator openUndivided(List<List<Operator>> inputs, ExecutionContext context) {
        return open(inputs, context.withSpill(SpillSpace.NONE));
    }

    /** Opens an input of the plan once more: one operator, or several that can run in tasks of their own. */
    List<Operator> openSide(int side, ExecutionContext context);

    /** What computes keys, for one thread. */
    Keys newKeys(ExecutionContext context);

    /** Keys of rows. The last side is asked for all its batches before the first. */
    interface Keys extends AutoCloseable {
        /** The keys of a batch, for all its positions that count; valid until the next call. */
        ColumnVector[] of(int side, Batch batch);

        @Override
        void close();
    }
}
