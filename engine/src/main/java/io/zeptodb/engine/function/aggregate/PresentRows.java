package io.zeptodb.engine.function.aggregate;

import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.kernel.Memory;
import org.jspecify.annotations.Nullable;

/**
 * The positions that are selected and where no argument is NULL. While that is simply every row no list is made. Scratch of one aggregator.
 */
final class PresentRows {
    private int[] scratch = {};
    private int @Nullable [] positions;
    private int count;

    /** The positions, or null for [0, count). Valid until the next call of {@link #collect}. */
    int @Nullable [] positions() {
        return positions;
    }

    int count() {
        return count;
    }

    /** Whether none of the first {@code strict} arguments has a NULL or is constant, so that a loop over columns needs no care. */
    static boolean areSimple(ColumnVector[] arguments, int strict) {
        for (int i = 0; i < strict; i++) {
            if (arguments[i].hasNulls() || arguments[i].isConstant()) {
                return false;
            }
        }
        return true;
    }

    /** Finds the positions where the first {@code strict} arguments are not NULL. */
    PresentRows collect(ColumnVector[] arguments, int strict, @Nullable SelectionVector selection, int rowCount) {
        positions = selection == null ? null : selection.positions();
        count = selection == null ? rowCount : selection.count();
        for (int i = 0; i < strict; i++) {
            ColumnVector argument = arguments[i];
            if (!argument.hasNulls()) {
                continue;
            }
            if (argument.isConstant()) {
                count = argument.isNull(0) ? 0 : count;
            } else {
                drop(argument.validity());
            }
        }
        return this;
    }

    /** Keeps positions whose bit is set: the position is always written, the count moves on only for a set bit. */
    private void drop(long validity) {
        if (scratch.length < count) {
            scratch = new int[count];
        }
        int[] kept = scratch;
        int[] given = positions;
        int n = 0;
        for (int i = 0; i < count; i++) {
            int row = given == null ? i : given[i];
            kept[n] = row;
            n += (Memory.getByte(validity + (row >>> 3)) >>> (row & 7)) & 1;
        }
        positions = kept;
        count = n;
    }
}
