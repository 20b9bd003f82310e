package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnAttribute;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.KeyHashing;
import io.zeptodb.engine.batch.OrderKeys;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.TableSnapshot;
import io.zeptodb.engine.partition.index.RowRanges;
import io.zeptodb.engine.partition.index.ValueSearch;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.IndexedCondition;
import io.zeptodb.engine.plan.PhysicalPlan.TableScan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the attributes of columns say of the rows that a scan reads: its {@link IndexedCondition}s with the values of this run, and segment by segment the
 * rows that all of them leave. The filters of the scan still hold: what is found here are candidates. Used by one thread, when the scan is opened.
 */
final class IndexSearch {
    /** Of so few rows the filters are cheaper than another index. */
    private static final int FEW_ROWS = 16;

    private record Search(int ordinal, ValueSearch values) {}

    private final List<Search> searches = new ArrayList<>();
    private boolean nothing;

    private IndexSearch() {}

    /** Null when no condition of the scan is indexed. */
    static @Nullable IndexSearch of(TableScan plan, TableSnapshot table, ExecutionContext context) {
        if (plan.filters().isEmpty()) {
            return null;
        }
        List<IndexedCondition> conditions = IndexedCondition.of(plan);
        if (conditions.isEmpty()) {
            return null;
        }
        IndexSearch search = new IndexSearch();
        for (IndexedCondition condition : conditions) {
            search.add(condition, table, context);
        }
        return search.searches.isEmpty() && !search.nothing ? null : search;
    }

    private void add(IndexedCondition condition, TableSnapshot table, ExecutionContext context) {
        List<Object> values = new ArrayList<>(condition.values().size());
        for (Expression expression : condition.values()) {
            if (Constants.unfit(expression, context.parameters()) != null) {
                return; // a number that the column's type does not hold: for the filter to compare
            }
            Object value = Constants.evaluate(expression, context);
            if (value != null) {
                values.add(value);
            }
        }
        nothing |= values.isEmpty(); // nothing is equal to NULL, greater or less
        ColumnType type = table.metadata().schema().typeOf(condition.ordinal());
        if (condition.attribute() == ColumnAttribute.SORTED) {
            long[] lows = new long[values.size()];
            long[] highs = new long[values.size()];
            for (int i = 0; i < lows.length; i++) {
                long key = OrderKeys.of(values.get(i));
                lows[i] = isLow(condition.operator()) ? Long.MIN_VALUE : key;
                highs[i] = isHigh(condition.operator()) ? Long.MAX_VALUE : key;
            }
            searches.add(new Search(condition.ordinal(), ValueSearch.ofRanges(lows, highs, context::checkCancelled)));
        } else {
            int[] hashes = hashes(values, type, table.dictionary(condition.ordinal()));
            nothing |= hashes.length == 0;
            searches.add(new Search(
                    condition.ordinal(), ValueSearch.ofHashes(condition.attribute(), hashes, context::checkCancelled)));
        }
    }

    private static boolean isLow(Expression.Comparator operator) {
        return operator == Expression.Comparator.LESS || operator == Expression.Comparator.LESS_OR_EQUAL;
    }

    private static boolean isHigh(Expression.Comparator operator) {
        return operator == Expression.Comparator.GREATER || operator == Expression.Comparator.GREATER_OR_EQUAL;
    }

    private static int[] hashes(List<Object> values, ColumnType type, @Nullable SymbolDictionary dictionary) {
        int[] hashes = new int[values.size()];
        int count = 0;
        for (Object value : values) {
            if (type.kind() == TypeKind.SYMBOL && dictionary != null) {
                int code = dictionary.find((String) value);
                if (code >= 0) {
                    hashes[count++] = KeyHashing.hashOf(TypeKind.SYMBOL, code);
                }
            } else {
                hashes[count++] = KeyHashing.hashOf(type.kind(), value);
            }
        }
        return Arrays.copyOf(hashes, count);
    }

    /** Whether no row of any segment passes. */
    boolean isNothing() {
        return nothing;
    }

    /**
     * The rows of a segment that may pass, in order; null when any row may.
     *
     * @param keys the partition keys that count; null for every key
     */
    @Nullable
    RowRanges rows(SegmentSnapshot segment, long @Nullable [] keys) {
        segment.checkFile();
        RowRanges rows = null;
        for (Search search : searches) {
            if (rows != null && rows.rows() <= FEW_ROWS) {
                break;
            }
            RowRanges found = new RowRanges();
            if (segment.find(search.ordinal, search.values, found)) {
                found.sort();
                rows = rows == null ? found : rows.retain(found);
            }
        }
        return rows == null || keys == null || rows.size() == 0 ? rows : rows.retainRuns(runs(segment, keys));
    }

    private static int[] runs(SegmentSnapshot segment, long[] keys) {
        return Arrays.stream(keys)
                .mapToInt(segment::findRun)
                .filter(run -> run >= 0)
                .sorted()
                .toArray();
    }
}
