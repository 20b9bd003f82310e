package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.TestVectors;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.kernel.Bitmaps;
import io.zeptodb.engine.partition.BitScratch;
import io.zeptodb.engine.partition.SegmentSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A segment for tests: rows of objects (the last value of a row is its sequence number) grouped into runs, nothing clever. */
final class MemorySegment implements SegmentSnapshot, AutoCloseable {
    private final TableSchema schema;
    private final boolean sealed;
    private final List<@Nullable Object> keys = new ArrayList<>();
    private final List<List<@Nullable Object[]>> runs = new ArrayList<>();
    /** For each run its columns, the sequence last; when sealed, once for all runs, one behind the other. */
    private final List<List<WritableColumn>> columns = new ArrayList<>();

    /** When sealed, the place of each run's first row in the columns. */
    private final List<Integer> starts = new ArrayList<>();

    private final List<@Nullable Object[]> all;

    MemorySegment(
            TableSchema schema,
            List<@Nullable Object[]> rows,
            boolean sealed,
            Map<Integer, TestVectors.Dictionary> dictionaries,
            MemoryBudget budget) {
        this.schema = schema;
        this.sealed = sealed;
        this.all = rows;
        Map<@Nullable Object, List<@Nullable Object[]>> byKey = new LinkedHashMap<>();
        for (Object[] row : rows) {
            Object key = schema.keyOrdinal() < 0 ? null : row[schema.keyOrdinal()];
            if (key instanceof String text) {
                key = (long) dictionaries.get(schema.keyOrdinal()).find(text);
            }
            byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
        }
        List<@Nullable Object[]> whole = new ArrayList<>();
        byKey.forEach((key, run) -> {
            keys.add(key);
            if (sealed) {
                run.sort(timeOrder());
            } else {
                columns.add(columnsOf(run, dictionaries, budget));
            }
            starts.add(whole.size());
            whole.addAll(run);
            runs.add(run);
        });
        if (sealed) {
            columns.add(columnsOf(whole, dictionaries, budget));
        }
    }

    private Comparator<@Nullable Object[]> timeOrder() {
        int time = schema.timestampOrdinal();
        Comparator<@Nullable Object[]> sequence = Comparator.comparing(row -> (Long) row[row.length - 1]);
        return time < 0
                ? sequence
                : Comparator.<@Nullable Object[], Long>comparing(
                                row -> (Long) row[time], Comparator.nullsLast(Comparator.naturalOrder()))
                        .thenComparing(sequence);
    }

    private List<WritableColumn> columnsOf(
            List<@Nullable Object[]> run, Map<Integer, TestVectors.Dictionary> dictionaries, MemoryBudget budget) {
        List<WritableColumn> made = new ArrayList<>();
        for (int i = 0; i <= schema.columns().size(); i++) {
            int ordinal = i;
            ColumnType type = i == schema.columns().size() ? ColumnType.BIGINT : schema.typeOf(i);
            List<@Nullable Object> values = new ArrayList<>();
            for (Object[] row : run) {
                Object value = row[ordinal];
                values.add(
                        type.kind() == TypeKind.SYMBOL && value != null
                                ? (long) dictionaries.get(ordinal).find((String) value)
                                : value);
            }
            made.add(TestVectors.column(budget, type, values));
        }
        return made;
    }

    private @Nullable Long time(@Nullable Object[] row) {
        return schema.timestampOrdinal() < 0 ? null : (Long) row[schema.timestampOrdinal()];
    }

    @Override
    public long rowCount() {
        return all.size();
    }

    @Override
    public boolean sealed() {
        return sealed;
    }

    @Override
    public long minTime() {
        return all.stream()
                .map(this::time)
                .filter(Objects::nonNull)
                .mapToLong(t -> t)
                .min()
                .orElse(0);
    }

    @Override
    public long maxTime() {
        return all.stream()
                .map(this::time)
                .filter(Objects::nonNull)
                .mapToLong(t -> t)
                .max()
                .orElse(0);
    }

    @Override
    public boolean hasTimeRange() {
        return all.stream().anyMatch(row -> time(row) != null);
    }

    @Override
    public boolean timeOrdered() {
        return IntStream.range(0, runs.size()).allMatch(this::runOrdered);
    }

    @Override
    public int runCount() {
        return runs.size();
    }

    @Override
    public int findRun(long key) {
        return keys.indexOf(key);
    }

    @Override
    public int findNullRun() {
        return keys.indexOf(null);
    }

    @Override
    public long runKey(int run) {
        Object key = keys.get(run);
        return key == null ? 0 : (Long) key;
    }

    @Override
    public boolean runKeyIsNull(int run) {
        return schema.keyOrdinal() >= 0 && keys.get(run) == null;
    }

    @Override
    public int runRows(int run) {
        return runs.get(run).size();
    }

    @Override
    public boolean runOrdered(int run) {
        if (schema.timestampOrdinal() < 0) {
            return true;
        }
        return runs.get(run).stream().allMatch(row -> time(row) != null) && runOrder(run) == null;
    }

    @Override
    public int @Nullable [] runOrder(int run) {
        List<@Nullable Object[]> rows = runs.get(run);
        int[] order = IntStream.range(0, rows.size())
                .boxed()
                .sorted((a, b) -> timeOrder().compare(rows.get(a), rows.get(b)))
                .mapToInt(i -> i)
                .toArray();
        return java.util.Arrays.equals(order, IntStream.range(0, rows.size()).toArray()) ? null : order;
    }

    @Override
    public boolean runsAreContiguous() {
        return sealed;
    }

    @Override
    public void slice(int ordinal, int run, int first, int count, ColumnVector target, BitScratch bits) {
        int from = sealed ? starts.get(run) + first : first;
        ColumnVector source = columns.get(sealed ? 0 : run)
                .get(ordinal == SEQUENCE ? schema.columns().size() : ordinal)
                .vector();
        boolean isBoolean = source.type().kind() == TypeKind.BOOLEAN;
        long data = source.data()
                + (isBoolean ? from / 8 : (long) from * source.type().width());
        long validity = source.hasNulls() ? source.validity() + from / 8 : 0;
        if (from % 8 != 0 && isBoolean) {
            data = bits.values(count).memoryAddress();
            Bitmaps.copy(source.data(), from, data, 0, count);
        }
        if (from % 8 != 0 && source.hasNulls()) {
            validity = bits.validity(count).memoryAddress();
            Bitmaps.copy(source.validity(), from, validity, 0, count);
        }
        target.point(source.dataBuffer(), data, validity == 0 ? null : source.validityBuffer(), validity);
        target.withHeaps(source.heaps(), source.heapAddresses());
    }

    @Override
    public ColumnStatistics statistics(int ordinal) {
        List<Object> values =
                all.stream().map(row -> row[ordinal]).filter(Objects::nonNull).toList();
        int nulls = all.size() - values.size();
        if (values.isEmpty()) {
            return new ColumnStatistics(false, 0, 0, 0, 0, nulls);
        }
        if (values.get(0) instanceof Long && schema.typeOf(ordinal).kind() != TypeKind.SYMBOL) {
            List<Long> longs =
                    values.stream().map(value -> (Long) value).sorted().toList();
            return ColumnStatistics.ofLongs(longs.get(0), longs.get(longs.size() - 1), nulls);
        }
        if (values.get(0) instanceof Double) {
            TreeMap<Double, Object> doubles = new TreeMap<>();
            values.forEach(value -> doubles.put((Double) value, value));
            return ColumnStatistics.ofDoubles(doubles.firstKey(), doubles.lastKey(), nulls);
        }
        return ColumnStatistics.UNKNOWN;
    }

    @Override
    public void close() {
        columns.forEach(run -> run.forEach(WritableColumn::close));
    }
}
