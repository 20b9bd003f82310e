package io.zeptodb.engine;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.catalog.Catalog;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.exec.ExecutionContext;
import io.zeptodb.engine.exec.Operator;
import io.zeptodb.engine.exec.Operators;
import io.zeptodb.engine.exec.expression.BoxedValues;
import io.zeptodb.engine.ingest.Transaction;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Runs the statements that give no rows: the life of a row from SQL. Each is one transaction. */
final class StatementRunner {
    private StatementRunner() {}

    /** Rows written; 0 for a definition. */
    static long run(Statement statement, Engine engine, EngineSession session, Execution execution) {
        if (statement instanceof Statement.Insert insert) {
            try (Transaction transaction = engine.begin(execution)) {
                long rows = insert(insert.table(), insert.ordinals(), insert.source(), transaction, execution);
                transaction.commit();
                return rows;
            }
        }
        if (statement instanceof Statement.CreateTable create) {
            return create(create, engine, execution);
        }
        if (statement instanceof Statement.DropTable drop) {
            drop(drop, engine, execution);
        } else if (statement instanceof Statement.SetOption set) {
            session.setOption(set.name(), set.value());
        } else if (statement instanceof Statement.CopyFrom copy) {
            return CopyRunner.from(copy, engine, session, execution);
        } else if (statement instanceof Statement.CopyTo copy) {
            return CopyRunner.to(copy, execution);
        } else if (statement instanceof Statement.Checkpoint) {
            engine.checkpoint();
        } else {
            throw new EngineException(
                    ErrorCode.INTERNAL_ERROR,
                    "no way to run a " + statement.getClass().getSimpleName());
        }
        return 0;
    }

    private static void drop(Statement.DropTable drop, Engine engine, Execution execution) {
        if (drop.ifExists() && engine.catalog().find(drop.table()).isEmpty()) {
            return;
        }
        try (Transaction transaction = engine.begin(execution)) {
            transaction.dropTable(drop.table());
            transaction.commit();
        } catch (EngineException e) {
            // another session may have dropped it since
            if (!drop.ifExists() || e.code() != ErrorCode.UNDEFINED_TABLE) {
                throw e;
            }
        }
    }

    private static long create(Statement.CreateTable create, Engine engine, Execution execution) {
        try (Transaction transaction = engine.begin(execution)) {
            Catalog catalog = engine.catalog();
            if (create.ifNotExists() && catalog.find(create.schema().name()).isPresent()) {
                return 0;
            }
            TableMetadata table;
            try {
                table = transaction.createTable(create.schema());
            } catch (EngineException e) {
                if (create.ifNotExists() && e.code() == ErrorCode.DUPLICATE_TABLE) {
                    return 0; // another session was faster
                }
                throw e;
            }
            PhysicalPlan source = create.source();
            long rows = 0;
            if (source != null) {
                List<Integer> all = new ArrayList<>();
                for (int i = 0; i < create.schema().columns().size(); i++) {
                    all.add(i);
                }
                rows = insert(table, all, source, transaction, execution);
            }
            transaction.commit();
            return rows;
        }
    }

    private static long insert(
            TableMetadata table,
            List<Integer> ordinals,
            PhysicalPlan source,
            Transaction transaction,
            Execution execution) {
        return insert(table, ordinals, source, transaction, execution.context());
    }

    private static long insert(
            TableMetadata table,
            List<Integer> ordinals,
            PhysicalPlan source,
            Transaction transaction,
            ExecutionContext context) {
        try (Operator rows = Operators.open(source, context);
                RowTarget target = new RowTarget(table, ordinals, context.budget())) {
            long written = 0;
            for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
                context.checkCancelled();
                written +=
                        transaction.append(table, target.columns(batch.columns()), batch.selection(), batch.rowCount());
            }
            return written;
        }
    }

    /** INSERT once for each row of parameters, as one transaction; rows written by each. */
    static long[] insertRows(
            Statement.Insert insert, @Nullable Object[][] parameterRows, Engine engine, Execution execution) {
        long[] counts = new long[parameterRows.length];
        List<Expression> values = insert.valuesRow();
        try (Transaction transaction = engine.begin(execution)) {
            if (values != null) {
                Arrays.fill(counts, 1);
                insertColumns(insert, values, parameterRows, transaction, execution);
            } else {
                for (int i = 0; i < counts.length; i++) {
                    ExecutionContext context = execution.context().withParameters(parameterRows[i]);
                    counts[i] = insert(insert.table(), insert.ordinals(), insert.source(), transaction, context);
                }
            }
            transaction.commit();
        }
        return counts;
    }

    /** The parameters of many rows as columns: no plan runs for each row. */
    private static void insertColumns(
            Statement.Insert insert,
            List<Expression> values,
            @Nullable Object[][] parameterRows,
            Transaction transaction,
            Execution execution) {
        ColumnVector[] vectors = new ColumnVector[values.size()];
        WritableColumn[] columns = new WritableColumn[values.size()];
        try (RowTarget target = new RowTarget(insert.table(), insert.ordinals(), execution.budget())) {
            for (int i = 0; i < columns.length; i++) {
                columns[i] =
                        new WritableColumn(execution.budget(), values.get(i).type());
            }
            for (int from = 0; from < parameterRows.length; from += Batch.ROWS) {
                execution.context().checkCancelled();
                int count = Math.min(Batch.ROWS, parameterRows.length - from);
                for (int i = 0; i < columns.length; i++) {
                    vectors[i] = fill(columns[i], values.get(i), parameterRows, from, count);
                }
                transaction.append(insert.table(), target.columns(vectors), null, count);
            }
        } finally {
            for (WritableColumn column : columns) {
                if (column != null) {
                    column.close();
                }
            }
        }
    }

    private static ColumnVector fill(
            WritableColumn column, Expression value, @Nullable Object[][] rows, int from, int count) {
        column.clear();
        column.reserve(count);
        for (int row = 0; row < count; row++) {
            Object boxed = value instanceof Expression.Parameter parameter
                    ? rows[from + row][parameter.index()]
                    : ((Expression.Literal) value).value();
            BoxedValues.write(column, row, boxed);
        }
        column.setRowCount(count);
        return column.vector();
    }
}
