package io.zeptodb.engine;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.TableSchema;
import io.zeptodb.engine.api.Warning;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.exec.ChangedRows;
import io.zeptodb.engine.exec.ExecutionContext;
import io.zeptodb.engine.exec.Operator;
import io.zeptodb.engine.exec.Operators;
import io.zeptodb.engine.exec.expression.BoxedValues;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/** Runs the statements that give no rows: the life of a row from SQL. What each changes stays as a whole or not at all. */
final class StatementRunner {
    private StatementRunner() {}

    /** Rows written; 0 for a definition. */
    static long run(Statement statement, Engine engine, EngineSession session, Execution execution) {
        if (statement instanceof Statement.CopyFrom copy) {
            return CopyRunner.from(copy, session, execution);
        } else if (statement instanceof Statement.CopyTo copy) {
            return CopyRunner.to(copy, session, execution);
        } else if (statement.writes()) {
            try (StatementChanges changes = session.changes(execution)) {
                if (statement instanceof Statement.AlterTable alter) {
                    SortedCheck.run(alter, engine, session, changes.reading(execution));
                }
                long rows = change(statement, changes, execution);
                changes.finish();
                if (statement instanceof Statement.DropTable || statement instanceof Statement.Truncate) {
                    session.afterCommit(EngineSession.AfterCommit.FREE_FILES);
                } else if (statement.definesTables()) {
                    session.afterCommit(EngineSession.AfterCommit.NOTE_RETENTION);
                }
                return rows;
            }
        }
        if (statement instanceof Statement.SetOption set) {
            session.setOption(set.name(), set.value());
        } else if (statement instanceof Statement.Begin begin) {
            session.begin(begin.readOnly());
        } else if (statement instanceof Statement.SetTransaction set) {
            if (session.inTransaction()) {
                session.setTransactionMode(set.readOnly());
            } else {
                execution.warn(
                        Warning.NO_TRANSACTION, "there is no transaction in progress: SET TRANSACTION is for one");
            }
        } else if (statement instanceof Statement.Commit || statement instanceof Statement.Rollback) {
            endTransaction(statement, session, execution);
        } else if (statement instanceof Statement.Checkpoint) {
            engine.checkpoint(execution.context()::checkCancelled);
        } else if (statement instanceof Statement.Backup backup) {
            session.checkPath("BACKUP", backup.folder());
            engine.backup(backup.folder(), execution.context()::checkCancelled);
        } else {
            throw noWay(statement);
        }
        return 0;
    }

    /** Without a transaction there is nothing to do, and no harm: who runs one again after a COMMIT that failed may well ROLLBACK first. */
    private static void endTransaction(Statement statement, EngineSession session, Execution execution) {
        if (!session.inTransaction()) {
            execution.warn(Warning.NO_TRANSACTION, "there is no transaction in progress");
        } else if (statement instanceof Statement.Commit) {
            session.commit(execution.context()::checkCancelled);
        } else {
            session.rollback();
        }
    }

    private static EngineException noWay(Statement statement) {
        return new EngineException(
                ErrorCode.INTERNAL_ERROR,
                "no way to run a " + statement.getClass().getSimpleName());
    }

    private static long change(Statement statement, StatementChanges changes, Execution execution) {
        if (statement instanceof Statement.Insert insert) {
            return insert(insert.table(), insert.ordinals(), insert.source(), changes, execution.context());
        } else if (statement instanceof Statement.Update update) {
            try (ChangedRows rows = ChangedRows.read(update.source(), changes.reading(execution))) {
                return change(update.table(), rows, changes);
            }
        } else if (statement instanceof Statement.Delete delete) {
            try (ChangedRows rows = ChangedRows.read(delete.source(), changes.reading(execution))) {
                return change(delete.table(), rows, changes);
            }
        } else if (statement instanceof Statement.Merge merge) {
            try (ChangedRows rows = ChangedRows.readMerge(merge.source(), changes.reading(execution))) {
                return change(merge.table(), rows, changes);
            }
        } else if (statement instanceof Statement.CreateTable create) {
            return create(create, changes, changes.reading(execution));
        } else if (statement instanceof Statement.Truncate truncate) {
            changes.truncate(truncate.table());
        } else if (statement instanceof Statement.CreateView create) {
            changes.reading(execution);
            createView(create, changes);
        } else if (statement instanceof Statement.DropViews drop) {
            changes.reading(execution);
            drop.views().forEach(changes::dropView);
        } else if (statement instanceof Statement.AlterTable alter) {
            TableAlteration.run(alter, changes, changes.reading(execution));
        } else if (statement instanceof Statement.DropTable drop) {
            changes.reading(execution);
            drop(drop, changes);
        } else {
            throw noWay(statement);
        }
        return 0;
    }

    private static void createView(Statement.CreateView create, StatementChanges changes) {
        if (!create.ifNotExists()
                || changes.catalog().findView(create.view().name()).isEmpty()) {
            changes.createView(create.view(), create.orReplace());
        }
    }

    private static void drop(Statement.DropTable drop, StatementChanges changes) {
        drop.views().forEach(changes::dropView);
        if (!drop.ifExists() || changes.catalog().find(drop.table()).isPresent()) {
            changes.dropTable(drop.table());
        }
    }

    private static long create(Statement.CreateTable create, StatementChanges changes, ExecutionContext context) {
        TableSchema schema = create.schema();
        if (create.ifNotExists() && changes.catalog().find(schema.name()).isPresent()) {
            return 0;
        }
        TableMetadata table = changes.createTable(schema);
        PhysicalPlan source = create.source();
        if (source == null) {
            return 0;
        }
        List<Integer> all = IntStream.range(0, schema.columns().size()).boxed().toList();
        return insert(table, all, source, changes, context);
    }

    /** All that goes is gone before anything comes, so that a new row never meets an old one of the same dedup keys. */
    private static long change(TableMetadata table, ChangedRows rows, StatementChanges changes) {
        changes.delete(table, rows.sequences(), rows.goingCount());
        for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
            changes.append(table, batch.columns(), null, batch.rowCount());
        }
        return rows.count();
    }

    private static long insert(
            TableMetadata table,
            List<Integer> ordinals,
            PhysicalPlan source,
            StatementChanges changes,
            ExecutionContext context) {
        try (Operator rows = Operators.open(source, context);
                RowTarget target = new RowTarget(table, ordinals, context.budget())) {
            long written = 0;
            for (Batch batch = rows.next(); batch != null; batch = rows.next()) {
                context.checkCancelled();
                written += changes.append(table, target.columns(batch.columns()), batch.selection(), batch.rowCount());
            }
            return written;
        }
    }

    /** INSERT once for each row of parameters, as one transaction; rows written by each. */
    static long[] insertRows(
            Statement.Insert insert, @Nullable Object[][] parameterRows, EngineSession session, Execution execution) {
        long[] counts = new long[parameterRows.length];
        List<Expression> values = insert.valuesRow();
        try (StatementChanges changes = session.changes(execution)) {
            if (values != null) {
                Arrays.fill(counts, 1);
                insertColumns(insert, values, parameterRows, changes, execution);
            } else {
                for (int i = 0; i < counts.length; i++) {
                    ExecutionContext context = execution.context().withParameters(parameterRows[i]);
                    try {
                        counts[i] = insert(insert.table(), insert.ordinals(), insert.source(), changes, context);
                    } catch (EngineException e) {
                        throw BatchRows.refused(e, i);
                    }
                }
            }
            changes.finish();
        }
        return counts;
    }

    /**
     * INSERT once for each row of parameters that came as columns, as one transaction; rows written by each.
     *
     * @param insert with {@link Statement.Insert#valuesRow()}
     */
    static long[] insertColumns(
            Statement.Insert insert,
            List<VectorSchemaRoot> batches,
            @Nullable DictionaryProvider dictionaries,
            EngineSession session,
            Execution execution,
            ParameterValues.Caster caster) {
        List<Expression> values = Objects.requireNonNull(insert.valuesRow());
        long rows = 0;
        try (ColumnInsert columns = new ColumnInsert(insert, values, execution, caster);
                StatementChanges changes = session.changes(execution)) {
            for (VectorSchemaRoot batch : batches) {
                columns.append(batch, dictionaries, changes);
                rows += batch.getRowCount();
            }
            changes.finish();
        }
        long[] counts = new long[Math.toIntExact(rows)];
        Arrays.fill(counts, 1);
        return counts;
    }

    /** The parameters of many rows as columns: no plan runs for each row. */
    private static void insertColumns(
            Statement.Insert insert,
            List<Expression> values,
            @Nullable Object[][] parameterRows,
            StatementChanges changes,
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
                changes.append(insert.table(), target.columns(vectors), null, count);
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
