package io.zeptodb.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.IngestCounters;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.Pipeline;
import io.zeptodb.engine.api.PipelineOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.RowWriter;
import io.zeptodb.engine.api.Session;
import io.zeptodb.engine.api.TableSchema;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Arguments that no caller should give: each is refused with what is wrong, and leaves no trace. */
@SuppressWarnings("NullAway") // nulls are what is tested
class PublicArgumentsTest {
    private static final TableSchema ORDERS = new TableSchema(
            "orders",
            List.of(
                    new ColumnDefinition("id", ColumnType.BIGINT, true),
                    new ColumnDefinition("price", ColumnType.decimal(10, 2), true),
                    new ColumnDefinition("name", ColumnType.VARCHAR, true),
                    new ColumnDefinition("code", ColumnType.SYMBOL, true),
                    new ColumnDefinition("raw", ColumnType.VARBINARY, true)),
            TableSchema.NONE,
            TableSchema.NONE,
            PartitionScheme.UNPARTITIONED);

    private final Database database = Engine.open(Map.of());

    @AfterEach
    void nothingIsLeft() {
        database.close();
        assertThat(database.allocator().getAllocatedMemory()).isZero();
    }

    private static void refused(ErrorCode code, String message, Crew.Work work) {
        assertThatThrownBy(work::run)
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    @Test
    void aDatabaseRefusesNulls() {
        database.createTable(ORDERS);
        for (Crew.Work use : List.<Crew.Work>of(
                () -> Engine.open(null),
                () -> database.table(null),
                () -> database.createTable(null),
                () -> database.openPipeline(null, PipelineOptions.DEFAULT),
                () -> database.openPipeline("orders", null),
                () -> database.append("orders", null),
                () -> database.append(null, null),
                () -> database.rowCount(null),
                () -> database.rowCount(null, 1L),
                () -> database.columnViews(null, null, "id"),
                () -> database.columnViews("orders", null, null))) {
            refused(ErrorCode.INVALID_ARGUMENT, " must not be null", use);
        }
    }

    @Test
    void sessionsAndStatementsRefuseNulls() {
        try (Session session = database.openSession();
                PreparedQuery query = session.prepare("SELECT 1")) {
            database.createTable(ORDERS);
            try (PreparedQuery insert = session.prepare("INSERT INTO orders (id) VALUES (?)")) {
                for (Crew.Work use : List.<Crew.Work>of(
                        () -> session.prepare(null),
                        () -> session.query(null),
                        () -> session.query("SELECT 1", (Object[]) null),
                        () -> session.update("DROP TABLE orders", (Object[]) null),
                        () -> query.query(null, ExecutionOptions.DEFAULT),
                        () -> query.query(List.of(), null),
                        () -> insert.update(null, ExecutionOptions.DEFAULT),
                        () -> insert.updateBatch(null, ExecutionOptions.DEFAULT),
                        () -> insert.updateBatch(Arrays.asList(List.of(1L), null), ExecutionOptions.DEFAULT))) {
                    refused(ErrorCode.INVALID_ARGUMENT, " must not be null", use);
                }
                // the value NULL of a parameter is another thing
                assertThat(session.update("INSERT INTO orders (id) VALUES (?)", new Object[] {null}))
                        .isEqualTo(1);
            }
        }
        assertThat(database.rowCount("orders")).isEqualTo(1);
    }

    @Test
    void definitionsRefuseNullsAndOrdinalsOutsideTheTable() {
        List<ColumnDefinition> columns = ORDERS.columns();
        for (Crew.Work use : List.<Crew.Work>of(
                () -> new ColumnDefinition(null, ColumnType.BIGINT, true),
                () -> new ColumnDefinition("v", null, true),
                () -> new ColumnType(null, 0, 0),
                () -> new PartitionScheme(true, null),
                () -> new PipelineOptions(16, null, true),
                () -> new TableSchema(null, columns, -1, -1, PartitionScheme.UNPARTITIONED),
                () -> new TableSchema("t", null, -1, -1, PartitionScheme.UNPARTITIONED),
                () -> new TableSchema("t", columns, -1, -1, null))) {
            refused(ErrorCode.INVALID_ARGUMENT, " must not be null", use);
        }
        refused(
                ErrorCode.INVALID_TABLE_DEFINITION,
                "the partition key of table 't' must be one of its columns 0 to 4, or -1 for none, got 5",
                () -> new TableSchema("t", columns, -1, 5, new PartitionScheme(true, TimeSlice.NONE)));
        refused(
                ErrorCode.INVALID_TABLE_DEFINITION,
                "the designated timestamp of table 't' must be one of its columns",
                () -> new TableSchema("t", columns, -2, -1, PartitionScheme.UNPARTITIONED));
    }

    @Test
    void aRefusedRowLeavesNothingForTheNextOne() {
        database.createTable(ORDERS);
        CharSequence broken = new CharSequence() {
            @Override
            public int length() {
                throw new IllegalStateException("no text");
            }

            @Override
            public char charAt(int index) {
                throw new IllegalStateException("no text");
            }

            @Override
            public CharSequence subSequence(int start, int end) {
                throw new IllegalStateException("no text");
            }
        };
        try (Pipeline pipeline = database.openPipeline("orders", PipelineOptions.SYNCHRONOUS)) {
            refused(ErrorCode.INVALID_ARGUMENT, "null in place of a row", () -> pipeline.ingest((Object[]) null));
            refused(
                    ErrorCode.NUMERIC_OUT_OF_RANGE,
                    "NaN is not a DECIMAL",
                    () -> pipeline.ingest(7L, Double.NaN, "x", "y", new byte[1]));
            refused(
                    ErrorCode.INVALID_ARGUMENT,
                    "no text",
                    () -> pipeline.ingest(7L, BigDecimal.ONE, broken, "y", null));
            refused(ErrorCode.DATATYPE_MISMATCH, "it has 5 columns, got 1 values", () -> pipeline.ingest(7L));
            refused(ErrorCode.UNDEFINED_COLUMN, "columns 0 to 4, got 5", () -> pipeline.symbol(5, "x"));
            refused(ErrorCode.UNDEFINED_COLUMN, "columns 0 to 4, got -1", () -> pipeline.symbol(-1, "x"));
            refused(ErrorCode.DATATYPE_MISMATCH, "not a SYMBOL", () -> pipeline.symbol(0, "x"));
            refused(ErrorCode.INVALID_ARGUMENT, "must not be null", () -> pipeline.symbol(3, null));
            refused(ErrorCode.INVALID_ARGUMENT, "must not be null", () -> pipeline.append(null));
            pipeline.ingest(null, null, null, null, null);
            RowWriter writer = pipeline.newWriter();
            for (Crew.Work set : List.<Crew.Work>of(
                    () -> writer.setDecimal(1, null),
                    () -> writer.setString(2, null),
                    () -> writer.setString(3, null),
                    () -> writer.setBytes(4, null))) {
                refused(ErrorCode.INVALID_ARGUMENT, "got a Java null: call setNull", () -> {
                    writer.setLong(0, 7);
                    set.run();
                    writer.append();
                });
            }
            writer.append();
            writer.close();
            pipeline.drain();
            assertThat(pipeline.counters()).isEqualTo(new IngestCounters(10, 2, 8));
        }
        try (Session session = database.openSession();
                var cursor = session.query("SELECT COUNT(*), COUNT(id), COUNT(price), COUNT(name) FROM orders")) {
            assertThat(cursor.next()).isTrue();
            List<Object> counts = cursor.batch().getFieldVectors().stream()
                    .map(vector -> (Object) vector.getObject(0))
                    .toList();
            assertThat(counts).containsExactly(2L, 0L, 0L, 0L);
        }
    }
}
