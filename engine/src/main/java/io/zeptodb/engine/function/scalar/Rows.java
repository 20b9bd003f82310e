package io.zeptodb.engine.function.scalar;

import io.zeptodb.engine.batch.SelectionVector;
import org.jspecify.annotations.Nullable;

/** How loops here go over a batch: row i of a selection, or i itself. */
final class Rows {
    private Rows() {}

    /** Positions to go over, or null for 0 … count - 1. */
    static int @Nullable [] positions(@Nullable SelectionVector selection) {
        return selection == null ? null : selection.positions();
    }

    /** How many rows to go over. */
    static int count(@Nullable SelectionVector selection, int rowCount) {
        return selection == null ? rowCount : selection.count();
    }
}
