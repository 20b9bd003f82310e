package io.zeptodb.engine.partition;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Which queries may still see what a commit has replaced. A query puts the number of the present epoch into a slot before it reads the root
 * and clears the slot when it ends; a commit publishes the root, then moves to the next epoch. What it replaced may be reused when no slot
 * holds its epoch or an earlier one: a query that came later has read a root that no longer shows it.
 */
final class Epochs {
    private static final int SLOTS = 64;
    /** Longs between slots: two cache lines, so that queries on different cores do not disturb each other. */
    private static final int STRIDE = 16;

    private static final int FREE = 0;

    private volatile long current = 1;
    private volatile AtomicLongArray[] chunks = {new AtomicLongArray(SLOTS * STRIDE)};

    /** Moves on; called by the one writer after publishing. The epoch that ended. */
    long advance() {
        long ended = current;
        current = ended + 1;
        return ended;
    }

    /** Announces a query; the slot to give to {@link #leave}. */
    int enter() {
        int start = (int) (Thread.currentThread().getId() & (SLOTS - 1));
        while (true) {
            AtomicLongArray[] all = chunks;
            for (int c = 0; c < all.length; c++) {
                for (int i = 0; i < SLOTS; i++) {
                    int slot = (start + i) & (SLOTS - 1);
                    int at = slot * STRIDE;
                    if (all[c].getPlain(at) == FREE && all[c].compareAndSet(at, FREE, current)) {
                        return c * SLOTS + slot;
                    }
                }
            }
            addChunk(all);
        }
    }

    private synchronized void addChunk(AtomicLongArray[] seen) {
        if (chunks == seen) {
            AtomicLongArray[] more = Arrays.copyOf(seen, seen.length + 1);
            more[seen.length] = new AtomicLongArray(SLOTS * STRIDE);
            chunks = more;
        }
    }

    void leave(int slot) {
        chunks[slot / SLOTS].set((slot & (SLOTS - 1)) * STRIDE, FREE);
    }

    /**
     * What ended before this epoch is seen by no query, and will not be: the earliest epoch of a query that has not ended, and not later than the
     * present one. That is read first: what a commit replaces while the slots are looked at is seen by queries that begin meanwhile.
     */
    long oldest() {
        long oldest = current;
        for (AtomicLongArray chunk : chunks) {
            for (int slot = 0; slot < SLOTS; slot++) {
                long epoch = chunk.get(slot * STRIDE);
                oldest = epoch == FREE ? oldest : Math.min(oldest, epoch);
            }
        }
        return oldest;
    }

    /** Queries that have not ended. */
    int open() {
        int open = 0;
        for (AtomicLongArray chunk : chunks) {
            for (int slot = 0; slot < SLOTS; slot++) {
                open += chunk.get(slot * STRIDE) == FREE ? 0 : 1;
            }
        }
        return open;
    }
}
