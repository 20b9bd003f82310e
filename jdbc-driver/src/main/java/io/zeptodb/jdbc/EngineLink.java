package io.zeptodb.jdbc;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.jdbc.meta.EngineStatement;
import io.zeptodb.jdbc.meta.Expected;
import io.zeptodb.jdbc.meta.Signatures;
import io.zeptodb.jdbc.meta.WireFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.calcite.avatica.Meta;
import org.jspecify.annotations.Nullable;

/** A statement on an engine in this process: its batches are read where they lie. */
final class EngineLink implements StatementLink {
    private final EngineStatement statement;
    private @Nullable List<ResultColumn> describedColumns;
    private Meta.@Nullable Signature described;

    EngineLink(EngineStatement statement) {
        this.statement = statement;
    }

    @Override
    public Outcome execute(String sql, Expected expected, ExecutionOptions options) {
        statement.prepare(sql, options.isCancelled());
        return execute(List.of(), expected, options);
    }

    @Override
    public Outcome execute(@Nullable Object[] parameters, Expected expected, ExecutionOptions options) {
        return execute(Arrays.asList(parameters), expected, options);
    }

    private Outcome execute(List<?> parameters, Expected expected, ExecutionOptions options) {
        boolean givesRows = statement.givesRows();
        expected.check(givesRows);
        if (!givesRows) {
            long count = statement.update(parameters, options);
            return Outcome.ofCount(count, statement.query().warnings());
        }
        BatchCursor rows = statement.rows(parameters, options);
        try {
            return Outcome.ofRows(signature(rows), rows);
        } catch (RuntimeException | Error e) {
            try (rows) {
                throw e;
            }
        }
    }

    /** Described once, and anew when the statement was planned anew for another table of the same name. */
    private Meta.Signature signature(BatchCursor rows) {
        Meta.Signature known = described;
        if (known != null && rows.columns() == describedColumns) {
            return known;
        }
        // what describe() says of parameters would ask the catalog again, which another session may have changed since
        Meta.Signature signature =
                Signatures.ofRows(rows.columns(), statement.query().sql(), List.of(), WireFormat.EXACT);
        describedColumns = rows.columns();
        described = signature;
        return signature;
    }

    @Override
    public long[] executeBatch(List<@Nullable Object[]> parameterRows, ExecutionOptions options) {
        List<List<@Nullable Object>> rows = new ArrayList<>(parameterRows.size());
        for (@Nullable Object[] row : parameterRows) {
            rows.add(Arrays.asList(row));
        }
        return statement.updateBatch(rows, options);
    }

    @Override
    public long[] executeColumns(
            List<VectorSchemaRoot> batches, @Nullable DictionaryProvider dictionaries, ExecutionOptions options) {
        return statement.updateColumns(batches, dictionaries, options);
    }

    @Override
    public Meta.Signature describe(Meta.Signature last) {
        return Signatures.of(statement.query(), WireFormat.EXACT);
    }

    @Override
    public void cancel() {
        statement.cancel();
    }
}
