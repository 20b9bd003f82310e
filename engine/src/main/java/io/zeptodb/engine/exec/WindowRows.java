package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.KeyEquality;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.SortKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All rows of a window, in the order of the window: partition by partition, each in the order of the order keys. Rows that arrive so are
 * not moved. Knows where partitions and, when asked, groups of peers begin. Owned by one operator; one thread.
 */
final class WindowRows implements AutoCloseable {
    private static final int CHUNK = Batch.ROWS;
    /** For each row: its prefix, its place, and the scratch memory of the sort. */
    private static final long ORDERING_BYTES = 2 * Long.BYTES + 4 * Integer.BYTES;
    /** For each row and call: the result, and as much to compute it. */
    private static final long CALL_BYTES = 2 * Long.BYTES;

    private final MemoryBudget budget;
    private final RowStore rows;
    private final List<SortKey> orderBy;
    private final List<SortKey> sortKeys;
    private final AccountedInts partitionStarts;
    private @Nullable AccountedInts peerStarts;
    private @Nullable AccountedInts peerGroups;

    private WindowRows(MemoryBudget budget, RowStore rows, List<SortKey> orderBy, List<SortKey> sortKeys) {
        this.budget = budget;
        this.rows = rows;
        this.orderBy = orderBy;
        this.sortKeys = sortKeys;
        this.partitionStarts = new AccountedInts(budget);
    }

    /** Memory for each row that ordering the rows and computing the calls will take. */
    private static long workBytes(PhysicalPlan.Window plan) {
        return ORDERING_BYTES + CALL_BYTES * plan.calls().size();
    }

    /**
     * Reads all rows of an input and puts them in order.
     *
     * @param store empty; taken over, also when this fails
     */
    static WindowRows read(PhysicalPlan.Window plan, ExecutionContext context, Operator input, RowStore store) {
        MemoryBudget budget = context.budget();
        WindowRows window = new WindowRows(budget, store, plan.orderBy(), plan.sortKeys());
        try {
            if (plan.partitionBy().isEmpty()) {
                boolean watched = WindowPieces.canCompute(plan);
                MemoryWatch watch = context.watchMemory();
                Batch batch;
                while ((batch = input.next()) != null) {
                    context.checkCancelled();
                    if (watched) {
                        watch.check(store.growthBytes(batch.selectedCount()) + store.rowCount() * workBytes(plan));
                    }
                    store.append(batch);
                }
                window.order(RowsByGroup.one(budget, store.rowCount()), context);
            } else {
                window.readPartitioned(plan.partitionBy(), input, context, workBytes(plan));
            }
            return window;
        } catch (RuntimeException | Error e) {
            window.close();
            throw e;
        }
    }

    /**
     * Numbers rows that are in order already.
     *
     * @param store stays the caller's, who closes only the {@link #closeNumbers numbers}
     */
    static WindowRows ordered(PhysicalPlan.Window plan, MemoryBudget budget, RowStore store) {
        WindowRows window = new WindowRows(budget, store, plan.orderBy(), plan.sortKeys());
        AccountedInts starts = window.partitionStarts;
        try {
            int count = store.rowCount();
            int[] changes = new int[CHUNK];
            for (int from = 0; from < count; from += CHUNK) {
                budget.poll();
                int length = Math.min(CHUNK, count - from);
                java.util.Arrays.fill(changes, 0);
                for (int column : plan.partitionBy()) {
                    ColumnVector values = store.column(column);
                    for (int i = Math.max(0, 1 - from); i < length; i++) {
                        changes[i] |= KeyEquality.equalOrBothNull(values, from + i - 1, values, from + i) ? 0 : 1;
                    }
                }
                for (int i = 0; i < length; i++) {
                    if (changes[i] != 0 || from + i == 0) {
                        starts.add(from + i);
                    }
                }
            }
            starts.add(count);
            return window;
        } catch (RuntimeException | Error e) {
            window.closeNumbers();
            throw e;
        }
    }

    /** The partition of a row. */
    int partitionOf(int row) {
        int place = java.util.Arrays.binarySearch(partitionStarts.values(), 0, partitionCount(), row);
        return place >= 0 ? place : -place - 2;
    }

    private void readPartitioned(List<Integer> partitionBy, Operator input, ExecutionContext context, long workBytes) {
        MemoryWatch watch = context.watchMemory();
        ColumnVector[] keys = new ColumnVector[partitionBy.size()];
        int[] groups = new int[Batch.ROWS];
        try (GroupTable table = new GroupTable(
                        budget,
                        partitionBy.stream().map(i -> rows.column(i).type()).toList());
                AccountedInts groupOfRow = new AccountedInts(budget)) {
            Batch batch;
            while ((batch = input.next()) != null) {
                context.checkCancelled();
                watch.check(rows.growthBytes(batch.selectedCount()) + rows.rowCount() * workBytes);
                for (int i = 0; i < keys.length; i++) {
                    keys[i] = batch.column(partitionBy.get(i));
                }
                if (groups.length < batch.rowCount()) {
                    groups = new int[batch.rowCount()];
                }
                table.assign(keys, batch.selection(), batch.rowCount(), groups);
                int first = store(batch, groupOfRow);
                int[] to = groupOfRow.values();
                int count = batch.selectedCount();
                for (int i = 0; i < count; i++) {
                    to[first + i] = groups[batch.position(i)];
                }
            }
            try (RowsByGroup byGroup =
                    RowsByGroup.of(budget, groupOfRow.values(), rows.rowCount(), table.groupCount())) {
                order(byGroup, context);
            }
        }
    }

    private int store(Batch batch, AccountedInts groupOfRow) {
        int first = groupOfRow.size();
        groupOfRow.reserve(first + batch.selectedCount());
        rows.append(batch);
        groupOfRow.setSize(rows.rowCount());
        return first;
    }

    private void order(RowsByGroup byPartition, ExecutionContext context) {
        int[] starts = byPartition.starts();
        partitionStarts.reserve(starts.length);
        System.arraycopy(starts, 0, partitionStarts.values(), 0, starts.length);
        partitionStarts.setSize(starts.length);
        WindowOrder order = new WindowOrder(sortKeys, rows.columns());
        if (isOrdered(order, starts, byPartition.rows())) {
            if (byPartition.rows() != null) {
                rows.reorder(byPartition.rows(), rows.rowCount(), budget);
            }
            return;
        }
        int count = rows.rowCount();
        try (AccountedInts places = new AccountedInts(budget)) {
            places.reserve(count);
            int[] sorted = places.values();
            for (int i = 0; i < count; i++) {
                sorted[i] = byPartition.row(i);
            }
            sortPartitions(order, starts, sorted, context);
            rows.reorder(sorted, count, budget);
        }
    }

    private boolean isOrdered(WindowOrder order, int[] starts, int @Nullable [] places) {
        if (sortKeys.isEmpty()) {
            return true;
        }
        RowComparator ties = order.ties();
        long[] prefixes = new long[CHUNK];
        if (places != null) {
            return isOrderedScattered(order, starts, places);
        }
        int count = rows.rowCount();
        int partition = 0;
        long previous = 0;
        for (int from = 0; from < count; from += CHUNK) {
            budget.poll();
            int rowsHere = Math.min(CHUNK, count - from);
            order.prefixes(from, rowsHere, prefixes);
            for (int i = 0; i < rowsHere; i++) {
                int row = from + i;
                boolean first = row == starts[partition];
                partition += row + 1 == starts[partition + 1] ? 1 : 0;
                if (!first
                        && (previous > prefixes[i]
                                || (previous == prefixes[i] && ties != null && ties.compare(row - 1, row) > 0))) {
                    return false;
                }
                previous = prefixes[i];
            }
        }
        return true;
    }

    private boolean isOrderedScattered(WindowOrder order, int[] starts, int[] places) {
        for (int p = 0; p + 1 < starts.length; p++) {
            for (int i = starts[p] + 1; i < starts[p + 1]; i++) {
                if ((i & (CHUNK - 1)) == 0) {
                    budget.poll();
                }
                if (order.compare(places[i - 1], places[i]) > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private void sortPartitions(WindowOrder order, int[] starts, int[] sorted, ExecutionContext context) {
        int count = rows.rowCount();
        int most = 0;
        for (int p = 0; p + 1 < starts.length; p++) {
            most = Math.max(most, starts[p + 1] - starts[p]);
        }
        long scratchBytes = (long) count * Long.BYTES + (long) most * (Long.BYTES + Integer.BYTES);
        budget.reserveHeap(scratchBytes);
        try (RunMergeSort sort = new RunMergeSort(budget, order.ties())) {
            long[] prefixes = new long[count];
            loadPrefixes(order, prefixes);
            long[] keys = new long[most];
            int[] part = new int[most];
            for (int p = 0; p + 1 < starts.length; p++) {
                int start = starts[p];
                int size = starts[p + 1] - start;
                if ((p & (CHUNK - 1)) == 0 || size > CHUNK) {
                    context.checkCancelled();
                }
                for (int i = 0; i < size; i++) {
                    part[i] = sorted[start + i];
                    keys[i] = prefixes[part[i]];
                }
                sort.sort(keys, part, size);
                System.arraycopy(part, 0, sorted, start, size);
            }
        } finally {
            budget.reserveHeap(-scratchBytes);
        }
    }

    private void loadPrefixes(WindowOrder order, long[] prefixes) {
        long[] part = new long[CHUNK];
        for (int from = 0; from < prefixes.length; from += CHUNK) {
            budget.poll();
            int count = Math.min(CHUNK, prefixes.length - from);
            order.prefixes(from, count, part);
            System.arraycopy(part, 0, prefixes, from, count);
        }
    }

    int rowCount() {
        return rows.rowCount();
    }

    /** The input's columns, in the window's order; shared. */
    ColumnVector[] columns() {
        return rows.columns();
    }

    /** The keys by which rows are peers. */
    List<SortKey> orderBy() {
        return orderBy;
    }

    int partitionCount() {
        return partitionStarts.size() - 1;
    }

    /** First row of each partition, and the number of rows behind the last. Shared. */
    int[] partitionStarts() {
        return partitionStarts.values();
    }

    /** First row of each group of peers, and the number of rows behind the last; groups never cross partitions. Shared. */
    int[] peerStarts() {
        if (peerStarts == null) {
            findPeers();
        }
        return java.util.Objects.requireNonNull(peerStarts).values();
    }

    /** Number of the peer group of each row. Shared. */
    int[] peerGroups() {
        if (peerGroups == null) {
            findPeers();
        }
        return java.util.Objects.requireNonNull(peerGroups).values();
    }

    private void findPeers() {
        int count = rows.rowCount();
        AccountedInts groups = new AccountedInts(budget);
        peerGroups = groups;
        groups.reserve(count);
        int[] group = groups.values();
        int[] starts = partitionStarts.values();
        for (int p = 0; p < partitionCount(); p++) {
            group[starts[p]] = 1;
        }
        for (SortKey key : orderBy) {
            markChanges(rows.column(key.column()), count, group);
        }
        AccountedInts first = new AccountedInts(budget);
        peerStarts = first;
        int number = -1;
        for (int i = 0; i < count; i++) {
            if (group[i] != 0) {
                first.add(i);
                number++;
            }
            group[i] = number;
        }
        first.add(count);
    }

    private void markChanges(ColumnVector column, int count, int[] changed) {
        budget.poll();
        if (!column.hasNulls()
                && column.type().width() == Long.BYTES
                && !column.type().kind().isFloat()) {
            long data = column.data();
            for (int i = 1; i < count; i++) {
                long at = data + ((long) i << 3);
                changed[i] |= Memory.getLong(at) == Memory.getLong(at - Long.BYTES) ? 0 : 1;
            }
            return;
        }
        for (int i = 1; i < count; i++) {
            if ((i & (CHUNK - 1)) == 0) {
                budget.poll();
            }
            changed[i] |= KeyEquality.equalOrBothNull(column, i - 1, column, i) ? 0 : 1;
        }
    }

    @Override
    public void close() {
        rows.close();
        closeNumbers();
    }

    /** Gives back what is known of partitions and peers; the rows stay. */
    void closeNumbers() {
        partitionStarts.close();
        if (peerStarts != null) {
            peerStarts.close();
        }
        if (peerGroups != null) {
            peerGroups.close();
        }
    }
}
