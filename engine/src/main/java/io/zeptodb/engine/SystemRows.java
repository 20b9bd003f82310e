package io.zeptodb.engine;

import io.zeptodb.engine.api.ColumnAttribute;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;
import io.zeptodb.engine.partition.DatabaseSnapshot;
import io.zeptodb.engine.partition.LiveTimes;
import io.zeptodb.engine.partition.PartitionSnapshot;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.partition.TableSnapshot;
import io.zeptodb.engine.sql.schema.SystemTables;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of what the engine knows of itself: of its tables at the moment of the query's snapshot, of its statements now. */
final class SystemRows {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final DateTimeFormatter SLICE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm", java.util.Locale.ROOT);

    private static final int TABLE_COLUMNS =
            SystemTables.DYNAMIC.getOrDefault(SystemTables.TABLES, List.of()).size();

    private SystemRows() {}

    /** Rows in the columns of {@link SystemTables#DYNAMIC}, of the tables in the part of the catalog that is seen. */
    static List<@Nullable Object[]> of(
            String name,
            Catalog seen,
            DatabaseSnapshot snapshot,
            Collection<Execution> running,
            EngineClock clock,
            MemoryBudget memory) {
        return switch (name) {
            case SystemTables.TABLES -> tables(seen, snapshot);
            case SystemTables.SEGMENTS -> segments(seen, snapshot, memory);
            case SystemTables.QUERIES -> queries(running, clock);
            case SystemTables.COLUMNS -> SystemColumns.of(seen);
            default -> throw new EngineException(ErrorCode.UNDEFINED_TABLE, "there is no system table '" + name + "'");
        };
    }

    private static List<@Nullable Object[]> tables(Catalog seen, DatabaseSnapshot snapshot) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (TableMetadata table : seen.tables()) {
            TableSchema schema = table.schema();
            TableSnapshot data = snapshot.table(table.id());
            long segments = 0;
            for (PartitionSnapshot partition : data.partitions()) {
                segments += partition.segments().size();
            }
            rows.add(new @Nullable Object[] {
                table.name(),
                table.id(),
                (long) schema.columns().size(),
                columnName(schema, schema.timestampOrdinal()),
                columnName(schema, schema.keyOrdinal()),
                partitioning(schema),
                data.rowCount(),
                (long) data.partitions().size(),
                segments,
                orNull(schema.retention().ttlText()),
                orNull(schema.retention().storagePolicy()),
                orNull(schema.dedupKeys().stream()
                        .map(key -> schema.columns().get(key).name())
                        .collect(Collectors.joining(", "))),
                orNull(attributes(schema)),
                "table"
            });
        }
        for (ViewMetadata view : seen.views()) {
            @Nullable Object[] row = new @Nullable Object[TABLE_COLUMNS];
            row[0] = view.name();
            row[1] = view.id();
            row[2] = (long) view.columns().size();
            row[TABLE_COLUMNS - 1] = view.kind();
            rows.add(row);
        }
        return rows;
    }

    private static String attributes(TableSchema schema) {
        return schema.columns().stream()
                .filter(column -> column.attribute() != ColumnAttribute.NONE)
                .map(column -> column.name() + " " + column.attribute())
                .collect(Collectors.joining(", "));
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private static @Nullable String columnName(TableSchema schema, int ordinal) {
        return ordinal == TableSchema.NONE
                ? null
                : schema.columns().get(ordinal).name();
    }

    private static String partitioning(TableSchema schema) {
        PartitionScheme scheme = schema.partitioning();
        String key = columnName(schema, schema.keyOrdinal());
        String time = scheme.slice() == PartitionScheme.TimeSlice.NONE
                ? null
                : scheme.slice() + "(" + columnName(schema, schema.timestampOrdinal()) + ")";
        if (key == null) {
            return time == null ? "NONE" : time;
        }
        return time == null ? key : key + ", " + time;
    }

    private static List<@Nullable Object[]> segments(Catalog seen, DatabaseSnapshot snapshot, MemoryBudget memory) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (TableMetadata table : seen.tables()) {
            for (PartitionSnapshot partition : snapshot.table(table.id()).partitions()) {
                for (int i = 0; i < partition.segments().size(); i++) {
                    SegmentSnapshot segment = partition.segments().get(i);
                    LiveTimes times = segment.hasTimeRange()
                            ? LiveTimes.of(segment, table.schema().timestampOrdinal(), memory)
                            : null;
                    rows.add(new @Nullable Object[] {
                        table.name(),
                        sliceName(partition),
                        (long) i,
                        segment.sealed() ? "sealed" : "hot",
                        segment.rowCount(),
                        times == null ? null : times.min(),
                        times == null ? null : times.max(),
                        segment.timeOrdered()
                    });
                }
            }
        }
        return rows;
    }

    private static String sliceName(PartitionSnapshot partition) {
        if (partition.sliceStart() == Long.MIN_VALUE) {
            return "all";
        }
        if (partition.sliceStart() == Long.MAX_VALUE) {
            return "no time";
        }
        Instant start = Instant.ofEpochSecond(Math.floorDiv(partition.sliceStart(), NANOS_PER_SECOND));
        return SLICE.format(start.atOffset(ZoneOffset.UTC));
    }

    private static List<@Nullable Object[]> queries(Collection<Execution> running, EngineClock clock) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Execution execution : running) {
            rows.add(new @Nullable Object[] {
                execution.id(), execution.sql(), execution.startedNanos(), execution.elapsedNanos(clock)
            });
        }
        return rows;
    }
}
