package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.partition.SegmentSnapshot;
import java.util.Arrays;

/** The time of the latest row that was found of each partition key. Owned by one operator, one thread. */
final class LatestTimes implements AutoCloseable {
    private static final int UNKNOWN = -1;
    private static final int LEAST_SIZE = 64;
    private static final int BYTES_EACH = Long.BYTES + 1;

    private final ScanRanges source;
    private final MemoryBudget budget;
    private final KeyNumbers keys;
    /** How many keys there may be besides NULL; -1 when nobody knows. */
    private final int possible;

    private long[] times = {};
    private boolean[] known = {};
    private int knownKeys;
    private boolean nullKnown;

    LatestTimes(ScanRanges source, MemoryBudget budget) {
        this.source = source;
        this.budget = budget;
        int ordinal = source.plan().table().schema().keyOrdinal();
        boolean symbols = source.plan().table().schema().typeOf(ordinal).kind() == TypeKind.SYMBOL;
        this.keys = new KeyNumbers(budget, symbols);
        SymbolDictionary dictionary = symbols ? source.table().dictionary(ordinal) : null;
        long[] given = source.keys();
        this.possible = given != null ? given.length : dictionary != null ? dictionary.size() : UNKNOWN;
    }

    /** Number of the key of a run. */
    int numberOf(SegmentSnapshot segment, int run) {
        int number = segment.runKeyIsNull(run) ? keys.ofNull() : keys.of(segment.runKey(run));
        if (number >= times.length) {
            int size = Math.max(LEAST_SIZE, Math.max(number + 1, times.length * 2));
            budget.reserveHeap((long) (size - times.length) * BYTES_EACH);
            times = Arrays.copyOf(times, size);
            known = Arrays.copyOf(known, size);
        }
        return number;
    }

    /** A row of the key was found. */
    void note(int number, long time) {
        if (!known[number]) {
            known[number] = true;
            times[number] = time;
            if (keys.isNull(number)) {
                nullKnown = true;
            } else {
                knownKeys++;
            }
        } else {
            times[number] = Math.max(times[number], time);
        }
    }

    /** Whether a row later than this time was found of the key. */
    boolean isAfter(int number, long time) {
        return known[number] && times[number] > time;
    }

    /** Whether a row later than this time was found of every key that the segment may have. */
    boolean allAfter(int segment, long time) {
        boolean all = possible != UNKNOWN
                && knownKeys >= possible
                && (nullKnown || source.segment(segment).findNullRun() < 0);
        for (int number = 0; all && number < keys.count(); number++) {
            all = !known[number] || times[number] > time;
        }
        return all;
    }

    @Override
    public void close() {
        budget.reserveHeap(-(long) times.length * BYTES_EACH);
        times = new long[0];
        known = new boolean[0];
        keys.close();
    }
}
