package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.MemoryBudget;
import org.jspecify.annotations.Nullable;

/** Which rows of one segment are deleted, as its writer sees it: those of the last commit, and those of the open transaction. */
final class Deletions implements AutoCloseable {
    private final MemoryBudget budget;
    /** Bytes of what it began with, which somebody else has accounted for. */
    private final long foreignBytes;

    private DeletedRows committed;
    private @Nullable DeletedRowsEditor open;

    Deletions(MemoryBudget budget) {
        this(budget, DeletedRows.NONE);
    }

    /** @param first rows of somebody else's snapshot that are deleted already */
    Deletions(MemoryBudget budget, DeletedRows first) {
        this.budget = budget;
        this.committed = first;
        this.foreignBytes = first.bytes;
    }

    /** Those of the open transaction too. */
    DeletedRows now() {
        return open == null ? committed : open.now();
    }

    DeletedRows committed() {
        return committed;
    }

    /** False when the row was deleted before. @throws io.zeptodb.engine.api.EngineException OUT_OF_MEMORY */
    boolean delete(int run, int row) {
        DeletedRowsEditor editor = open;
        if (editor == null) {
            editor = new DeletedRowsEditor(committed, budget);
            open = editor;
        }
        return editor.delete(run, row);
    }

    DeletedRows commit() {
        if (open != null) {
            committed = open.finish();
            open = null;
        }
        return committed;
    }

    void rollback() {
        if (open != null) {
            open.abandon();
            open = null;
        }
    }

    @Override
    public void close() {
        rollback();
        budget.reserveHeap(foreignBytes - committed.bytes);
        committed = DeletedRows.NONE;
    }
}
