package io.zeptodb.engine;

import io.zeptodb.engine.api.AccessRights;
import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.StatementKind;
import io.zeptodb.engine.api.Warning;
import io.zeptodb.engine.batch.Closing;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.sql.ErrorPlaces;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.jspecify.annotations.Nullable;

/** A statement of a session. The plan is taken anew from the cache, or made anew, when the catalog has changed. */
final class EnginePreparedQuery implements PreparedQuery {
    private static final String CLOSED = "statement is closed";
    private static final long REPLAN_WAIT_NANOS = 100_000;

    private final Engine engine;
    private final EngineSession session;
    private final String sql;
    private final Set<ResultCursor> cursors = ConcurrentHashMap.newKeySet();
    private final Set<Execution> running = ConcurrentHashMap.newKeySet();
    private Statement statement;
    private PlanCache.Key plannedFor;
    private boolean dependsOnSizes;
    private @Nullable AccessRights checkedFor;
    private List<Warning> warnings = List.of();
    private volatile boolean closesWithCursor;
    private volatile boolean closed;
    /** Whether it is planned anew. */
    private volatile boolean planning;

    EnginePreparedQuery(Engine engine, EngineSession session, String sql, BooleanSupplier isCancelled) {
        this.engine = engine;
        this.session = session;
        this.sql = sql;
        this.plannedFor = session.cacheKey(sql, session.catalogVersion());
        this.statement = session.plan(plannedFor, isCancelled);
        this.dependsOnSizes = engine.dependsOnSizes(plannedFor);
        this.checkedFor = session.access().check(statement, null);
    }

    @Override
    public String sql() {
        return sql;
    }

    /** For tests. */
    Class<?> statementClass() {
        return statement.getClass();
    }

    @Override
    public StatementKind kind() {
        if (statement instanceof Statement.Query || statement instanceof Statement.ExplainAnalyze) {
            return StatementKind.QUERY;
        }
        if (statement instanceof Statement.Begin
                || statement instanceof Statement.SetTransaction
                || statement instanceof Statement.Commit
                || statement instanceof Statement.Rollback) {
            return StatementKind.TRANSACTION;
        }
        boolean counts = statement instanceof Statement.Insert
                || statement instanceof Statement.Update
                || statement instanceof Statement.Delete
                || statement instanceof Statement.Merge
                || statement instanceof Statement.CopyFrom
                || statement instanceof Statement.CopyTo;
        return counts ? StatementKind.UPDATE : StatementKind.DEFINITION;
    }

    @Override
    public boolean writes() {
        return statement.writes();
    }

    @Override
    public boolean readsNoTable() {
        return statement.readsNoTable();
    }

    @Override
    public List<ResultColumn> columns() {
        Statement described = described();
        if (described instanceof Statement.ExplainAnalyze) {
            return StatementAnalysis.COLUMNS;
        }
        return described instanceof Statement.Query query ? query.columns() : List.of();
    }

    @Override
    public List<ColumnType> parameters() {
        return described().parameters();
    }

    /** What a run would be of now; of a closed statement, what the last one was of. */
    private Statement described() {
        return closed || session.isClosed() ? statement : current(ExecutionOptions.DEFAULT);
    }

    @Override
    public BatchCursor query(List<?> parameterValues, ExecutionOptions options) {
        requireArguments(parameterValues, options);
        return untilPlannedForNow(() -> queryNow(parameterValues, options));
    }

    private BatchCursor queryNow(List<?> parameterValues, ExecutionOptions options) {
        Execution execution = begin(parameterValues, options);
        if (statement instanceof Statement.ExplainAnalyze analyze) {
            PhysicalPlan lines = analyzed(analyze, execution);
            return remembered(
                    new ResultCursor(lines, StatementAnalysis.COLUMNS, execution, options.maxRows(), this::forget));
        }
        if (!(statement instanceof Statement.Query query)) {
            execution.close();
            throw new EngineException(
                    ErrorCode.INVALID_STATEMENT, "the statement gives no rows: run it with update, not query");
        }
        return remembered(new ResultCursor(query.plan(), query.columns(), execution, options.maxRows(), this::forget));
    }

    /** Runs all of the statement in this thread; the execution is closed when that fails. */
    private PhysicalPlan analyzed(Statement.ExplainAnalyze analyze, Execution execution) {
        boolean done = false;
        try {
            PhysicalPlan lines = StatementAnalysis.run(analyze, engine, session, execution.inThisThread());
            done = true;
            return lines;
        } catch (CatalogChangedException e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw EdgeErrors.of(e, execution);
        } finally {
            execution.runsNoMore();
            if (!done) {
                execution.close();
            }
        }
    }

    private ResultCursor remembered(ResultCursor cursor) {
        cursors.add(cursor);
        engine.remember(cursor);
        if (closed) {
            cursor.closeWith(closedCode(), CLOSED); // a close() that ran meanwhile may not have seen it
        }
        return cursor;
    }

    /** As {@link #query} with a cursor that closes the statement too. */
    BatchCursor queryOnce(List<?> parameterValues) {
        closesWithCursor = true;
        return query(parameterValues, ExecutionOptions.DEFAULT);
    }

    private void forget(ResultCursor cursor) {
        cursors.remove(cursor);
        engine.forget(cursor);
        if (closesWithCursor) {
            close();
        }
    }

    @Override
    public long update(List<?> parameterValues, ExecutionOptions options) {
        requireArguments(parameterValues, options);
        if (kind() == StatementKind.QUERY) {
            throw new EngineException(
                    ErrorCode.INVALID_STATEMENT, "the statement gives rows: run it with query, not update");
        }
        warnings = List.of();
        return untilPlannedForNow(() -> updateOnce(parameterValues, options));
    }

    /** Runs a statement again, planned anew, when the tables change between its planning and its first change. */
    private <T extends @Nullable Object> T untilPlannedForNow(Supplier<T> run) {
        while (true) {
            try {
                return run.get();
            } catch (CatalogChangedException e) {
                // the commit that changed them may not be published yet
                LockSupport.parkNanos(this, REPLAN_WAIT_NANOS);
            }
        }
    }

    private long updateOnce(List<?> parameterValues, ExecutionOptions options) {
        try (Execution execution = begin(parameterValues, options).inThisThread()) {
            try {
                long rows = StatementRunner.run(statement, engine, session, execution);
                warnings = execution.warnings();
                return rows;
            } catch (CatalogChangedException e) {
                throw e;
            } catch (RuntimeException | Error e) {
                throw EdgeErrors.of(e, execution);
            }
        }
    }

    @Override
    public List<Warning> warnings() {
        return warnings;
    }

    @Override
    public long[] updateBatch(List<? extends List<?>> parameterRows, ExecutionOptions options) {
        requireArguments(parameterRows, options);
        parameterRows.forEach(row -> EngineException.required(row, "a list of parameter values"));
        List<? extends List<?>> rows = List.copyOf(parameterRows);
        if (current(options) instanceof Statement.Update
                || statement instanceof Statement.Delete
                || statement instanceof Statement.Merge) {
            return updateRows(rows, options);
        }
        return untilPlannedForNow(() -> insertRows(rows, options));
    }

    private long[] insertRows(List<? extends List<?>> rows, ExecutionOptions options) {
        try (Execution execution = begin(null, options).inThisThread()) {
            if (!(statement instanceof Statement.Insert insert)) {
                throw new EngineException(
                        ErrorCode.FEATURE_NOT_SUPPORTED,
                        "only INSERT, UPDATE, DELETE and MERGE take a batch of parameters");
            }
            try {
                @Nullable Object[][] converted = new Object[rows.size()][];
                for (int i = 0; i < converted.length; i++) {
                    converted[i] = BatchRows.convert(insert, rows.get(i), i, engine::cast);
                }
                return StatementRunner.insertRows(insert, converted, session, execution);
            } catch (CatalogChangedException e) {
                throw e;
            } catch (RuntimeException | Error e) {
                throw EdgeErrors.of(e, execution);
            }
        }
    }

    @Override
    public long[] updateColumns(
            List<VectorSchemaRoot> batches, @Nullable DictionaryProvider dictionaries, ExecutionOptions options) {
        requireArguments(batches, options);
        batches.forEach(batch -> EngineException.required(batch, "a batch of parameter values"));
        List<VectorSchemaRoot> given = List.copyOf(batches);
        long[] counts = current(options) instanceof Statement.Insert
                ? untilPlannedForNow(() -> insertColumns(given, dictionaries, options))
                : null;
        return counts != null ? counts : updateBatch(rows(given, dictionaries, options), options);
    }

    /** Null when it is no INSERT of one row of parameters and literals. */
    private long @Nullable [] insertColumns(
            List<VectorSchemaRoot> batches, @Nullable DictionaryProvider dictionaries, ExecutionOptions options) {
        try (Execution execution = begin(null, options).inThisThread()) {
            if (!(statement instanceof Statement.Insert insert) || insert.valuesRow() == null) {
                return null;
            }
            try {
                return StatementRunner.insertColumns(insert, batches, dictionaries, session, execution, engine::cast);
            } catch (CatalogChangedException e) {
                throw e;
            } catch (RuntimeException | Error e) {
                throw EdgeErrors.of(e, execution);
            }
        }
    }

    private List<List<@Nullable Object>> rows(
            List<VectorSchemaRoot> batches, @Nullable DictionaryProvider dictionaries, ExecutionOptions options) {
        try (Execution execution = begin(null, options).inThisThread()) {
            try {
                return ParameterVectors.rows(
                        batches, dictionaries, statement.parameters().size(), execution);
            } catch (RuntimeException | Error e) {
                throw EdgeErrors.of(e, execution);
            }
        }
    }

    /**
     * One after the other: each finds what those before it have changed. Outside of a transaction they are one of their own, which is run again when
     * another one comes between: nobody can have seen anything of it. In a transaction those before one that fails stay, and the failure tells their counts.
     */
    private long[] updateRows(List<? extends List<?>> rows, ExecutionOptions options) {
        if (session.inTransaction() || rows.size() == 1) {
            return updateEach(rows, options, true);
        }
        while (true) {
            session.begin();
            try {
                long[] counts = updateEach(rows, options, false);
                session.commit();
                return counts;
            } catch (EngineException e) {
                if (e.code() != ErrorCode.CONFLICT) {
                    throw e;
                }
            } finally {
                if (session.inTransaction()) {
                    session.rollback();
                }
            }
        }
    }

    /** @param stays whether what ran before a failure does; it is rolled back by the caller where it does not */
    private long[] updateEach(List<? extends List<?>> rows, ExecutionOptions options, boolean stays) {
        long[] counts = new long[rows.size()];
        for (int i = 0; i < counts.length; i++) {
            try {
                counts[i] = update(rows.get(i), options);
            } catch (EngineException e) {
                EngineException refused = BatchRows.refused(e, i);
                throw stays && session.inTransaction() ? refused.after(Arrays.copyOf(counts, i)) : refused;
            }
        }
        return counts;
    }

    private static void requireArguments(List<?> parameterValues, ExecutionOptions options) {
        EngineException.required(parameterValues, "the list of parameter values");
        EngineException.required(options, "the options of an execution");
    }

    /** Opens an execution whose snapshot is of the catalog that the plan was made for. */
    private Execution begin(@Nullable List<?> parameterValues, ExecutionOptions options) {
        while (true) {
            Statement current = current(options);
            if (current.writes()) {
                session.checkMayWrite(); // before a file or a row is read for it
            }
            @Nullable
            Object[] parameters = parameterValues == null ? new Object[0] : converted(parameterValues, current);
            Execution execution = engine.whileOpen(() -> open(parameters, options));
            if (execution != null) {
                return execution;
            }
        }
    }

    private @Nullable Object[] converted(List<?> values, Statement current) {
        try {
            return ParameterValues.convert(values, current.parameters(), engine::cast);
        } catch (EngineException e) {
            throw ErrorPlaces.add(e, sql);
        }
    }

    /** Null when a table came or went between planning and the snapshot. */
    private @Nullable Execution open(@Nullable Object[] parameters, ExecutionOptions options) {
        Execution execution = new Execution(engine, session, sql, parameters, options, running::remove);
        if (execution.context().snapshot().catalog().version() != plannedFor.catalogVersion()) {
            execution.close();
            return null;
        }
        running.add(execution);
        // after the add: whoever sees the statement among those that run can cancel it
        engine.register(execution);
        if (closed) {
            execution.stop(closedCode(), CLOSED); // a close() that ran meanwhile may not have seen it
        }
        if (options.isCancelled().getAsBoolean()) {
            execution.cancel();
            endBeforeItBegins(execution);
        }
        return execution;
    }

    private static void endBeforeItBegins(Execution stopped) {
        try (stopped) {
            stopped.context().checkCancelled();
        }
    }

    private Statement current(ExecutionOptions options) {
        session.checkOpen();
        if (closed) {
            throw new EngineException(closedCode(), CLOSED); // its session may have been closed since
        }
        PlanCache.Key now = session.cacheKey(sql, session.catalogVersion());
        if (!now.equals(plannedFor) || dependsOnSizes) {
            planning = true;
            try {
                statement = session.plan(now, options.isCancelled());
            } finally {
                planning = false;
            }
            plannedFor = now;
            dependsOnSizes = engine.dependsOnSizes(now);
            checkedFor = null;
        }
        checkedFor = session.access().check(statement, checkedFor);
        return statement;
    }

    /** Whether the statement alone was closed: a pool keeps the connection then. */
    private ErrorCode closedCode() {
        return session.isClosed() ? ErrorCode.CLOSED : ErrorCode.STATEMENT_CLOSED;
    }

    /** Stops what runs now, for this reason; from any thread. */
    void stop(ErrorCode code, String message) {
        running.forEach(execution -> execution.stop(code, message));
    }

    @Override
    public void cancel() {
        running.forEach(Execution::cancel);
        if (planning) {
            session.cancelPlanning(); // a session plans one statement at a time
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        // an update in another thread ends with this at its next batch, and a reader is told why its cursor is closed
        running.forEach(execution -> execution.stop(closedCode(), CLOSED));
        new Closing()
                .each(cursors, ResultCursor::close)
                .then(() -> session.forget(this))
                .finish();
    }
}
