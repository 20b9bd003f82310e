package io.zeptodb.engine.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.partition.BitScratch;
import io.zeptodb.engine.partition.PartitionSnapshot;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.TableSnapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Reads a table back through the snapshot's interfaces, and checks on the way what they promise. */
final class SnapshotReader {
    private final TableSnapshot table;
    private final TableSchema schema;
    private final MemoryBudget budget;
    private final Object[][] bySequence;

    private SnapshotReader(TableSnapshot table, MemoryBudget budget) {
        this.table = table;
        this.schema = table.metadata().schema();
        this.budget = budget;
        this.bySequence = new Object[(int) table.rowCount()][];
    }

    /** The rows in the order of ingest. */
    static List<Object[]> read(TableSnapshot table, MemoryBudget budget) {
        SnapshotReader reader = new SnapshotReader(table, budget);
        long end = Long.MIN_VALUE;
        for (PartitionSnapshot partition : table.partitions()) {
            assertThat(partition.sliceStart()).isGreaterThanOrEqualTo(end);
            end = partition.sliceEnd();
            for (SegmentSnapshot segment : partition.segments()) {
                reader.readSegment(partition, segment);
            }
        }
        List<Object[]> rows = new ArrayList<>(List.of(reader.bySequence));
        return rows;
    }

    private void readSegment(PartitionSnapshot partition, SegmentSnapshot segment) {
        long rows = 0;
        Set<Object> keys = new HashSet<>();
        boolean ordered = true;
        for (int run = 0; run < segment.runCount(); run++) {
            assertThat(segment.runRows(run)).isPositive();
            rows += segment.runRows(run);
            ordered &= segment.runOrdered(run);
            readRun(partition, segment, run, keys);
        }
        assertThat(segment.rowCount()).isEqualTo(rows);
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
        for (int i = 0; i < rows; i++) {
            require(bySequence[(int) sequences[i]] == null, "two rows with one sequence number");
            bySequence[(int) sequences[i]] = values[i];
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
        boolean ordered = true;
        for (int i = 0; i < values.length; i++) {
            int at = order == null ? i : order[i];
            int before = i == 0 ? at : order == null ? i - 1 : order[i - 1];
            if (time == TableSchema.NONE) {
                require(sequences[at] >= sequences[before], "not in the order of ingest");
                continue;
            }
            Long value = (Long) values[at][time];
            Long previous = (Long) values[before][time];
            if (value == null) {
                require(partition.sliceStart() == Long.MAX_VALUE, "a NULL timestamp in a time slice");
                ordered = false;
                require(sequences[at] >= sequences[before], "NULL timestamps not in the order of ingest");
                continue;
            }
            require(value >= previous, "not in time order");
            require(value >= partition.sliceStart() && value < partition.sliceEnd(), "outside its time slice");
            require(!value.equals(previous) || i == 0 || sequences[at] > sequences[before], "a tie in the wrong order");
            ordered &= i == 0 || (Long) values[i][time] >= (Long) values[i - 1][time];
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
        long nulls = 0;
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
                        nulls++;
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
        assertThat(statistics.nullCount()).isEqualTo(nulls);
        if (min <= max) {
            assertThat(statistics).isEqualTo(ColumnStatistics.ofLongs(min, max, nulls));
        } else if (Double.compare(least, most) <= 0) {
            assertThat(statistics).isEqualTo(ColumnStatistics.ofDoubles(least, most, nulls));
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
