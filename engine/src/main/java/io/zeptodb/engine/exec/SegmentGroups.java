package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.partition.PartitionSnapshot;
import io.zeptodb.engine.partition.SegmentExtent;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.TableSnapshot;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Expression.Comparator;
import io.zeptodb.engine.plan.KeptAggregation;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.Filter;
import io.zeptodb.engine.plan.PhysicalPlan.Project;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import io.zeptodb.engine.plan.TimeBound;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a materialized view keeps of one segment: the groups of its rows with the states of their aggregates, and which rows these are. Threads take
 * turns; memory is the view's.
 */
final class SegmentGroups {
    /** The sum of four times below it fits 64 bits: a begin and an end of a bucket are computed from no more. */
    private static final long FAR_NANOS = Long.MAX_VALUE / 4;

    private final MemoryBudget memory;
    private @Nullable KeptGroups groups;
    private @Nullable SegmentExtent extent;
    /** Of the snapshot whose rows these are. */
    private long sequence = -1;

    private boolean closed;

    /** @param memory the view's; stays the caller's */
    SegmentGroups(MemoryBudget memory) {
        this.memory = memory;
    }

    /** A segment as a snapshot shows it. */
    record Source(KeptAggregation kept, TableSnapshot table, PartitionSnapshot slice, SegmentSnapshot segment) {}

    /** Takes what the segment has got since, if the snapshot is a newer one; rows are read once, and again where others of their bucket were deleted. */
    synchronized void advance(Source source, ExecutionContext context) {
        if (!closed && context.snapshot().sequence() > sequence) {
            bringTo(source, context);
        }
    }

    private void bringTo(Source source, ExecutionContext context) {
        KeptGroups known = groups;
        SegmentExtent before = extent;
        ExecutionContext own = context.withBudget(memory);
        SegmentSnapshot added = before == null || known == null ? null : before.since(source.segment);
        if (known == null || before == null || added == null) {
            KeptGroups next = known == null || before == null ? null : renewed(known, before, source, own);
            if (next == null) {
                next = made(groups -> add(groups, source, source.segment, List.of(), own), source, own);
            }
            clear();
            groups = next;
        } else if (added.rowCount() > 0) {
            try {
                add(known, source, added, List.of(), own);
            } catch (RuntimeException | Error e) {
                clear(); // it may have some of the rows
                throw e;
            }
        }
        extent = SegmentExtent.of(source.segment);
        sequence = context.snapshot().sequence();
    }

    private static KeptGroups made(Consumer<KeptGroups> fill, Source source, ExecutionContext own) {
        KeptGroups made = new KeptGroups(source.kept.rows(), own);
        try {
            fill.accept(made);
            return made;
        } catch (RuntimeException | Error e) {
            made.close();
            throw e;
        }
    }

    /**
     * The groups after rows were deleted: those whose buckets have none of these rows stay, the others are read again, by time. Null when the view has no
     * buckets of time, or the rows no times.
     */
    private static @Nullable KeptGroups renewed(
            KeptGroups known, SegmentExtent before, Source source, ExecutionContext own) {
        KeptAggregation.Bucket bucket = source.kept.bucket();
        SegmentSnapshot segment = source.segment;
        SegmentSnapshot appended = bucket == null ? null : before.appended(segment);
        int time = source.kept.table().schema().timestampOrdinal();
        SegmentExtent.Span gone =
                bucket == null || appended == null ? null : before.deletedSince(segment, time, own.budget());
        if (bucket == null || appended == null || gone == null || isAtTheEnd(gone, bucket)) {
            return null;
        }
        long from = gone.first() - Math.floorMod(gone.first() - bucket.origin(), bucket.width());
        long to = gone.last() - Math.floorMod(gone.last() - bucket.origin(), bucket.width()) + bucket.width();
        List<TimeBound> within = List.of(bound(Comparator.GREATER_OR_EQUAL, from), bound(Comparator.LESS, to));
        return made(
                groups -> {
                    groups.addOutside(known, bucket.group(), from, to, own);
                    add(groups, source, segment, within, own);
                    if (appended.rowCount() > 0) {
                        // those of them that are deleted are within
                        add(groups, source, appended, List.of(bound(Comparator.LESS, from)), own);
                        add(groups, source, appended, List.of(bound(Comparator.GREATER_OR_EQUAL, to)), own);
                    }
                },
                source,
                own);
    }

    /** Whether sums of these times, of the width and of the origin may pass 64 bits. */
    private static boolean isAtTheEnd(SegmentExtent.Span span, KeptAggregation.Bucket bucket) {
        return isFar(span.first()) || isFar(span.last()) || isFar(bucket.width()) || isFar(bucket.origin());
    }

    private static boolean isFar(long nanos) {
        return nanos < -FAR_NANOS || nanos > FAR_NANOS;
    }

    private static TimeBound bound(Comparator operator, long time) {
        return new TimeBound(operator, new Expression.Literal(time, ColumnType.TIMESTAMP_NS));
    }

    private static void add(
            KeptGroups groups, Source source, SegmentSnapshot rows, List<TimeBound> bounds, ExecutionContext own) {
        try (HashAggregation part = aggregate(source, rows, bounds, own)) {
            groups.add(part, own);
        }
    }

    private void clear() {
        KeptGroups known = groups;
        groups = null;
        extent = null;
        sequence = -1;
        if (known != null) {
            known.close();
        }
    }

    /** How many are kept now, before they are brought forward. */
    synchronized int groupCount() {
        KeptGroups known = groups;
        return known == null ? 0 : known.groupCount();
    }

    /**
     * Adds the groups of just the rows that the snapshot shows. Those that these groups lack are read; when these groups have rows that the snapshot has
     * not, all are.
     */
    synchronized void addTo(ViewGroups target, Source source, ExecutionContext context) {
        SegmentExtent before = extent;
        KeptGroups known = groups;
        SegmentSnapshot added = before == null || known == null ? null : before.since(source.segment);
        if (known == null || added == null) {
            addAll(target, source, source.segment, context);
            return;
        }
        target.add(known, context);
        if (added.rowCount() > 0) {
            addAll(target, source, added, context);
        }
    }

    /** Adds rows of a segment of which nothing is kept. */
    static void addAll(ViewGroups target, Source source, SegmentSnapshot rows, ExecutionContext context) {
        try (HashAggregation part = aggregate(source, rows, List.of(), context)) {
            target.add(part, context);
        }
    }

    /** @param bounds only rows whose times are within them; empty for all */
    private static HashAggregation aggregate(
            Source source, SegmentSnapshot rows, List<TimeBound> bounds, ExecutionContext context) {
        ExecutionContext one =
                context.withSnapshot(new SegmentRows(context.snapshot(), source.table, source.slice, rows));
        HashAggregation made = new HashAggregation(source.kept.rows(), one);
        try (Operator input = Operators.open(within(source.kept.rows().input(), bounds), one)) {
            for (Batch batch = input.next(); batch != null; batch = input.next()) {
                context.checkCancelled();
                made.consume(batch);
            }
            return made;
        } catch (RuntimeException | Error e) {
            made.close();
            throw e;
        }
    }

    /** The scan below projections and filters with more bounds of time. */
    private static PhysicalPlan within(PhysicalPlan plan, List<TimeBound> bounds) {
        if (bounds.isEmpty()) {
            return plan;
        } else if (plan instanceof Filter filter) {
            return new Filter(within(filter.input(), bounds), filter.condition());
        } else if (plan instanceof Project project) {
            return new Project(within(project.input(), bounds), project.expressions(), project.columns());
        }
        TableScan scan = (TableScan) plan;
        List<TimeBound> all = new ArrayList<>(scan.timeBounds());
        all.addAll(bounds);
        return new TableScan(scan.table(), scan.ordinals(), scan.keys(), all, scan.filters(), scan.columns());
    }

    synchronized void close() {
        closed = true;
        clear();
    }
}
