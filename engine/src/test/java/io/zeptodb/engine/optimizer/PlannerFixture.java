package io.zeptodb.engine.optimizer;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.PartitionScheme;
import io.zeptodb.engine.api.PartitionScheme.TimeSlice;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.exec.ConstantFolding;
import io.zeptodb.engine.function.FunctionDefinition;
import io.zeptodb.engine.function.FunctionRegistry;
import io.zeptodb.engine.function.StandardAggregates;
import io.zeptodb.engine.function.StandardFunctions;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.sql.SqlFrontEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.RootAllocator;

/** Tables of a market and a planner over them, with the functions and kernels of the engine. */
final class PlannerFixture implements AutoCloseable {
    private static final Map<String, Long> ROWS =
            Map.of("trades", 1_000_000L, "quotes", 2_000_000L, "companies", 50L, "sectors", 10L, "bars", 10_000L);

    private static final Catalog CATALOG = Catalog.EMPTY
            .with(table(
                    1,
                    "trades",
                    0,
                    3,
                    column("symbol", ColumnType.SYMBOL),
                    column("price", ColumnType.DOUBLE),
                    column("volume", ColumnType.BIGINT),
                    column("ts", ColumnType.TIMESTAMP_NS)))
            .with(table(
                    2,
                    "quotes",
                    0,
                    3,
                    column("symbol", ColumnType.SYMBOL),
                    column("bid", ColumnType.DOUBLE),
                    column("ask", ColumnType.DOUBLE),
                    column("ts", ColumnType.TIMESTAMP_NS)))
            .with(table(
                    3,
                    "companies",
                    TableSchema.NONE,
                    TableSchema.NONE,
                    column("symbol", ColumnType.VARCHAR),
                    column("name", ColumnType.VARCHAR),
                    column("sector", ColumnType.INTEGER),
                    column("capital", ColumnType.decimal(18, 2)),
                    column("founded", ColumnType.DATE)))
            .with(table(
                    4,
                    "sectors",
                    TableSchema.NONE,
                    TableSchema.NONE,
                    new ColumnDefinition("id", ColumnType.INTEGER, false),
                    column("title", ColumnType.VARCHAR)))
            .with(table(
                    5,
                    "bars",
                    0,
                    1,
                    column("id", ColumnType.INTEGER),
                    column("start", ColumnType.timestamp(3)),
                    column("high", ColumnType.REAL),
                    column("ok", ColumnType.BOOLEAN)));

    private final MemoryBudget budget = new MemoryBudget(new RootAllocator());
    private final Planner planner;

    PlannerFixture() {
        List<FunctionDefinition> definitions = new ArrayList<>(StandardFunctions.definitions());
        definitions.addAll(StandardAggregates.definitions());
        FunctionRegistry functions = new FunctionRegistry(definitions);
        planner = new Planner(new SqlFrontEnd(functions), functions, new ConstantFolding(budget));
    }

    private static ColumnDefinition column(String name, ColumnType type) {
        return new ColumnDefinition(name, type, true);
    }

    private static TableMetadata table(long id, String name, int key, int time, ColumnDefinition... columns) {
        PartitionScheme scheme = new PartitionScheme(
                key != TableSchema.NONE, time == TableSchema.NONE ? TimeSlice.NONE : TimeSlice.HOUR);
        return new TableMetadata(id, new TableSchema(name, List.of(columns), time, key, scheme));
    }

    Statement prepare(String sql) {
        return planner.prepare(
                sql, new SqlFrontEnd.Context(CATALOG, table -> ROWS.getOrDefault(table.name(), 0L), false));
    }

    /** Plans a query and checks the plan's invariants. */
    PhysicalPlan plan(String sql) {
        Statement.Query query = (Statement.Query) prepare(sql);
        PlanCheck.check(query);
        return query.plan();
    }

    @Override
    public void close() {
        budget.close();
    }
}
