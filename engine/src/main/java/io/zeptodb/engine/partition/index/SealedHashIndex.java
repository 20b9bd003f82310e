package io.zeptodb.engine.partition.index;

import io.zeptodb.engine.api.ColumnAttribute;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.partition.SegmentSnapshot;
import java.util.Arrays;

/**
 * The index of a column of a sealed segment by the hash of its values: entries (single rows of a GROUPED column, stretches of rows of one value of a PARTED
 * one) in the order of buckets, which are the upper bits of the hash, and in a bucket in the order of the rows. About 10 bytes for each entry. Rows
 * are numbered over all runs. NULLs have no entry. Once made it is not changed, and read without a lock.
 *
 * <pre>
 *   hash -> bucket -> [starts[bucket], starts[bucket + 1]) of hashes and rows (and lengths)
 * </pre>
 */
final class SealedHashIndex extends ColumnIndex {
    /** Entries of a bucket on average, at most. */
    private static final int BUCKET_ENTRIES = 4;

    private final boolean parted;
    private int[] runStarts = {};
    private int shift = Integer.SIZE - 1;
    private int[] starts = {};
    private int[] hashes = {};
    private int[] rows = {};
    private int[] lengths = {};
    private boolean made;

    SealedHashIndex(ColumnAttribute attribute, ColumnType type, MemoryBudget budget) {
        super(attribute, type, budget);
        this.parted = attribute == ColumnAttribute.PARTED;
    }

    @Override
    boolean covers(SegmentSnapshot segment) {
        return made;
    }

    @Override
    boolean isReadWithoutLock() {
        return true;
    }

    @Override
    void extend(SegmentSnapshot segment, int column, ValueSearch search) {
        int runs = segment.runCount();
        account((long) (runs + 1) * Integer.BYTES);
        runStarts = new int[runs + 1];
        for (int run = 0; run < runs; run++) {
            runStarts[run + 1] = runStarts[run] + segment.runRows(run);
        }
        Entries entries = new Entries(this, parted ? 0 : runStarts[runs]);
        try (HashedRows source = new HashedRows(segment, column, type, runStarts[runs], budget())) {
            for (int run = 0; run < runs; run++) {
                readRun(source, run, segment.runRows(run), entries, search);
            }
            distribute(entries);
        } finally {
            entries.free();
        }
        made = true;
    }

    private void readRun(HashedRows source, int run, int runRows, Entries entries, ValueSearch search) {
        entries.endStretch();
        for (int from = 0; from < runRows; from += HashedRows.ROWS) {
            search.poll();
            int count = Math.min(HashedRows.ROWS, runRows - from);
            int[] read = source.read(run, from, count);
            entries.reserve(count);
            for (int i = 0; i < count; i++) {
                if (source.isNull(i)) {
                    entries.endStretch();
                } else if (parted) {
                    entries.addToStretch(read[i], runStarts[run] + from + i);
                } else {
                    entries.add(read[i], runStarts[run] + from + i);
                }
            }
        }
    }

    /** The entries in the order of rows, while the index is made: counted like the index, and given back when it is done. */
    private static final class Entries {
        private final ColumnIndex owner;
        private int[] hashes;
        private int[] rows;
        private int[] lengths = {};
        private int count;
        private boolean inStretch;

        Entries(ColumnIndex owner, int capacity) {
            this.owner = owner;
            owner.account(2L * capacity * Integer.BYTES);
            hashes = new int[capacity];
            rows = new int[capacity];
        }

        void reserve(int more) {
            if (count + more > hashes.length) {
                int capacity = Math.max(count + more, (int) Math.min(hashes.length * 2L, Integer.MAX_VALUE - 8));
                owner.account(3L * (capacity - hashes.length) * Integer.BYTES);
                hashes = Arrays.copyOf(hashes, capacity);
                rows = Arrays.copyOf(rows, capacity);
                lengths = Arrays.copyOf(lengths, capacity);
            }
        }

        void add(int hash, int row) {
            hashes[count] = hash;
            rows[count++] = row;
        }

        void endStretch() {
            inStretch = false;
        }

        void addToStretch(int hash, int row) {
            if (inStretch && hashes[count - 1] == hash) {
                lengths[count - 1]++;
                return;
            }
            lengths[count] = 1;
            add(hash, row);
            inStretch = true;
        }

        void free() {
            owner.account(-(2L * hashes.length + lengths.length) * Integer.BYTES);
        }
    }

    private void distribute(Entries entries) {
        int count = entries.count;
        int buckets = Math.max(2, Integer.highestOneBit(Math.max(1, count / BUCKET_ENTRIES)) * 2);
        account(((parted ? 3L : 2L) * count + buckets + 1) * Integer.BYTES);
        shift = Integer.numberOfLeadingZeros(buckets) + 1;
        starts = new int[buckets + 1];
        hashes = new int[count];
        rows = new int[count];
        lengths = new int[parted ? count : 0];
        for (int i = 0; i < count; i++) {
            starts[(entries.hashes[i] >>> shift) + 1]++;
        }
        for (int i = 1; i <= buckets; i++) {
            starts[i] += starts[i - 1];
        }
        for (int i = 0; i < count; i++) {
            int at = starts[entries.hashes[i] >>> shift]++;
            hashes[at] = entries.hashes[i];
            rows[at] = entries.rows[i];
            if (parted) {
                lengths[at] = entries.lengths[i];
            }
        }
        // each start has moved to the next one's place
        System.arraycopy(starts, 0, starts, 1, buckets);
        starts[0] = 0;
    }

    @Override
    boolean collect(SegmentSnapshot segment, int column, ValueSearch search, RowRanges into) {
        long most = ValueSearch.mostRows(runStarts[runStarts.length - 1]);
        for (int hash : search.hashes()) {
            int bucket = hash >>> shift;
            for (int at = starts[bucket]; at < starts[bucket + 1]; at++) {
                if (hashes[at] == hash) {
                    add(rows[at], parted ? lengths[at] : 1, into);
                    if (into.size() > most) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private void add(int row, int length, RowRanges into) {
        int found = Arrays.binarySearch(runStarts, row);
        int run = found < 0 ? -found - 2 : found;
        while (runStarts[run + 1] == row) {
            run++; // a run without rows, which begins where the next one does
        }
        int from = row - runStarts[run];
        into.add(run, from, from + length);
    }
}
