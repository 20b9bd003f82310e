package io.zeptodb.engine.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.Retention;
import io.zeptodb.engine.api.TableSchema;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a table is after ALTER TABLE. */
class SchemaChangeTest {
    private static final TableMetadata TRADES = new TableMetadata(
            7,
            new TableSchema(
                    "trades",
                    List.of(
                            column("note", ColumnType.VARCHAR),
                            column("symbol", ColumnType.SYMBOL),
                            column("price", ColumnType.DOUBLE),
                            column("ts", ColumnType.TIMESTAMP_NS),
                            column("id", ColumnType.BIGINT)),
                    3,
                    1,
                    new PartitionScheme(true, TimeSlice.HOUR),
                    List.of(4),
                    Retention.NONE));

    private static ColumnDefinition column(String name, ColumnType type) {
        return new ColumnDefinition(name, type, true);
    }

    private static void refused(ErrorCode code, String message, SchemaChange change) {
        EngineException thrown = assertThrows(EngineException.class, () -> change.apply(TRADES));
        assertEquals(code, thrown.code());
        assertTrue(thrown.getMessage().contains(message), thrown.getMessage());
    }

    @Test
    void aDroppedColumnTakesItsIdWithItAndTheOthersKeepTheirs() {
        TableMetadata dropped = new SchemaChange.DropColumn("NOTE").apply(TRADES);
        assertEquals(7, dropped.id());
        assertEquals(List.of(1, 2, 3, 4), dropped.columnIds());
        assertEquals(0, dropped.schema().keyOrdinal());
        assertEquals(2, dropped.schema().timestampOrdinal());
        assertEquals(List.of(3), dropped.schema().dedupKeys());
        TableMetadata added = new SchemaChange.AddColumn(column("note", ColumnType.VARCHAR)).apply(dropped);
        assertEquals(List.of(1, 2, 3, 4, 5), added.columnIds());
        assertEquals(6, added.nextColumnId());
    }

    @Test
    void whatRowsHangOnCannotBeDropped() {
        refused(ErrorCode.INVALID_TABLE_DEFINITION, "partition key", new SchemaChange.DropColumn("symbol"));
        refused(ErrorCode.INVALID_TABLE_DEFINITION, "designated timestamp", new SchemaChange.DropColumn("ts"));
        refused(ErrorCode.INVALID_TABLE_DEFINITION, "dedup key", new SchemaChange.DropColumn("id"));
        refused(ErrorCode.UNDEFINED_COLUMN, "did you mean 'price'", new SchemaChange.DropColumn("prise"));
        TableMetadata one = new TableMetadata(
                1,
                new TableSchema(
                        "one",
                        List.of(column("a", ColumnType.INTEGER)),
                        -1,
                        -1,
                        new PartitionScheme(false, TimeSlice.NONE)));
        EngineException last = assertThrows(EngineException.class, () -> new SchemaChange.DropColumn("a").apply(one));
        assertTrue(last.getMessage().contains("at least one column"), last.getMessage());
    }

    @Test
    void namesAreTakenWithoutRegardToCase() {
        refused(
                ErrorCode.DUPLICATE_COLUMN,
                "has a column 'PRICE' already",
                new SchemaChange.AddColumn(column("PRICE", ColumnType.REAL)));
        refused(ErrorCode.DUPLICATE_COLUMN, "'Note' already", new SchemaChange.RenameColumn("price", "Note"));
        TableMetadata renamed = new SchemaChange.RenameColumn("price", "Price").apply(TRADES);
        assertEquals("Price", renamed.schema().columns().get(2).name());
        assertEquals(TRADES.columnIds(), renamed.columnIds());
    }

    @Test
    void aTableKeepsItsIdUnderAnotherName() {
        Catalog catalog = Catalog.EMPTY.with(TRADES);
        TableMetadata renamed = new SchemaChange.RenameTable("ticks").apply(TRADES);
        Catalog after = catalog.replacing(TRADES, renamed);
        assertTrue(after.find("trades").isEmpty());
        assertEquals(7, after.get("TICKS").id());
        assertEquals(catalog.version() + 1, after.version());
        assertEquals(catalog.nextTableId(), after.nextTableId());
    }

    @Test
    void aTtlWantsSlicesOfTime() {
        TableMetadata kept = new SchemaChange.SetTtl(5).apply(TRADES);
        assertEquals(5, kept.schema().retention().ttlNanos());
        TableMetadata whole = new TableMetadata(
                1,
                new TableSchema(
                        "whole",
                        List.of(column("ts", ColumnType.TIMESTAMP_NS)),
                        0,
                        -1,
                        new PartitionScheme(false, TimeSlice.NONE)));
        EngineException thrown = assertThrows(EngineException.class, () -> new SchemaChange.SetTtl(5).apply(whole));
        assertEquals(ErrorCode.INVALID_TABLE_DEFINITION, thrown.code());
        assertThrows(EngineException.class, () -> new SchemaChange.SetTtl(-5).apply(TRADES));
    }
}
