package io.zeptodb.engine.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.TableSchema;
import java.util.List;
import org.junit.jupiter.api.Test;

class SegmentMetadataTest {
    private static final TableSchema SCHEMA = new TableSchema(
            "t",
            List.of(
                    new ColumnDefinition("a", ColumnType.BIGINT, true),
                    new ColumnDefinition("b", ColumnType.DOUBLE, true)),
            TableSchema.NONE,
            TableSchema.NONE,
            PartitionScheme.UNPARTITIONED);

    @Test
    void theNumberOfASegmentIsInTheNameOfItsFile() {
        assertEquals("seg-000000000000002a.arrow", SegmentMetadata.fileName(42));
        for (long number : new long[] {0, 1, 42, Long.MAX_VALUE}) {
            assertEquals(number, SegmentMetadata.numberOf(SegmentMetadata.fileName(number)));
        }
    }

    @Test
    void aNameThatNoSegmentHasGivesNoNumber() {
        for (String name : List.of(
                "",
                "seg-2a.arrow",
                "seg-000000000000002A.arrow",
                "seg-000000000000002a.arrow.tmp",
                "wal-000000000000002a.arrow",
                "seg-ffffffffffffffff.arrow",
                "seg-00000000-000002a.arrow")) {
            assertEquals(-1, SegmentMetadata.numberOf(name), name);
        }
    }

    @Test
    void columnsOfANewTableAreNumberedAndKeepTheirIdsWhenOneIsDropped() {
        TableMetadata made = new TableMetadata(7, SCHEMA);
        assertEquals(List.of(0, 1), made.columnIds());
        assertEquals(2, made.nextColumnId());
        TableSchema fewer = new TableSchema(
                "t", SCHEMA.columns().subList(1, 2), TableSchema.NONE, TableSchema.NONE, PartitionScheme.UNPARTITIONED);
        TableMetadata dropped = new TableMetadata(7, fewer, List.of(1), 2);
        assertEquals(0, dropped.ordinalOfId(1));
        assertEquals(TableSchema.NONE, dropped.ordinalOfId(0));
    }

    @Test
    void columnIdsThatDoNotFitTheColumnsAreRefused() {
        assertThrows(EngineException.class, () -> new TableMetadata(7, SCHEMA, List.of(0), 2));
        assertThrows(EngineException.class, () -> new TableMetadata(7, SCHEMA, List.of(1, 1), 2));
        assertThrows(EngineException.class, () -> new TableMetadata(7, SCHEMA, List.of(0, 2), 2));
        assertThrows(EngineException.class, () -> new TableMetadata(7, SCHEMA, List.of(-1, 1), 2));
    }
}
