package io.zeptodb.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.partition.BitScratch;
import io.zeptodb.engine.partition.DeletedRows;
import io.zeptodb.engine.partition.PartitionSnapshot;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.TableSnapshot;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a table back through the snapshot's interfaces, and checks on the way what they promise. */
public final class SnapshotReader {
    private final TableSnapshot table;
    private final TableSchema schema;
    private final MemoryBudget budget;
    private final SortedMap<Long, Object[]> bySequence = new TreeMap<>();

    private SnapshotReader(TableSnapshot table, MemoryBudget budget) {
        this.table = table;
        this.schema = table.metadata().schema();
        this.budget = budget;
    }

    /** The rows in the order of ingest. */
    public static List<Object[]> read(TableSnapshot table, MemoryBudget budget) {
        return List.copyOf(readBySequence(table, budget).values());
    }

    /** The rows by their sequence numbers. */
    public static SortedMap<Long, Object[]> readBySequence(TableSnapshot table, MemoryBudget budget) {
        SnapshotReader reader = new SnapshotReader(table, budget);
        long end = Long.MIN_VALUE;
        for (PartitionSnapshot partition : table.partitions()) {
            assertThat(partition.sliceStart()).isGreaterThanOrEqualTo(end);
            end = partition.sliceEnd();
            assertThat(partition.segments()).isNotEmpty();
            for (SegmentSnapshot segment : partition.segments()) {
                reader.readSegment(partition, segment);
            }
        }
        assertThat(table.rowCount()).isEqualTo(reader.bySequence.size());
        return reader.bySequence;
    }

    private void readSegment(PartitionSnapshot partition, SegmentSnapshot segment) {
        long rows = 0;
        Set<Object> keys = new HashSet<>();
        boolean ordered = true;
        for (int run = 0; run < segment.runCount(); run++) {
            assertThat(segment.runRows(run)).isPositive();
            rows += segment.liveRows(run);
            ordered &= segment.runOrdered(run);
            readRun(partition, segment, run, keys);
        }
        assertThat(segment.rowCount()).isEqualTo(rows).isPositive();
        assertThat(segment.timeOrdered()).isEqualTo(ordered);
        for (int c = 0; c < schema.columns().size(); c++) {
            checkStatistics(segment, c);
        }
    }

    private void readRun(PartitionSnapshot partition, SegmentSnapshot segment, int run, Set<Object> keys) {
        int rows = segment.runRows(run);
        int columns = schema.columns().size();
        Object[][] values = new Object[rows][columns];
        // an odd start takes the way of shifted bitmaps
        int middle = rows / 2;
        long[] sequences = new long[rows];
        for (int[] part : new int[][] {{0, middle}, {middle, rows - middle}}) {
            try (BitScratch bits = new BitScratch(budget)) {
                for (int c = 0; c < columns; c++) {
                    ColumnVector vector = new ColumnVector(schema.typeOf(c));
                    segment.slice(c, run, part[0], part[1], vector, bits);
                    for (int i = 0; i < part[1]; i++) {
                        values[part[0] + i][c] = StorageModel.get(vector, i);
                    }
                }
                ColumnVector vector = new ColumnVector(ColumnType.BIGINT);
                segment.slice(SegmentSnapshot.SEQUENCE, run, part[0], part[1], vector, bits);
                for (int i = 0; i < part[1]; i++) {
                    sequences[part[0] + i] = vector.getLong(i);
                }
            }
        }
        checkKey(segment, run, values, keys);
        checkTimes(partition, segment, run, values, sequences);
        int live = 0;
        for (int i = 0; i < rows; i++) {
            if (!segment.deletedRows().contains(run, i)) {
                require(bySequence.put(sequences[i], values[i]) == null, "two rows with one sequence number");
                live++;
            }
        }
        assertThat(segment.liveRows(run)).isEqualTo(live);
        checkStretches(segment, run);
    }

    private static void checkStretches(SegmentSnapshot segment, int run) {
        int rows = segment.runRows(run);
        DeletedRows deleted = segment.deletedRows();
        boolean[] live = new boolean[rows];
        for (int from = deleted.nextLive(run, 0, rows); from < rows; ) {
            int end = deleted.nextDeleted(run, from, rows);
            Arrays.fill(live, from, end, true);
            from = deleted.nextLive(run, end, rows);
        }
        for (int i = 0; i < rows; i++) {
            require(live[i] != deleted.contains(run, i), "a stretch of rows has deleted ones");
        }
    }

    private void checkKey(SegmentSnapshot segment, int run, Object[][] values, Set<Object> keys) {
        if (schema.keyOrdinal() == TableSchema.NONE) {
            assertThat(segment.runCount()).isEqualTo(1);
            return;
        }
        Object key = values[0][schema.keyOrdinal()];
        assertThat(keys.add(key)).isTrue();
        for (Object[] row : values) {
            require(Objects.equals(row[schema.keyOrdinal()], key), "a run of two keys");
        }
        assertThat(segment.runKeyIsNull(run)).isEqualTo(key == null);
        if (key == null) {
            assertThat(segment.findNullRun()).isEqualTo(run);
            return;
        }
        long number = key instanceof String text
                ? table.dictionary(schema.keyOrdinal()).find(text)
                : (Long) key;
        assertThat(segment.runKey(run)).isEqualTo(number);
        assertThat(segment.findRun(number)).isEqualTo(run);
    }

    private void checkTimes(
            PartitionSnapshot partition, SegmentSnapshot segment, int run, Object[][] values, long[] sequences) {
        int time = schema.timestampOrdinal();
        int[] order = segment.runOrder(run);
        assertThat(time == TableSchema.NONE && !segment.runOrdered(run)).isFalse();
        int live = segment.liveRows(run);
        require(order == null ? live == values.length : order.length == live, "an order of more than the live rows");
        checkRunOrdered(segment, run, values);
        for (int i = 0; i < live; i++) {
            int at = order == null ? i : order[i];
            int before = i == 0 ? at : order == null ? i - 1 : order[i - 1];
            require(!segment.deletedRows().contains(run, at), "a deleted row in the order");
            if (time == TableSchema.NONE) {
                require(sequences[at] >= sequences[before], "not in the order of ingest");
                continue;
            }
            Long value = (Long) values[at][time];
            Long previous = (Long) values[before][time];
            if (value == null) {
                require(partition.sliceStart() == Long.MAX_VALUE, "a NULL timestamp in a time slice");
                require(sequences[at] >= sequences[before], "NULL timestamps not in the order of ingest");
                continue;
            }
            require(value >= previous, "not in time order");
            require(value >= partition.sliceStart() && value < partition.sliceEnd(), "outside its time slice");
            require(!value.equals(previous) || i == 0 || sequences[at] > sequences[before], "a tie in the wrong order");
        }
    }

    private void checkRunOrdered(SegmentSnapshot segment, int run, Object[][] values) {
        int time = schema.timestampOrdinal();
        boolean ordered = true;
        for (int i = 0; i < values.length && time != TableSchema.NONE; i++) {
            ordered &= values[i][time] != null
                    && (i == 0
                            || (values[i - 1][time] != null && (Long) values[i][time] >= (Long) values[i - 1][time]));
        }
        assertThat(segment.runOrdered(run)).isEqualTo(ordered);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private void checkStatistics(SegmentSnapshot segment, int column) {
        ColumnStatistics statistics = segment.statistics(column);
        ColumnType type = schema.typeOf(column);
        long liveNulls = 0;
        long min = Long.MAX_VALUE;
        long max = Long.MIN_VALUE;
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        try (BitScratch bits = new BitScratch(budget)) {
            for (int run = 0; run < segment.runCount(); run++) {
                ColumnVector vector = new ColumnVector(type);
                segment.slice(column, run, 0, segment.runRows(run), vector, bits);
                for (int i = 0; i < segment.runRows(run); i++) {
                    Object value = StorageModel.get(vector, i);
                    if (value == null) {
                        liveNulls += segment.deletedRows().contains(run, i) ? 0 : 1;
                    } else if (value instanceof Long number) {
                        min = Math.min(min, number);
                        max = Math.max(max, number);
                    } else if (value instanceof Double number) {
                        // NaN is the greatest
                        least = Double.compare(number, least) < 0 ? number : least;
                        most = Double.compare(number, most) > 0 ? number : most;
                    }
                }
            }
        }
        boolean exact = segment.deletedRows().isEmpty();
        if (exact || statistics.nullCount() >= 0) {
            assertThat(statistics.nullCount()).isEqualTo(liveNulls);
        }
        if (min <= max) {
            assertThat(statistics).isEqualTo(ColumnStatistics.ofLongs(min, max, statistics.nullCount()));
        } else if (Double.compare(least, most) <= 0) {
            assertThat(statistics).isEqualTo(ColumnStatistics.ofDoubles(least, most, statistics.nullCount()));
        } else {
            assertThat(statistics.hasBounds()).isFalse();
        }
        if (column == schema.timestampOrdinal()) {
            assertThat(segment.hasTimeRange()).isEqualTo(min <= max);
            if (min <= max) {
                assertThat(segment.minTime()).isEqualTo(min);
                assertThat(segment.maxTime()).isEqualTo(max);
            }
        }
    }
}
