package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.function.RowRanges;
import io.zeptodb.engine.kernel.Memory;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.plan.AggregateCall;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan.RunAggregate;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import org.jspecify.annotations.Nullable;

/**
 * What one thread has aggregated run by run. A run has one key, so its rows are one range of one group; with time buckets an ordered run is
 * a few ranges, found by search. Rows of a run that is not in time order, and rows that a filter has selected, get their group one by
 * one. Partial aggregations are merged into one.
 */
final class RunAggregation implements AutoCloseable {
    private static final int NO_COLUMN = -1;

    private final ScanRanges source;
    private final AggregateSet aggregates;
    private final KeyNumbers keys;
    private final BucketGroups buckets;
    private final boolean byKey;
    private final boolean bucketed;
    private final @Nullable TimeBuckets clock;
    private final int timeColumn;
    private final boolean[] byTime;
    private final boolean[] unordered;
    private final RowRanges rows = new RowRanges();
    private int[] groups = {};

    /**
     * @param width nanoseconds of a bucket; null when there are none, or when the width is NULL and so every bucket is
     */
    RunAggregation(RunAggregate plan, ScanRanges source, @Nullable Long width, ExecutionContext context) {
        this.source = source;
        this.byKey = plan.groupByKey();
        this.bucketed = plan.bucketWidth() != null;
        this.clock = width == null ? null : new TimeBuckets(width, plan.bucketOrigin());
        TableScan scan = plan.scan();
        int keyOrdinal = scan.table().schema().keyOrdinal();
        boolean symbols = byKey && scan.table().schema().typeOf(keyOrdinal).kind() == TypeKind.SYMBOL;
        this.timeColumn = columnOf(scan, scan.table().schema().timestampOrdinal());
        if (clock != null && timeColumn == NO_COLUMN) {
            throw new IllegalArgumentException(
                    "time buckets of '" + scan.table().name() + "' without its time column");
        }
        this.byTime = new boolean[plan.aggregates().size()];
        this.unordered = new boolean[byTime.length];
        for (int i = 0; i < byTime.length; i++) {
            byTime[i] = goesByTime(plan.aggregates().get(i), scan);
        }
        this.keys = new KeyNumbers(context.budget(), symbols);
        this.buckets = new BucketGroups(context.budget());
        this.aggregates = new AggregateSet(plan.aggregates(), context);
        if (!byKey && !bucketed) {
            aggregates.reserve(1);
        }
    }

    private static int columnOf(TableScan scan, int ordinal) {
        return ordinal < 0 ? NO_COLUMN : scan.ordinals().indexOf(ordinal);
    }

    /** Whether the aggregate's second argument is the designated timestamp, and the third, if any, the ingest sequence. */
    private static boolean goesByTime(AggregateCall call, TableScan scan) {
        int arguments = call.arguments().size();
        return arguments >= 2
                && arguments <= 3
                && isOrdinal(
                        call.arguments().get(1), scan, scan.table().schema().timestampOrdinal())
                && (arguments == 2 || isOrdinal(call.arguments().get(2), scan, SegmentSnapshot.SEQUENCE));
    }

    private static boolean isOrdinal(Expression expression, TableScan scan, int ordinal) {
        return expression instanceof Expression.Column column && scan.ordinals().get(column.index()) == ordinal;
    }

    boolean dependsOnArrival() {
        return aggregates.dependsOnArrival();
    }

    int groupCount() {
        if (bucketed) {
            return buckets.count();
        }
        return byKey ? keys.count() : 1;
    }

    AggregateSet aggregates() {
        return aggregates;
    }

    private int keyOf(int group) {
        return bucketed ? buckets.key(group) : group;
    }

    long key(int group) {
        return keys.key(keyOf(group));
    }

    boolean keyIsNull(int group) {
        return keys.isNull(keyOf(group));
    }

    long bucket(int group) {
        return buckets.bucket(group);
    }

    boolean bucketIsNull(int group) {
        return buckets.bucketIsNull(group);
    }

    /** Takes the batch that the reader has just read from these ranges. */
    void consume(Batch batch, RangeReader reader, RangeList ranges) {
        SelectionVector selection = batch.selection();
        if (selection == null && findRanges(batch, reader, ranges)) {
            aggregates.reserve(groupCount());
            return;
        }
        if (groups.length < batch.rowCount()) {
            groups = new int[Math.max(batch.rowCount(), Batch.ROWS)];
        }
        int single = assign(batch, selection, reader, ranges);
        aggregates.reserve(groupCount());
        if (single >= 0) {
            aggregates.updateGroup(batch, single);
        } else {
            aggregates.update(batch, groups);
        }
    }

    /** Takes all rows of a batch as ranges; false when some of them are not in time order and there are buckets. */
    private boolean findRanges(Batch batch, RangeReader reader, RangeList ranges) {
        rows.clear();
        boolean ordered = true;
        int from = 0;
        int number = -1;
        SegmentSnapshot segment = null;
        boolean allOrdered = false;
        for (int piece = 0; piece < reader.pieces(); piece++) {
            int range = reader.pieceRange(piece);
            if (segment == null || ranges.segment(range) != number) {
                number = ranges.segment(range);
                segment = source.segment(number);
                allOrdered = segment.timeOrdered();
            }
            int run = ranges.run(range);
            int end = reader.pieceEnd(piece);
            boolean runOrdered = allOrdered || segment.runOrdered(run);
            ordered &= runOrdered;
            if (clock != null && !runOrdered) {
                return false;
            }
            addPiece(batch, keyNumber(segment, run), from, end);
            from = end;
        }
        aggregates.reserve(groupCount());
        aggregates.updateRanges(batch, rows, ordered ? byTime : unordered);
        return true;
    }

    private void addPiece(Batch batch, int key, int from, int end) {
        TimeBuckets time = clock;
        if (time == null) {
            rows.add(end, bucketed ? buckets.ofNull(key) : key);
            return;
        }
        long times = batch.column(timeColumn).data();
        int at = from;
        while (at < end) {
            long first = Memory.getLong(times + ((long) at << 3));
            if (!time.holds(first)) {
                time.seek(first);
            }
            at = time.endOf(times, at, end);
            rows.add(at, buckets.of(key, time.start()));
        }
    }

    private int keyNumber(SegmentSnapshot segment, int run) {
        if (!byKey) {
            return 0;
        }
        return segment.runKeyIsNull(run) ? keys.ofNull() : keys.of(segment.runKey(run));
    }

    /** Writes the group of each row that counts; gives the group when there is but one piece without buckets, else -1. */
    private int assign(Batch batch, @Nullable SelectionVector selection, RangeReader reader, RangeList ranges) {
        int count = batch.selectedCount();
        int[] positions = selection == null ? null : selection.positions();
        int at = 0;
        for (int piece = 0; piece < reader.pieces() && at < count; piece++) {
            int end = reader.pieceEnd(piece);
            int first = at;
            if (positions == null) {
                at = Math.min(end, count);
            } else {
                while (at < count && positions[at] < end) {
                    at++;
                }
            }
            if (first == at) {
                continue;
            }
            int range = reader.pieceRange(piece);
            int key = keyNumber(source.segment(ranges.segment(range)), ranges.run(range));
            if (clock != null) {
                assignByTime(batch.column(timeColumn), positions, first, at, key, clock);
                continue;
            }
            int group = bucketed ? buckets.ofNull(key) : key;
            if (reader.pieces() == 1) {
                return group;
            }
            for (int i = first; i < at; i++) {
                groups[positions == null ? i : positions[i]] = group;
            }
        }
        return -1;
    }

    private void assignByTime(
            ColumnVector times, int @Nullable [] positions, int from, int to, int key, TimeBuckets time) {
        int group = -1;
        for (int i = from; i < to; i++) {
            int row = positions == null ? i : positions[i];
            if (times.isNull(row)) {
                groups[row] = buckets.ofNull(key);
                continue;
            }
            long value = times.getLong(row);
            if (group < 0 || !time.holds(value)) {
                time.seek(value);
                group = buckets.of(key, time.start());
            }
            groups[row] = group;
        }
    }

    /** Adds another aggregation of the same plan. */
    void merge(RunAggregation other, ExecutionContext context) {
        int count = other.groupCount();
        context.budget().reserveHeap((long) count * Integer.BYTES);
        int[] joined = new int[count];
        for (int g = 0; g < count; g++) {
            if ((g & (Batch.ROWS - 1)) == 0) {
                context.checkCancelled();
            }
            int key = 0;
            if (byKey) {
                key = other.keyIsNull(g) ? keys.ofNull() : keys.of(other.key(g));
            }
            if (!bucketed) {
                joined[g] = key;
            } else {
                joined[g] = other.bucketIsNull(g) ? buckets.ofNull(key) : buckets.of(key, other.bucket(g));
            }
        }
        aggregates.reserve(groupCount());
        aggregates.merge(other.aggregates, joined, count);
        context.budget().reserveHeap(-(long) count * Integer.BYTES);
    }

    @Override
    public void close() {
        aggregates.close();
        keys.close();
        buckets.close();
    }
}
