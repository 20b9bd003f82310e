package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.MemoryBudget;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes the next {@link DeletedRows} of a segment from the last ones. What it copied it changes in place, until {@link #finish}. Accounts for the
 * memory that the next ones need beyond the last ones. One thread: the writer that holds the gate.
 */
final class DeletedRowsEditor {
    private static final int OBJECT_BYTES = 24;
    private static final int REFERENCE_BYTES = 4;
    private static final int FIRST_WORDS = 1;

    private final MemoryBudget budget;
    private final DeletedRows base;
    private final DeletedRows working;
    /** Marks what this editor made. An object of its own: what is marked lives on in later versions, and must not keep the editor and all versions before. */
    private final Object mark = new Object();

    DeletedRowsEditor(DeletedRows base, MemoryBudget budget) {
        this.budget = budget;
        this.base = base;
        this.working = new DeletedRows(base.pages.clone(), base.count, base.bytes);
    }

    /** What is deleted now: changes with each {@link #delete}. */
    DeletedRows now() {
        return working;
    }

    /**
     * Deletes a row.
     *
     * @return false when it was deleted before
     * @throws io.zeptodb.engine.api.EngineException OUT_OF_MEMORY
     */
    boolean delete(int run, int row) {
        if (working.contains(run, row)) {
            return false;
        }
        DeletedRows.Run rows = ownRun(ownPage(run >>> DeletedRows.PAGE_SHIFT), run & DeletedRows.PAGE_MASK);
        int word = row >>> DeletedRows.WORD_SHIFT;
        long[] chunk = ownChunk(rows, row >>> DeletedRows.CHUNK_SHIFT, word & (DeletedRows.CHUNK_WORDS - 1));
        chunk[word & (DeletedRows.CHUNK_WORDS - 1)] |= 1L << row;
        rows.count++;
        working.count++;
        return true;
    }

    private DeletedRows.Page ownPage(int index) {
        if (index >= working.pages.length) {
            int length = Math.max(index + 1, working.pages.length * 2);
            account((long) (length - working.pages.length) * REFERENCE_BYTES);
            working.pages = Arrays.copyOf(working.pages, length);
        }
        DeletedRows.Page page = working.pages[index];
        if (page != null && page.owner == mark) {
            return page;
        }
        if (page == null) {
            account(OBJECT_BYTES * 2 + (long) DeletedRows.PAGE_RUNS * REFERENCE_BYTES);
        }
        DeletedRows.@Nullable Run[] runs =
                page == null ? new DeletedRows.Run[DeletedRows.PAGE_RUNS] : page.runs.clone();
        DeletedRows.Page own = new DeletedRows.Page(runs, mark);
        working.pages[index] = own;
        return own;
    }

    private DeletedRows.Run ownRun(DeletedRows.Page page, int index) {
        DeletedRows.Run run = page.runs[index];
        if (run != null && run.owner == mark) {
            return run;
        }
        if (run == null) {
            account(OBJECT_BYTES * 2);
        }
        DeletedRows.Run own = run == null
                ? new DeletedRows.Run(mark, new long[0][], 0)
                : new DeletedRows.Run(mark, run.chunks.clone(), run.count);
        page.runs[index] = own;
        return own;
    }

    /** A chunk of a run that may be changed and has this word. */
    private long[] ownChunk(DeletedRows.Run run, int index, int word) {
        if (index >= run.chunks.length) {
            int before = run.chunks.length;
            account((long) (index + 1 - before) * REFERENCE_BYTES);
            run.chunks = Arrays.copyOf(run.chunks, index + 1);
            Arrays.fill(run.chunks, before, index + 1, DeletedRows.Run.NO_CHUNK);
        }
        long[] chunk = run.chunks[index];
        boolean owned = isOwn(run, index);
        if (owned && word < chunk.length) {
            return chunk;
        }
        int length = chunk.length;
        if (word >= length) {
            length = Math.max(FIRST_WORDS, Integer.highestOneBit(word) << 1);
            account((length - chunk.length) * (long) Long.BYTES + (chunk.length == 0 ? OBJECT_BYTES : 0));
        }
        long[] own = Arrays.copyOf(chunk, Math.max(length, 1));
        run.chunks[index] = own;
        if (!owned) {
            setOwn(run, index);
        }
        return own;
    }

    private static boolean isOwn(DeletedRows.Run run, int chunk) {
        int word = chunk >>> DeletedRows.WORD_SHIFT;
        return word < run.own.length && (run.own[word] >>> chunk & 1) != 0;
    }

    private static void setOwn(DeletedRows.Run run, int chunk) {
        int word = chunk >>> DeletedRows.WORD_SHIFT;
        if (word >= run.own.length) {
            run.own = Arrays.copyOf(run.own, word + 1);
        }
        run.own[word] |= 1L << chunk;
    }

    private void account(long more) {
        budget.reserveHeap(more);
        working.bytes += more;
    }

    /** The deleted rows; the editor is not used any more. */
    DeletedRows finish() {
        return working;
    }

    /** Gives back the memory that was accounted for. */
    void abandon() {
        budget.reserveHeap(base.bytes - working.bytes);
        working.bytes = base.bytes;
    }
}
