package io.zeptodb.duckdb;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ResultColumn;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBTableFunctionState;

/** One scan of an attached table: closed by DuckDB when the query ends, at the end of the rows or before. One thread at a time. */
final class TableScan implements DuckDBTableFunctionState {
    private final Statement statement;
    private final BatchCursor cursor;
    private final ColumnTransfer[] columns;
    private int row;
    private int batchRows;
    private boolean ended;

    private TableScan(Statement statement, BatchCursor cursor, List<ResultColumn> wanted) {
        this.statement = statement;
        this.cursor = cursor;
        columns = new ColumnTransfer[wanted.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new ColumnTransfer(wanted.get(i).type());
        }
    }

    static TableScan begin(Connection zepto, String table, List<ResultColumn> wanted) throws SQLException {
        // a scan for COUNT(*) asks for no column at all, but needs the rows
        String list = wanted.isEmpty()
                ? "1"
                : wanted.stream()
                        .map(column -> AttachedTable.quoted(column.label()))
                        .collect(Collectors.joining(", "));
        Statement statement = zepto.createStatement();
        try {
            BatchCursor cursor = statement
                    .executeQuery("SELECT " + list + " FROM " + AttachedTable.quoted(table))
                    .unwrap(BatchCursor.class);
            return new TableScan(statement, cursor, wanted);
        } catch (RuntimeException | SQLException | Error e) {
            try (statement) {
                throw e;
            }
        }
    }

    /** Fills one chunk; rows written, 0 at the end. */
    long fill(DuckDBDataChunkWriter chunk) {
        int capacity = (int) chunk.capacity();
        int filled = 0;
        while (filled < capacity && !ended) {
            if (row == batchRows) {
                advance();
                continue;
            }
            int at = filled;
            int count = Math.min(capacity - filled, batchRows - row);
            cursor.whileOpen(() -> copy(count, chunk, at));
            row += count;
            filled += count;
        }
        return filled;
    }

    private void copy(int count, DuckDBDataChunkWriter chunk, int at) {
        VectorSchemaRoot batch = cursor.batch();
        for (int i = 0; i < columns.length; i++) {
            FieldVector source = batch.getVector(i);
            DictionaryEncoding encoding = source.getField().getDictionary();
            columns[i].copy(
                    source,
                    encoding == null ? null : cursor.dictionaries().lookup(encoding.getId()),
                    row,
                    count,
                    chunk.vector(i),
                    at);
        }
    }

    private void advance() {
        row = 0;
        batchRows = 0;
        ended = !cursor.next();
        if (!ended) {
            batchRows = cursor.batch().getRowCount();
        }
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
