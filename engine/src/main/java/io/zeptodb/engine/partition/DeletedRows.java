package io.zeptodb.engine.partition;

import org.jspecify.annotations.Nullable;

/**
 * Which rows of a segment are deleted, by run and row in the run. Immutable and thread-safe once a snapshot shows it: a commit that deletes rows
 * makes the next one with a {@link DeletedRowsEditor}, which copies what it changes (a page of 256 runs, the list of a run's chunks, a
 * chunk of 8,192 rows: a few KB for one row) and shares the rest.
 */
public final class DeletedRows {
    /** No row is. */
    public static final DeletedRows NONE = new DeletedRows(new Page[0], 0, 0);

    static final int PAGE_SHIFT = 8;
    static final int PAGE_RUNS = 1 << PAGE_SHIFT;
    static final int PAGE_MASK = PAGE_RUNS - 1;

    static final int WORD_SHIFT = 6;
    /** Rows of a chunk as a power of two. */
    static final int CHUNK_SHIFT = 13;

    static final int CHUNK_WORDS = 1 << (CHUNK_SHIFT - WORD_SHIFT);
    private static final int CHUNK_WORD_MASK = CHUNK_WORDS - 1;

    /** Up to 256 runs; a run of which no row is deleted is null. */
    static final class Page {
        final @Nullable Run[] runs;
        /** The mark of the editor that made it and may still change it. */
        final Object owner;

        Page(@Nullable Run[] runs, Object owner) {
            this.runs = runs;
            this.owner = owner;
        }
    }

    /** The deleted rows of a run: a bitmap in chunks, each as long as the last bit in it needs. */
    static final class Run {
        static final long[] NO_CHUNK = {};

        /** As that of a {@link Page}. */
        final Object owner;

        long[][] chunks;
        /** A bit for each chunk that its owner made and may change; those behind its end are not. */
        long[] own = NO_CHUNK;

        int count;

        Run(Object owner, long[][] chunks, int count) {
            this.owner = owner;
            this.chunks = chunks;
            this.count = count;
        }

        boolean contains(int row) {
            return (word(row >>> WORD_SHIFT) >>> row & 1) != 0;
        }

        private long word(int index) {
            int at = index >>> (CHUNK_SHIFT - WORD_SHIFT);
            if (at >= chunks.length) {
                return 0;
            }
            long[] chunk = chunks[at];
            int within = index & CHUNK_WORD_MASK;
            return within < chunk.length ? chunk[within] : 0;
        }

        /** The first row of [from, end) that is in the bitmap, or, inverted, that is not; end when there is none. */
        int next(int from, int end, boolean inverted) {
            if (from >= end) {
                return end;
            }
            int index = from >>> WORD_SHIFT;
            int last = (end - 1) >>> WORD_SHIFT;
            long word = (inverted ? ~word(index) : word(index)) & -1L << from;
            while (word == 0) {
                if (index == last) {
                    return end;
                }
                index++;
                word = inverted ? ~word(index) : word(index);
            }
            return Math.min((index << WORD_SHIFT) + Long.numberOfTrailingZeros(word), end);
        }

        /** Rows of [from, end) that are not in the bitmap. */
        int countOthers(int from, int end) {
            int in = 0;
            for (int at = from; at < end; ) {
                int next = Math.min((at | Long.SIZE - 1) + 1, end);
                in += Long.bitCount(bits(at, next));
                at = next;
            }
            return end - from - in;
        }

        /** The bits of rows [from, end), which are of one word, in their places of that word. */
        private long bits(int from, int end) {
            return word(from >>> WORD_SHIFT) & -1L << from & -1L >>> -end;
        }

        int collectOthers(int from, int end, int base, int most, int[] out) {
            int found = 0;
            int at = from;
            while (at < end && found < most) {
                int next = Math.min((at | Long.SIZE - 1) + 1, end);
                int first = at & -Long.SIZE;
                long others = ~word(at >>> WORD_SHIFT) & -1L << at & -1L >>> -next;
                if (found + Long.bitCount(others) > most) {
                    return collectFew(others, first, base, found, most, out);
                }
                while (others != 0) {
                    out[found++] = first + Long.numberOfTrailingZeros(others) - base;
                    others &= others - 1;
                }
                at = next;
            }
            return at;
        }

        private static int collectFew(long others, int first, int base, int from, int most, int[] out) {
            long left = others;
            for (int found = from; found < most; found++) {
                out[found] = first + Long.numberOfTrailingZeros(left) - base;
                left &= left - 1;
            }
            return first + Long.numberOfTrailingZeros(left);
        }
    }

    /** Not changed any more but by the editor that works on this object. */
    @Nullable
    Page[] pages;

    long count;
    /** Of the Java heap, about. */
    long bytes;

    DeletedRows(@Nullable Page[] pages, long count, long bytes) {
        this.pages = pages;
        this.count = count;
        this.bytes = bytes;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** Deleted rows of all runs. */
    public long count() {
        return count;
    }

    /** Deleted rows of a run. */
    public int count(int run) {
        Run rows = rows(run);
        return rows == null ? 0 : rows.count;
    }

    public boolean contains(int run, int row) {
        Run rows = rows(run);
        return rows != null && rows.contains(row);
    }

    /** The first deleted row of a run in [from, end), or end. */
    public int nextDeleted(int run, int from, int end) {
        Run rows = rows(run);
        return rows == null ? Math.max(from, end) : rows.next(from, end, false);
    }

    /** The first row of a run in [from, end) that is not deleted, or end. */
    public int nextLive(int run, int from, int end) {
        Run rows = rows(run);
        return rows == null ? Math.min(from, end) : rows.next(from, end, true);
    }

    /** Rows of a run in [from, end) that are not deleted. */
    public int countLive(int run, int from, int end) {
        Run rows = rows(run);
        return rows == null ? end - from : rows.countOthers(from, end);
    }

    /**
     * Writes the first rows of a run in [from, end) that are not deleted.
     *
     * @param base what they are counted from
     * @param most so many at most, but at least 1
     * @return a row behind the last one written, none between them being left out
     */
    public int collectLive(int run, int from, int end, int base, int most, int[] out) {
        Run rows = rows(run);
        if (rows != null) {
            return rows.collectOthers(from, end, base, most, out);
        }
        int count = Math.min(end - from, most);
        for (int i = 0; i < count; i++) {
            out[i] = from + i - base;
        }
        return from + count;
    }

    /** The first run from this one on of which rows are deleted, or -1. */
    public int nextRun(int from) {
        for (int run = from; run < pages.length << PAGE_SHIFT; run++) {
            Page page = pages[run >>> PAGE_SHIFT];
            if (page == null) {
                run |= PAGE_MASK;
            } else if (count(run) > 0) {
                return run;
            }
        }
        return -1;
    }

    /** A row of a run behind which none is deleted. */
    public int end(int run) {
        Run rows = rows(run);
        return rows == null ? 0 : (int) Math.min((long) rows.chunks.length << CHUNK_SHIFT, Integer.MAX_VALUE);
    }

    @Nullable
    Run rows(int run) {
        int at = run >>> PAGE_SHIFT;
        Page page = at < pages.length ? pages[at] : null;
        return page == null ? null : page.runs[run & PAGE_MASK];
    }
}
