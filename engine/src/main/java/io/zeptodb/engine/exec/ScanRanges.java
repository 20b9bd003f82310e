package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.partition.PartitionSnapshot;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.TableSnapshot;
import io.zeptodb.engine.partition.index.RowRanges;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import io.zeptodb.engine.plan.TimeBound;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a table scan has to read: the segments that its keys, time bounds and filters leave, in the order of time slices, and which keys
 * and times count in them. No row has been looked at. {@link Morsels} cuts it into ranges of rows. Immutable and thread-safe.
 */
final class ScanRanges {
    private final TableScan plan;
    private final TableSnapshot table;
    private final List<SegmentSnapshot> segments = new ArrayList<>();
    /** Of each segment the rows that indexes leave; null where any row may count. */
    private final List<@Nullable RowRanges> indexed = new ArrayList<>();

    private final long @Nullable [] keys;
    private long lowTime = Long.MIN_VALUE;
    private long highTime = Long.MAX_VALUE;
    private boolean nothing;

    ScanRanges(TableScan plan, ExecutionContext context) {
        this.plan = plan;
        this.table = context.snapshot().table(plan.table().id());
        plan.timeBounds().forEach(bound -> narrow(bound, context));
        this.keys = resolveKeys(context);
        if (!nothing) {
            IndexSearch search = IndexSearch.of(plan, table, context);
            if (search == null || !search.isNothing()) {
                findSegments(SegmentPruner.of(plan, context.parameters()), search);
            }
        }
        OperatorProfile profile = context.of(plan).profile();
        if (profile != null) {
            profile.segments(segments.size(), allSegments() - segments.size());
        }
    }

    private void narrow(TimeBound bound, ExecutionContext context) {
        Long given = (Long) Constants.evaluate(bound.value(), context);
        if (given == null) {
            nothing = true;
            return;
        }
        long value = given;
        switch (bound.operator()) {
            case EQUAL -> {
                lowTime = Math.max(lowTime, value);
                highTime = Math.min(highTime, value);
            }
            case LESS -> {
                nothing |= value == Long.MIN_VALUE;
                highTime = Math.min(highTime, value - 1);
            }
            case LESS_OR_EQUAL -> highTime = Math.min(highTime, value);
            case GREATER -> {
                nothing |= value == Long.MAX_VALUE;
                lowTime = Math.max(lowTime, value + 1);
            }
            case GREATER_OR_EQUAL -> lowTime = Math.max(lowTime, value);
            default -> throw new IllegalArgumentException("no time bound has operator " + bound.operator());
        }
        nothing |= lowTime > highTime;
    }

    /** Symbol codes or integers, each once; null for every key. */
    private long @Nullable [] resolveKeys(ExecutionContext context) {
        List<Expression> expressions = plan.keys();
        if (expressions == null) {
            return null;
        }
        TableSchema schema = plan.table().schema();
        boolean symbols = schema.typeOf(schema.keyOrdinal()).kind() == TypeKind.SYMBOL;
        SymbolDictionary dictionary = symbols ? table.dictionary(schema.keyOrdinal()) : null;
        Set<Long> found = new LinkedHashSet<>();
        for (Expression expression : expressions) {
            if (Constants.unfit(expression, context.parameters()) != null) {
                continue; // no key has a value that its type does not hold
            }
            Object value = Constants.evaluate(expression, context);
            if (value == null) {
                continue;
            }
            long key = dictionary != null ? dictionary.find((String) value) : ((Number) value).longValue();
            if (dictionary == null || key >= 0) {
                found.add(key);
            }
        }
        nothing |= found.isEmpty();
        return found.stream().mapToLong(Long::longValue).toArray();
    }

    private void findSegments(SegmentPruner pruner, @Nullable IndexSearch search) {
        boolean bounded = hasTimeBounds();
        for (PartitionSnapshot partition : table.partitions()) {
            for (SegmentSnapshot segment : partition.segments()) {
                boolean inTime = !bounded
                        || (segment.hasTimeRange() && segment.minTime() <= highTime && segment.maxTime() >= lowTime);
                if (inTime && pruner.mayMatch(segment)) {
                    RowRanges rows = search == null ? null : search.rows(segment, keys);
                    if (rows == null || rows.size() > 0) {
                        segments.add(segment);
                        indexed.add(rows);
                    }
                }
            }
        }
    }

    /** Segments of the table, those that are passed over among them. */
    int allSegments() {
        return table.partitions().stream()
                .mapToInt(partition -> partition.segments().size())
                .sum();
    }

    TableScan plan() {
        return plan;
    }

    TableSnapshot table() {
        return table;
    }

    int segmentCount() {
        return segments.size();
    }

    SegmentSnapshot segment(int index) {
        return segments.get(index);
    }

    /** The rows of a segment that are read, of the keys that count, deleted ones among them; null when no index says which. */
    @Nullable
    RowRanges indexed(int index) {
        return indexed.get(index);
    }

    /** The keys that count; null for every key. */
    long @Nullable [] keys() {
        return keys;
    }

    boolean hasTimeBounds() {
        return !plan.timeBounds().isEmpty();
    }

    /** Least time that counts, inclusive; rows without a time do not count when there are bounds. */
    long lowTime() {
        return lowTime;
    }

    /** Greatest time that counts, inclusive. */
    long highTime() {
        return highTime;
    }

    /** Whether every row of the segment has a time within the bounds, so that none must be compared. */
    boolean withinTime(int index) {
        SegmentSnapshot segment = segments.get(index);
        return !hasTimeBounds()
                || (segment.timeOrdered() && segment.minTime() >= lowTime && segment.maxTime() <= highTime);
    }

    /** Whether every row of the segment is read: then its row count and statistics answer for it, as far as there are no filters. */
    boolean isWhole(int index) {
        return keys == null && indexed.get(index) == null && withinTime(index);
    }

    /** Rows of the segments, before keys and times within segments are looked at: an upper bound of what is read. */
    long rowBound() {
        long rows = 0;
        for (int i = 0; i < segments.size(); i++) {
            RowRanges found = indexed.get(i);
            rows += found == null ? segments.get(i).rowCount() : found.rows();
        }
        return rows;
    }
}
