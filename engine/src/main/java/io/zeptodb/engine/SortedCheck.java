package io.zeptodb.engine;

import io.zeptodb.engine.api.ColumnAttribute;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.catalog.SchemaChange;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.exec.ExecutionContext;
import io.zeptodb.engine.exec.Operator;
import io.zeptodb.engine.exec.Operators;
import io.zeptodb.engine.plan.Statement;
import java.util.Locale;
import java.util.Objects;

/**
 * Refuses SET ATTRIBUTE column SORTED where the rows are not: within each partition key, in time order (without a timestamp in the order of ingest),
 * values that are not NULL do not descend. It is a query of the table, with what all queries have: memory that is counted, spilling, cancelling.
 */
final class SortedCheck {
    private static final String QUERY = """
            SELECT n, CAST(v AS VARCHAR), CAST(before AS VARCHAR)%s
            FROM (SELECT %s AS v, row_number() OVER w AS n, lag(%s) OVER w AS before%s
              FROM %s WHERE %s IS NOT NULL WINDOW w AS (%s%s)) AS checked
            WHERE v < before LIMIT 1""";

    private SortedCheck() {}

    /**
     * @param context what the statement reads, of the newest tables
     * @throws EngineException NOT_SORTED with the first value found that is below the one before it
     */
    static void run(Statement.AlterTable alter, Engine engine, EngineSession session, ExecutionContext context) {
        for (SchemaChange change : alter.changes()) {
            if (change instanceof SchemaChange.SetAttribute set && set.attribute() == ColumnAttribute.SORTED) {
                check(alter.table(), set.column(), engine, session, context);
            }
        }
    }

    private static void check(
            TableMetadata table, String column, Engine engine, EngineSession session, ExecutionContext context) {
        TableSchema schema = table.schema();
        if (schema.ordinalOf(column) == schema.timestampOrdinal() && schema.timestampOrdinal() != TableSchema.NONE) {
            return; // it is the order
        }
        String sql = query(schema, column);
        long version = context.snapshot().catalog().version();
        if (!(engine.plan(session.cacheKey(sql, version), context.snapshot(), context::checkCancelled)
                instanceof Statement.Query query)) {
            throw new IllegalStateException("a query that is none: " + sql);
        }
        try (Operator rows = Operators.open(query.plan(), context)) {
            for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
                if (batch.selectedCount() > 0) {
                    int row = batch.selection() == null ? 0 : batch.selection().positions()[0];
                    throw refusal(schema, column, batch, row);
                }
            }
        }
    }

    private static String query(TableSchema schema, String column) {
        String name = quoted(column);
        boolean hasKey = schema.keyOrdinal() != TableSchema.NONE;
        String key = hasKey ? nameOf(schema, schema.keyOrdinal()) : "";
        String partition = hasKey ? "PARTITION BY " + key : "";
        String order = schema.timestampOrdinal() == TableSchema.NONE
                ? ""
                : " ORDER BY " + nameOf(schema, schema.timestampOrdinal());
        return String.format(
                Locale.ROOT,
                QUERY,
                hasKey ? ", CAST(k AS VARCHAR)" : "",
                name,
                name,
                hasKey ? ", " + key + " AS k" : "",
                quoted(schema.name()),
                name,
                partition,
                order);
    }

    private static String nameOf(TableSchema schema, int ordinal) {
        return quoted(schema.columns().get(ordinal).name());
    }

    private static String quoted(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    private static EngineException refusal(TableSchema schema, String column, Batch batch, int row) {
        String of = batch.columns().length > 3
                ? " of " + schema.columns().get(schema.keyOrdinal()).name() + " "
                        + (batch.column(3).isNull(row) ? "NULL" : "'" + text(batch.column(3), row) + "'")
                : "";
        return new EngineException(
                ErrorCode.NOT_SORTED,
                "column '" + column + "' of table '" + schema.name() + "' is not sorted: row "
                        + batch.column(0).getLong(row) + of + " has " + text(batch.column(1), row) + " behind "
                        + text(batch.column(2), row)
                        + (schema.timestampOrdinal() == TableSchema.NONE
                                ? ", in the order of ingest"
                                : ", in the order of '"
                                        + schema.columns()
                                                .get(schema.timestampOrdinal())
                                                .name() + "'")
                        + " without NULLs (GROUPED takes any order)");
    }

    private static String text(ColumnVector column, int row) {
        SymbolDictionary dictionary = column.dictionary();
        int at = row & column.mask();
        return dictionary == null ? Objects.requireNonNull(column.getText(at)) : dictionary.text(column.getInt(at));
    }
}
