package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.partition.PartitionSnapshot;
import io.zeptodb.engine.partition.SegmentExtent;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.TableSnapshot;
import io.zeptodb.engine.plan.KeptAggregation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of one materialized view: the groups of each segment of its table. They follow the segments when somebody asks: a segment that was sealed,
 * or of which rows were deleted since, is read again, of one that grew the new rows are. Thread-safe; memory is given back when it is closed and nobody
 * works on it any more.
 */
final class ViewState {
    /** A view that has less than one in so many bytes of its limit does not itself need more than that: buffers grow by doubling. */
    private static final int OWN_SHARE = 8;

    private final MemoryBudget memory;
    /** By the identity of the segment. */
    private final Map<Object, SegmentGroups> segments = new IdentityHashMap<>();

    /** What the groups are of, in the order in which they keep it. */
    private String shape = "";

    /** Sequence of the newest snapshot that was seen: an older one does not know what segments came since, and removes none. */
    private long newest = -1;

    /** A table of so many rows was too large to keep its groups. */
    private long tooManyRows = Long.MAX_VALUE;

    private int users;
    private boolean closed;

    /** Takes over the budget. */
    ViewState(MemoryBudget memory) {
        this.memory = memory;
    }

    /** Begins to work on it; false when it is closed. Ends with {@link #leave()}. */
    synchronized boolean enter() {
        if (closed) {
            return false;
        }
        users++;
        return true;
    }

    /** The end of what {@link #enter()} began. */
    void leave() {
        boolean last;
        synchronized (this) {
            users--;
            last = closed && users == 0;
        }
        if (last) {
            free();
        }
    }

    /** Gives it up; its memory goes when the last one has left. */
    void close() {
        boolean unused;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            unused = users == 0;
        }
        if (unused) {
            free();
        }
    }

    private void free() {
        List<SegmentGroups> all;
        synchronized (this) {
            all = new ArrayList<>(segments.values());
            segments.clear();
        }
        new Closing().each(all, SegmentGroups::close).then(memory::close).finish();
    }

    /**
     * After the memory ended while groups were brought forward. Where it was the view's own limit, gives back the memory of all of them; they are
     * computed again when the table has become smaller. Where it was others' use of the database's, they stay for the next query to try.
     */
    private void overflow(long tableRows) {
        List<SegmentGroups> all;
        synchronized (this) {
            if (memory.usedBytes() < memory.limitBytes() / OWN_SHARE) {
                return;
            }
            all = new ArrayList<>(segments.values());
            segments.clear();
            tooManyRows = Math.min(tooManyRows, tableRows);
        }
        all.forEach(SegmentGroups::close);
    }

    /** Whether the groups of a table of so many rows may have room. */
    synchronized boolean mayHold(long tableRows) {
        return tableRows < tooManyRows;
    }

    /** Groups that were kept of another order of aggregates are of no use. */
    private synchronized List<SegmentGroups> adopt(KeptAggregation kept) {
        StringBuilder now = new StringBuilder();
        kept.rows().groups().forEach(group -> now.append(group.type()).append(' '));
        kept.rows()
                .aggregates()
                .forEach(call -> now.append(call.function().name())
                        .append(call.function().parameters()));
        List<SegmentGroups> others = List.of();
        if (!shape.contentEquals(now)) {
            others = new ArrayList<>(segments.values());
            segments.clear();
            shape = now.toString();
        }
        return others;
    }

    /**
     * Adds the groups of the rows that the context's snapshot shows, all of them and no others.
     *
     * @param wanted those whose groups cannot count are passed over
     * @return false when nothing was added, for the table has fewer rows to read than these segments have groups
     */
    boolean addTo(ViewGroups target, KeptAggregation kept, ViewSegments wanted, ExecutionContext context) {
        adopt(kept).forEach(SegmentGroups::close);
        TableSnapshot table = context.snapshot().table(kept.table().id());
        boolean committed = SegmentExtent.isCommitted(table);
        List<SegmentGroups.Source> sources = new ArrayList<>();
        List<@Nullable SegmentGroups> known = new ArrayList<>();
        Set<Object> present = Collections.newSetFromMap(new IdentityHashMap<>());
        for (PartitionSnapshot slice : table.partitions()) {
            for (SegmentSnapshot segment : slice.segments()) {
                Object identity = SegmentExtent.identity(segment);
                present.add(identity);
                if (wanted.contains(segment)) {
                    sources.add(new SegmentGroups.Source(kept, table, slice, segment));
                    known.add(groups(identity, committed));
                }
            }
        }
        if (wanted.rows() < groupCount(known)) {
            return false;
        }
        if (committed) {
            retain(present, context.snapshot().sequence());
            try {
                advance(sources, known, context);
            } catch (EngineException e) {
                if (e.code() == ErrorCode.OUT_OF_MEMORY) {
                    overflow(table.rowCount());
                }
                throw e;
            }
        }
        for (int i = 0; i < sources.size(); i++) {
            context.checkCancelled();
            SegmentGroups.Source source = sources.get(i);
            SegmentGroups groups = known.get(i);
            if (groups == null) {
                SegmentGroups.addAll(target, source, source.segment(), context);
            } else {
                groups.addTo(target, source, context);
            }
        }
        return true;
    }

    private static long groupCount(List<@Nullable SegmentGroups> known) {
        long count = 0;
        for (SegmentGroups groups : known) {
            count += groups == null ? 0 : groups.groupCount();
        }
        return count;
    }

    private synchronized @Nullable SegmentGroups groups(Object segment, boolean committed) {
        SegmentGroups known = segments.get(segment);
        if (known == null && committed && !closed) {
            known = new SegmentGroups(memory);
            segments.put(segment, known);
        }
        return known;
    }

    /** Gives back what is kept of segments that are gone. */
    private void retain(Set<Object> present, long sequence) {
        List<SegmentGroups> gone;
        synchronized (this) {
            if (sequence <= newest) {
                return;
            }
            newest = sequence;
            gone = ViewStates.removeOthers(segments, present);
        }
        gone.forEach(SegmentGroups::close);
    }

    private static void advance(
            List<SegmentGroups.Source> sources, List<@Nullable SegmentGroups> known, ExecutionContext context) {
        List<Runnable> tasks = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            SegmentGroups groups = known.get(i);
            SegmentGroups.Source source = sources.get(i);
            if (groups != null) {
                tasks.add(() -> {
                    context.checkCancelled();
                    groups.advance(source, context);
                });
            }
        }
        if (tasks.size() == 1) {
            tasks.get(0).run();
        } else {
            context.workers().runAll(tasks);
        }
    }
}
