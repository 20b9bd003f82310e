package io.zeptodb.duckdb;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ResultColumn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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
 * A table function of DuckDB over a table of ZeptoDB, and the view that names it. Bound once by the columns at the time of attaching; each scan
 * is a query of its own that selects the columns DuckDB asks for. DuckDB calls it from threads of its own.
 */
final class AttachedTable implements DuckDBTableFunction<List<ResultColumn>, TableScan, Object> {
    private final Connection zepto;
    private final String table;
    private final List<ResultColumn> columns;

    private AttachedTable(Connection zepto, String table, List<ResultColumn> columns) {
        this.zepto = zepto;
        this.table = table;
        this.columns = columns;
    }

    static void attach(DuckDBConnection duck, String name, Connection zepto, String table) throws SQLException {
        List<ResultColumn> columns = columns(zepto, table);
        String function = "zepto_scan_" + name;
        try (DuckDBTableFunctionBuilder builder = DuckDBFunctions.tableFunction()) {
            builder.withName(function)
                    .withProjectionPushdown()
                    .withFunction(new AttachedTable(zepto, table, columns))
                    .register(duck);
        }
        String expressions = columns.stream()
                .map(column -> ColumnTransfer.viewExpression(column) + " AS " + quoted(column.label()))
                .collect(Collectors.joining(", "));
        try (Statement statement = duck.createStatement()) {
            statement.execute(
                    "CREATE VIEW " + quoted(name) + " AS SELECT " + expressions + " FROM " + quoted(function) + "()");
        }
    }

    private static List<ResultColumn> columns(Connection zepto, String table) throws SQLException {
        try (Statement statement = zepto.createStatement();
                ResultSet none = statement.executeQuery("SELECT * FROM " + quoted(table) + " LIMIT 0")) {
            return none.unwrap(BatchCursor.class).columns();
        }
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    @Override
    public List<ResultColumn> bind(DuckDBTableFunctionBindInfo info) throws SQLException {
        for (ResultColumn column : columns) {
            ColumnTransfer.addColumn(info, column);
        }
        try (PreparedStatement query =
                zepto.prepareStatement("SELECT row_count FROM zepto_tables() WHERE table_name = ?")) {
            query.setString(1, columns.get(0).table());
            try (ResultSet count = query.executeQuery()) {
                long rows = count.next() ? count.getLong(1) : 0;
                if (rows > 0) { // a view has no number of rows, and DuckDB guesses
                    info.setCardinality(rows, false);
                }
            }
        }
        return columns;
    }

    @Override
    public TableScan init(DuckDBTableFunctionInitInfo info) throws SQLException {
        // one cursor feeds the scan: DuckDB still works on the rows with all its threads
        info.setMaxThreads(1);
        List<ResultColumn> wanted = IntStream.range(0, (int) info.getColumnCount())
                .mapToObj(i -> columns.get((int) info.getColumnIndex(i)))
                .toList();
        return TableScan.begin(zepto, table, wanted);
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter chunk) {
        TableScan scan = info.getInitData();
        return scan.fill(chunk);
    }
}
