package io.zeptodb.duckdb;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ColumnDefinition;
import io.zeptodb.engine.api.Database;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.Session;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBTableFunctionState;

/** One scan of an attached table: closed by DuckDB when the query ends, at the end of the rows or before. */
final class TableScan implements DuckDBTableFunctionState {
    private final Session session;
    private final BatchCursor cursor;
    private final ColumnTransfer[] columns;
    private int row;
    private int batchRows;
    private boolean ended;

    TableScan(Database database, String table, List<ColumnDefinition> wanted) {
        session = database.openSession();
        try {
            // a scan for COUNT(*) asks for no column at all, but needs the rows
            String list = wanted.isEmpty()
                    ? "1"
                    : wanted.stream()
                            .map(column -> AttachedTable.quoted(column.name()))
                            .collect(Collectors.joining(", "));
            cursor = session.prepare("SELECT " + list + " FROM " + AttachedTable.quoted(table))
                    .query(List.of(), ExecutionOptions.DEFAULT);
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
        columns = new ColumnTransfer[wanted.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new ColumnTransfer(wanted.get(i).type());
        }
    }

    /** Fills one chunk; rows written, 0 at the end. */
    long fill(DuckDBDataChunkWriter chunk) {
        long capacity = chunk.capacity();
        int filled = 0;
        while (filled < capacity && !ended) {
            if (row == batchRows) {
                advance();
                continue;
            }
            int count = (int) Math.min(capacity - filled, batchRows - row);
            VectorSchemaRoot batch = cursor.batch();
            for (int i = 0; i < columns.length; i++) {
                columns[i].copy(
                        batch.getVector(i), cursor.dictionaries().lookup(i), row, count, chunk.vector(i), filled);
            }
            row += count;
            filled += count;
        }
        return filled;
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
    public void close() {
        session.close();
    }
}
