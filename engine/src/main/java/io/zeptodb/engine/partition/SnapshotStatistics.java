package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.KeyHashing;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.TableStatistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The planner's knowledge of one snapshot: bounds as the segments have them, numbers of different values from dictionaries, from bounds of
 * integers and dates, and for other columns from a sample of some hundred rows. Valid while the snapshot is leased.
 * Thread-safe.
 */
public final class SnapshotStatistics implements TableStatistics {
    /** Segments looked at, spread over the table: a table of more is not slower to plan for. */
    private static final int MOST_SEGMENTS = 256;

    private static final int SAMPLE_ROWS = 512;
    private static final int CHUNK_ROWS = 64;
    private static final int BOOLEANS = 2;

    private final DatabaseSnapshot snapshot;
    private final MemoryBudget budget;
    private final Map<Long, Long> asked = new ConcurrentHashMap<>();

    /** @param budget pays for bits of a sample that must be shifted */
    public SnapshotStatistics(DatabaseSnapshot snapshot, MemoryBudget budget) {
        this.snapshot = snapshot;
        this.budget = budget;
    }

    @Override
    public long rowCount(TableMetadata table) {
        long rows = rows(table);
        asked.put(table.id(), rows);
        return rows;
    }

    private long rows(TableMetadata table) {
        return snapshot.table(table.id()).rowCount();
    }

    /** The rows of the tables that were asked for, by their ids: what the plan depends on. */
    public Map<Long, Long> askedRows() {
        return asked;
    }

    @Override
    public ColumnStatistics column(TableMetadata table, int ordinal) {
        ColumnStatistics all = ColumnStatistics.UNKNOWN;
        for (SegmentSnapshot segment : segments(table)) {
            ColumnStatistics one = segment.statistics(ordinal);
            if (one.hasBounds()) {
                all = all.hasBounds() ? union(all, one) : one;
            }
        }
        return all;
    }

    private static ColumnStatistics union(ColumnStatistics a, ColumnStatistics b) {
        return new ColumnStatistics(
                true,
                Math.min(a.minLong(), b.minLong()),
                Math.max(a.maxLong(), b.maxLong()),
                Math.min(a.minDouble(), b.minDouble()),
                Math.max(a.maxDouble(), b.maxDouble()),
                a.nullCount() + b.nullCount());
    }

    private List<SegmentSnapshot> segments(TableMetadata table) {
        List<SegmentSnapshot> all = new ArrayList<>();
        for (PartitionSnapshot partition : snapshot.table(table.id()).partitions()) {
            all.addAll(partition.segments());
        }
        if (all.size() <= MOST_SEGMENTS) {
            return all;
        }
        List<SegmentSnapshot> some = new ArrayList<>(MOST_SEGMENTS);
        for (int i = 0; i < MOST_SEGMENTS; i++) {
            some.add(all.get((int) ((long) i * (all.size() - 1) / (MOST_SEGMENTS - 1))));
        }
        return some;
    }

    @Override
    public double distinct(TableMetadata table, int ordinal) {
        TypeKind kind = table.schema().typeOf(ordinal).kind();
        double rows = rows(table);
        if (kind == TypeKind.SYMBOL) {
            SymbolDictionary dictionary = snapshot.table(table.id()).dictionary(ordinal);
            return dictionary == null ? -1 : Math.min(rows, dictionary.size());
        } else if (kind == TypeKind.BOOLEAN) {
            return Math.min(rows, BOOLEANS);
        }
        ColumnStatistics bounds = column(table, ordinal);
        if (bounds.hasBounds() && (kind.isInteger() || kind == TypeKind.DATE)) {
            return Math.min(rows, (double) bounds.maxLong() - bounds.minLong() + 1);
        }
        return kind == TypeKind.TIMESTAMP || kind.isFloat() ? rows : sampled(table, ordinal, rows);
    }

    /** The estimator of Haas and others (VLDB 1995), Duj1: what came once in the sample tells of what did not come. */
    private double sampled(TableMetadata table, int ordinal, double rows) {
        int[] hashes = new int[SAMPLE_ROWS];
        int count;
        try {
            count = sample(table, ordinal, hashes);
        } catch (EngineException | InternalError e) {
            return -1; // a damaged file: the run finds it too, and says where
        }
        if (count == 0) {
            return -1;
        }
        Arrays.sort(hashes, 0, count);
        int different = 0;
        int once = 0;
        for (int from = 0; from < count; ) {
            int to = from + 1;
            while (to < count && hashes[to] == hashes[from]) {
                to++;
            }
            different++;
            once += to - from == 1 ? 1 : 0;
            from = to;
        }
        double unseen = (1 - Math.min(1, count / rows)) * once / count;
        return Math.min(rows, unseen >= 1 ? rows : different / (1 - unseen));
    }

    /** Hashes of values from chunks that are spread over runs and segments; how many. */
    private int sample(TableMetadata table, int ordinal, int[] hashes) {
        List<SegmentSnapshot> segments = segments(table);
        ColumnVector[] column = {new ColumnVector(table.schema().typeOf(ordinal))};
        long[] wide = new long[CHUNK_ROWS];
        int[] chunk = new int[CHUNK_ROWS];
        int chunks = segments.isEmpty() ? 0 : SAMPLE_ROWS / CHUNK_ROWS;
        int taken = 0;
        try (BitScratch bits = new BitScratch(budget)) {
            for (int i = 0; i < chunks; i++) {
                SegmentSnapshot segment = segments.get((int) ((long) i * segments.size() / chunks));
                segment.checkFile();
                int run = (int) ((long) i * segment.runCount() / chunks);
                int rows = segment.runRows(run);
                int from = (int) ((long) Math.max(0, rows - CHUNK_ROWS) * i / chunks) & -Byte.SIZE;
                int count = Math.min(CHUNK_ROWS, rows - from);
                segment.slice(ordinal, run, from, count, column[0], bits);
                KeyHashing.hash(column, (int[]) null, count, wide, chunk);
                System.arraycopy(chunk, 0, hashes, taken, count);
                taken += count;
            }
        }
        return taken;
    }
}
