package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.MemoryBudget;
import org.apache.arrow.memory.RootAllocator;

/** Deleted rows for tests of other packages. */
public final class DeletedRowsMaker {
    private DeletedRowsMaker() {}

    /** @param rows run * 2^32 + row */
    public static DeletedRows of(long... rows) {
        MemoryBudget budget = new MemoryBudget(new RootAllocator());
        DeletedRowsEditor editor = new DeletedRowsEditor(DeletedRows.NONE, budget);
        for (long row : rows) {
            editor.delete((int) (row >>> Integer.SIZE), (int) row);
        }
        return editor.finish();
    }
}
