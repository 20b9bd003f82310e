package io.zeptodb.duckdb;

import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.TableSchema;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionBuilder;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;

/**
 * A table function of DuckDB over a table of ZeptoDB, and the view that names it. Bound once by the schema at the time of attaching; each scan
 * is a query of its own that selects the columns DuckDB asks for. DuckDB calls it from threads of its own.
 */
final class AttachedTable implements DuckDBTableFunction<TableSchema, TableScan, Object> {
    private final Database database;
    private final TableSchema schema;

    private AttachedTable(Database database, TableSchema schema) {
        this.database = database;
        this.schema = schema;
    }

    static void attach(DuckDBConnection duck, String name, Database database, String table) throws SQLException {
        TableSchema schema;
        try {
            schema = database.table(table);
        } catch (EngineException e) {
            throw new SQLException(e.getMessage(), e.sqlState(), e);
        }
        String function = "zepto_scan_" + name;
        try (DuckDBTableFunctionBuilder builder = DuckDBFunctions.tableFunction()) {
            builder.withName(function)
                    .withProjectionPushdown()
                    .withFunction(new AttachedTable(database, schema))
                    .register(duck);
        }
        String columns = schema.columns().stream()
                .map(column -> ColumnTransfer.viewExpression(column) + " AS " + quoted(column.name()))
                .collect(Collectors.joining(", "));
        try (Statement statement = duck.createStatement()) {
            statement.execute(
                    "CREATE VIEW " + quoted(name) + " AS SELECT " + columns + " FROM " + quoted(function) + "()");
        }
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    @Override
    public TableSchema bind(DuckDBTableFunctionBindInfo info) {
        for (ColumnDefinition column : schema.columns()) {
            ColumnTransfer.addColumn(info, column);
        }
        info.setCardinality(database.rowCount(schema.name()), true);
        return schema;
    }

    @Override
    public TableScan init(DuckDBTableFunctionInitInfo info) {
        // one cursor feeds the scan: DuckDB still works on the rows with all its threads
        info.setMaxThreads(1);
        List<ColumnDefinition> wanted = IntStream.range(0, (int) info.getColumnCount())
                .mapToObj(i -> schema.columns().get((int) info.getColumnIndex(i)))
                .toList();
        return new TableScan(database, schema.name(), wanted);
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter chunk) {
        TableScan scan = info.getInitData();
        return scan.fill(chunk);
    }
}
