package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.plan.JoinFilter;
import io.zeptodb.engine.plan.PhysicalPlan.HashJoin;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a join's right side, by which a scan far below its left side leaves rows out ({@link JoinFilter}). The join publishes them when its right side
 * is built, before it asks for the first left row, and withdraws them when it is closed; in between any number of threads may read. Without keys, or
 * where few rows are left out, every row passes: the join looks at what comes anyway.
 */
final class BuiltKeys {
    /** A table of some of the keys is made only when it takes at most one in so many bytes of what is left. */
    private static final int MEMORY_SHARE = 8;

    /** What a slot, a group and the copy of a key take, about. */
    private static final int BYTES_FOR_KEY = 64;

    private final JoinFilter filter;
    private final List<ColumnType> types;
    private final boolean[] nullMatches;
    private final int keyCount;
    private volatile @Nullable Published published;
    private @Nullable GroupTable own;

    /** @param dictionaries of the filter's keys */
    private record Published(GroupTable table, @Nullable SymbolDictionary[] dictionaries) {}

    private BuiltKeys(JoinFilter filter, HashJoin join) {
        this.filter = filter;
        this.keyCount = join.leftKeys().size();
        List<ColumnType> all = JoinKeys.commonTypes(join.leftKeys(), join.rightKeys());
        this.types = filter.keys().stream().map(all::get).toList();
        this.nullMatches = new boolean[types.size()];
        for (int i = 0; i < nullMatches.length; i++) {
            nullMatches[i] = join.nullSafe().get(filter.keys().get(i));
        }
    }

    /** For each scan that a join can give a filter to. */
    static List<BuiltKeys> of(HashJoin join) {
        List<BuiltKeys> all = new ArrayList<>();
        for (JoinFilter filter : JoinFilter.of(join)) {
            all.add(new BuiltKeys(filter, join));
        }
        return all;
    }

    TableScan scan() {
        return filter.scan();
    }

    /**
     * Lets scans see the keys.
     *
     * @param table of all keys of the join, which does not change any more
     * @param rightKeys what computed them
     */
    void publish(GroupTable table, JoinKeys rightKeys, MemoryBudget budget) {
        GroupTable seen = filter.keys().size() == keyCount ? table : someKeys(table, budget);
        if (seen != null) {
            SymbolDictionary[] dictionaries = new SymbolDictionary[types.size()];
            for (int i = 0; i < dictionaries.length; i++) {
                dictionaries[i] = rightKeys.dictionaries()[filter.keys().get(i)];
            }
            published = new Published(seen, dictionaries);
        }
    }

    /** A table of the filter's keys alone; null when that takes too much memory. */
    private @Nullable GroupTable someKeys(GroupTable table, MemoryBudget budget) {
        int count = table.groupCount();
        if ((long) count * types.size() * BYTES_FOR_KEY > budget.availableBytes() / MEMORY_SHARE) {
            return null;
        }
        own = new GroupTable(budget, types);
        ColumnVector[] keys = new ColumnVector[types.size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = table.key(filter.keys().get(i));
        }
        budget.reserveHeap((long) count * Integer.BYTES);
        own.assign(keys, null, count, new int[count]);
        budget.reserveHeap(-(long) count * Integer.BYTES);
        return own;
    }

    /** From now on every row passes. No thread may be reading. */
    void withdraw() {
        published = null;
        if (own != null) {
            own.close();
            own = null;
        }
    }

    Reader newReader(ExecutionContext context) {
        return new Reader(context);
    }

    /** Applies the filter to batches of the scan; owned by one thread. */
    final class Reader implements AutoCloseable {
        /** After so many rows it is decided whether the filter is worth its time. */
        private static final int TRIED_ROWS = 1 << 15;

        /** It is when it leaves out one in so many rows. */
        private static final int LEAST_SHARE = 4;

        /** A filter that was not worth it rests for so many rows: rows of other times may have other keys. */
        private static final int RESTING_ROWS = 1 << 20;

        private final JoinKeys keys;
        private GroupTable.@Nullable Finder finder;
        private int[] groups = {};
        private int tried;
        private int left;
        private int resting;

        private Reader(ExecutionContext context) {
            keys = new JoinKeys(filter.columns(), types, nullMatches, context);
        }

        /**
         * The positions of the batch that the join may match, of those that count.
         *
         * @param out room for them; may be the batch's selection
         * @return null when all rows of the batch pass
         */
        @Nullable
        SelectionVector select(Batch batch, SelectionVector out) {
            Published seen = published;
            int count = batch.selectedCount();
            if (seen == null || count == 0 || rests(count)) {
                return batch.selection();
            }
            if (finder == null) {
                finder = seen.table.newFinder();
            }
            int rows = batch.rowCount();
            if (groups.length < rows) {
                groups = new int[rows];
            }
            ColumnVector[] values = keys.probing(batch, seen.dictionaries);
            SelectionVector present = keys.matchable(batch, values);
            finder.find(values, present, rows, groups);
            int kept = keep(present, rows, out);
            tried += count;
            left += kept;
            return out;
        }

        private int keep(@Nullable SelectionVector present, int rows, SelectionVector out) {
            int count = present == null ? rows : present.count();
            int[] from = present == null ? null : present.positions();
            int[] to = out.reserveList(count);
            int kept = 0;
            for (int i = 0; i < count; i++) {
                int position = from == null ? i : from[i];
                to[kept] = position;
                kept += groups[position] < 0 ? 0 : 1;
            }
            out.setCount(kept);
            return kept;
        }

        private boolean rests(int count) {
            if (resting > 0) {
                resting -= count;
                return true;
            }
            if (tried >= TRIED_ROWS) {
                resting = tried - left < tried / LEAST_SHARE ? RESTING_ROWS : 0;
                tried = 0;
                left = 0;
            }
            return resting > 0;
        }

        @Override
        public void close() {
            keys.close();
        }
    }
}
