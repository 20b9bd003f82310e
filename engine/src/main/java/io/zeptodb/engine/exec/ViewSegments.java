package io.zeptodb.engine.exec;

import io.zeptodb.engine.partition.SegmentExtent;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.index.RowRanges;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The segments whose groups a query may need: those which its scan of the table would read. Groups of another are none that its condition leaves, for the
 * condition says of groups what the scan says of their rows. Immutable.
 */
final class ViewSegments {
    /** By {@link SegmentExtent#identity}; null for all. */
    private final @Nullable Set<Object> read;
    /** What the scan would read at most. */
    private final long rows;

    private ViewSegments(@Nullable Set<Object> read, long rows) {
        this.read = read;
        this.rows = rows;
    }

    /** @param table the plan that answers from the table */
    static ViewSegments of(PhysicalPlan table, ExecutionContext context) {
        TableScan scan = scanOf(table);
        if (scan == null) {
            return new ViewSegments(null, Long.MAX_VALUE);
        }
        ScanRanges ranges = new ScanRanges(scan, context);
        Set<Object> read = Collections.newSetFromMap(new IdentityHashMap<>());
        long rows = 0;
        for (int i = 0; i < ranges.segmentCount(); i++) {
            long found = rows(ranges, i);
            rows += found;
            if (found > 0) {
                read.add(SegmentExtent.identity(ranges.segment(i)));
            }
        }
        OperatorProfile profile = context.profile();
        if (profile != null) {
            profile.segments(read.size(), ranges.allSegments() - read.size());
        }
        return new ViewSegments(read, rows);
    }

    /** Null when the plan does not read rows: the table's statistics answer it. */
    private static @Nullable TableScan scanOf(PhysicalPlan table) {
        PhysicalPlan below = table;
        while (!(below instanceof TableScan) && below.inputs().size() == 1) {
            below = below.inputs().get(0);
        }
        return below instanceof TableScan scan ? scan : null;
    }

    private static long rows(ScanRanges ranges, int number) {
        SegmentSnapshot segment = ranges.segment(number);
        RowRanges indexed = ranges.indexed(number);
        long[] keys = ranges.keys();
        if (indexed != null) {
            return indexed.rows();
        } else if (keys == null) {
            return segment.rowCount();
        }
        long rows = 0;
        for (long key : keys) {
            int run = segment.findRun(key);
            rows += run < 0 ? 0 : segment.runRows(run);
        }
        return rows;
    }

    boolean contains(SegmentSnapshot segment) {
        return read == null || read.contains(SegmentExtent.identity(segment));
    }

    /** Rows of the table that the scan would read at most, before it looks at times within segments. */
    long rows() {
        return rows;
    }
}
