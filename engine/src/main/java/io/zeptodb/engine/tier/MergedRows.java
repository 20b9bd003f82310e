package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.BitScratch;
import io.zeptodb.engine.partition.SealedRuns;
import io.zeptodb.engine.partition.SegmentSnapshot;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * In which order the rows of some segments of a partition go into one: by key, the NULL key last, then by time, NULL timestamps last, then by
 * sequence; rows that are deleted are left out. The rows of one key are a group; its parts are the runs that the sources have of it, and
 * it is made of stretches, each the next so many rows of one part. Computed once and followed by every column. One thread.
 */
final class MergedRows implements AutoCloseable {
    private final MemoryBudget budget;
    private final List<SegmentSnapshot> sources;
    private final GrowingInts partSource;
    private final GrowingInts partRun;
    /** By group, and one more. */
    private final GrowingInts firstPart;
    /** Index of the part within its group. */
    private final GrowingInts stretchPart;

    private final GrowingInts stretchRows;
    private final GrowingInts firstStretch;
    private final GrowingInts starts;
    private long[] keys = {};
    private int groups;
    private int mostParts;
    private long rows;
    private boolean hasNullKey;
    private long reserved;

    /** @throws EngineException FEATURE_NOT_SUPPORTED for more rows than a segment can have; OUT_OF_MEMORY */
    MergedRows(TableMetadata table, List<SegmentSnapshot> sources, MemoryBudget budget) {
        this.budget = budget;
        this.sources = sources;
        this.partSource = new GrowingInts(budget);
        this.partRun = new GrowingInts(budget);
        this.firstPart = new GrowingInts(budget);
        this.stretchPart = new GrowingInts(budget);
        this.stretchRows = new GrowingInts(budget);
        this.firstStretch = new GrowingInts(budget);
        this.starts = new GrowingInts(budget);
        try (RunMerge merge = new RunMerge(table, budget, this)) {
            mergeKeys(table, merge);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void mergeKeys(TableMetadata table, RunMerge merge) {
        int[][] order = new int[sources.size()][];
        int[] next = new int[sources.size()];
        for (int i = 0; i < order.length; i++) {
            sources.get(i).checkFile();
            order[i] = runsByKey(sources.get(i));
        }
        int first = nextSource(order, next);
        while (first >= 0) {
            int run = order[first][next[first]];
            long key = sources.get(first).runKey(run);
            boolean nullKey = sources.get(first).runKeyIsNull(run);
            firstPart.add(partSource.size());
            firstStretch.add(stretchRows.size());
            starts.add((int) rows);
            int parts = 0;
            long before = rows;
            for (int i = first; i < order.length; i++) {
                if (next[i] < order[i].length && isKey(sources.get(i), order[i][next[i]], key, nullKey)) {
                    partSource.add(i);
                    partRun.add(order[i][next[i]++]);
                    parts++;
                }
            }
            merge.merge(groups, parts);
            checkRows(table);
            if (rows == before) {
                dropGroup();
            } else {
                addGroup(key, nullKey, parts);
            }
            budget.poll();
            first = nextSource(order, next);
        }
        firstPart.add(partSource.size());
        firstStretch.add(stretchRows.size());
        starts.add((int) rows);
    }

    private void checkRows(TableMetadata table) {
        if (rows > SegmentWriter.MOST_ROWS) {
            throw new EngineException(
                    ErrorCode.FEATURE_NOT_SUPPORTED,
                    "cannot seal more than " + SegmentWriter.MOST_ROWS + " rows of '" + table.name()
                            + "' in one segment; set seal_rows lower");
        }
    }

    private void addGroup(long key, boolean nullKey, int parts) {
        if (groups == keys.length) {
            int larger = Math.max(16, groups * 2);
            long bytes = (long) (larger - keys.length) * Long.BYTES;
            budget.reserveHeap(bytes);
            reserved += bytes;
            keys = Arrays.copyOf(keys, larger);
        }
        keys[groups++] = nullKey ? 0 : key;
        hasNullKey |= nullKey;
        mostParts = Math.max(mostParts, parts);
    }

    /** All rows of the key are deleted. */
    private void dropGroup() {
        partSource.cut(firstPart.removeLast());
        partRun.cut(partSource.size());
        stretchRows.cut(firstStretch.removeLast());
        stretchPart.cut(stretchRows.size());
        starts.removeLast();
    }

    private static boolean isKey(SegmentSnapshot source, int run, long key, boolean nullKey) {
        return nullKey ? source.runKeyIsNull(run) : !source.runKeyIsNull(run) && source.runKey(run) == key;
    }

    /** The source with the least key that is left, or -1. */
    private int nextSource(int[][] order, int[] next) {
        int best = -1;
        for (int i = 0; i < order.length; i++) {
            if (next[i] < order[i].length
                    && (best < 0 || isLess(i, order[i][next[i]], best, order[best][next[best]]))) {
                best = i;
            }
        }
        return best;
    }

    private boolean isLess(int source, int run, int other, int otherRun) {
        SegmentSnapshot left = sources.get(source);
        SegmentSnapshot right = sources.get(other);
        if (left.runKeyIsNull(run) || right.runKeyIsNull(otherRun)) {
            return !left.runKeyIsNull(run);
        }
        return left.runKey(run) < right.runKey(otherRun);
    }

    private static int[] runsByKey(SegmentSnapshot source) {
        int[] inOrder = IntStream.range(0, source.runCount()).toArray();
        if (source.sealed()) {
            return inOrder;
        }
        Comparator<Integer> byKey =
                Comparator.<Integer, Boolean>comparing(source::runKeyIsNull).thenComparingLong(source::runKey);
        return Arrays.stream(inOrder)
                .boxed()
                .sorted(byKey)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    void addStretch(int part, int count) {
        int last = stretchRows.size() - 1;
        if (last >= firstStretch.get(firstStretch.size() - 1) && stretchPart.get(last) == part) {
            stretchRows.set(last, stretchRows.get(last) + count);
        } else {
            stretchPart.add(part);
            stretchRows.add(count);
        }
        rows += count;
    }

    int rows() {
        return (int) rows;
    }

    int groups() {
        return groups;
    }

    /** Parts of the group that has most. */
    int mostParts() {
        return mostParts;
    }

    int firstPart(int group) {
        return firstPart.get(group);
    }

    int firstStretch(int group) {
        return firstStretch.get(group);
    }

    SegmentSnapshot source(int part) {
        return sources.get(partSource.get(part));
    }

    int run(int part) {
        return partRun.get(part);
    }

    int stretchPart(int stretch) {
        return stretchPart.get(stretch);
    }

    int stretchRows(int stretch) {
        return stretchRows.get(stretch);
    }

    /** Keys that rows have, without the NULL key. */
    long[] knownKeys() {
        return Arrays.copyOf(keys, hasNullKey ? groups - 1 : groups);
    }

    /** The dictionary of a SYMBOL column. */
    SymbolDictionary dictionary(int ordinal) {
        ColumnVector vector = new ColumnVector(ColumnType.SYMBOL);
        try (BitScratch bits = new BitScratch(budget)) {
            source(0).slice(ordinal, run(0), 0, 1, vector, bits);
        }
        return vector.requireDictionary();
    }

    /** Where the rows of each key are; arrays of their own. */
    SealedRuns runs() {
        return new SealedRuns(Arrays.copyOf(keys, groups), starts.toArray(), hasNullKey);
    }

    @Override
    public void close() {
        partSource.close();
        partRun.close();
        firstPart.close();
        stretchPart.close();
        stretchRows.close();
        firstStretch.close();
        starts.close();
        budget.reserveHeap(-reserved);
        reserved = 0;
        keys = new long[0];
    }
}
