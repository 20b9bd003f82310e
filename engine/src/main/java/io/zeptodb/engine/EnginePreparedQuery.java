package io.zeptodb.engine;

import io.zeptodb.engine.api.BatchCursor;
import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.api.ExecutionOptions;
import io.zeptodb.engine.api.PreparedQuery;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.api.StatementKind;
import io.zeptodb.engine.plan.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A statement of a session. The plan is taken anew from the cache, or made anew, when the catalog has changed. */
final class EnginePreparedQuery implements PreparedQuery {
    private final Engine engine;
    private final EngineSession session;
    private final String sql;
    private final Set<ResultCursor> cursors = ConcurrentHashMap.newKeySet();
    private final Set<Execution> running = ConcurrentHashMap.newKeySet();
    private Statement statement;
    private PlanCache.Key plannedFor;
    private volatile boolean closed;

    EnginePreparedQuery(Engine engine, EngineSession session, String sql) {
        this.engine = engine;
        this.session = session;
        this.sql = sql;
        this.plannedFor = session.cacheKey(sql, engine.catalogVersion());
        this.statement = engine.plan(plannedFor);
    }

    @Override
    public String sql() {
        return sql;
    }

    @Override
    public StatementKind kind() {
        if (statement instanceof Statement.Query) {
            return StatementKind.QUERY;
        }
        boolean writes = statement instanceof Statement.Insert
                || statement instanceof Statement.CopyFrom
                || statement instanceof Statement.CopyTo;
        return writes ? StatementKind.UPDATE : StatementKind.DEFINITION;
    }

    @Override
    public List<ResultColumn> columns() {
        return statement instanceof Statement.Query query ? query.columns() : List.of();
    }

    @Override
    public List<ColumnType> parameters() {
        return parametersOf(statement);
    }

    static List<ColumnType> parametersOf(Statement statement) {
        if (statement instanceof Statement.Query query) {
            return query.parameters();
        }
        if (statement instanceof Statement.Insert insert) {
            return insert.parameters();
        }
        return statement instanceof Statement.CreateTable create ? create.parameters() : List.of();
    }

    @Override
    public BatchCursor query(List<?> parameterValues, ExecutionOptions options) {
        Execution execution = begin(parameterValues, options);
        if (!(statement instanceof Statement.Query query)) {
            end(execution);
            throw new EngineException(
                    ErrorCode.INVALID_STATEMENT, "the statement gives no rows: run it with update, not query");
        }
        ResultCursor[] opened = new ResultCursor[1];
        ResultCursor cursor = new ResultCursor(query.plan(), query.columns(), execution, options.maxRows(), () -> {
            running.remove(execution);
            if (opened[0] != null) {
                cursors.remove(opened[0]);
                engine.forget(opened[0]);
            }
        });
        opened[0] = cursor;
        cursors.add(cursor);
        engine.remember(cursor);
        return cursor;
    }

    @Override
    public long update(List<?> parameterValues, ExecutionOptions options) {
        if (kind() == StatementKind.QUERY) {
            throw new EngineException(
                    ErrorCode.INVALID_STATEMENT, "the statement gives rows: run it with query, not update");
        }
        Execution execution = begin(parameterValues, options);
        try {
            return StatementRunner.run(statement, engine, session, execution);
        } finally {
            end(execution);
        }
    }

    @Override
    public long[] updateBatch(List<? extends List<?>> parameterRows, ExecutionOptions options) {
        List<? extends List<?>> rows = List.copyOf(parameterRows);
        Execution execution = begin(null, options);
        try {
            if (!(statement instanceof Statement.Insert insert)) {
                throw new EngineException(ErrorCode.FEATURE_NOT_SUPPORTED, "only INSERT takes a batch of parameters");
            }
            @Nullable Object[][] converted = new Object[rows.size()][];
            for (int i = 0; i < converted.length; i++) {
                converted[i] = ParameterValues.convert(rows.get(i), insert.parameters(), engine::cast);
            }
            return StatementRunner.insertRows(insert, converted, engine, execution);
        } finally {
            end(execution);
        }
    }

    /** Opens an execution whose snapshot is of the catalog that the plan was made for. */
    private Execution begin(@Nullable List<?> parameterValues, ExecutionOptions options) {
        while (true) {
            Statement current = current();
            @Nullable
            Object[] parameters = parameterValues == null
                    ? new Object[0]
                    : ParameterValues.convert(parameterValues, parametersOf(current), engine::cast);
            Execution execution = new Execution(engine, session, sql, parameters, options);
            if (execution.context().snapshot().catalog().version() == plannedFor.catalogVersion()) {
                running.add(execution);
                return execution;
            }
            execution.close(); // a table came or went between planning and the snapshot
        }
    }

    private void end(Execution execution) {
        running.remove(execution);
        execution.close();
    }

    private Statement current() {
        if (closed) {
            throw new EngineException(ErrorCode.CLOSED, "statement is closed");
        }
        session.checkOpen();
        PlanCache.Key now = session.cacheKey(sql, engine.catalogVersion());
        if (!now.equals(plannedFor)) {
            statement = engine.plan(now);
            plannedFor = now;
        }
        return statement;
    }

    @Override
    public void cancel() {
        for (Execution execution : running) {
            execution.stop(ErrorCode.CANCELLED, "statement cancelled on the user's request");
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        RuntimeException failure = null;
        for (ResultCursor cursor : List.copyOf(cursors)) {
            try {
                cursor.close();
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        session.forget(this);
        if (failure != null) {
            throw failure;
        }
    }
}
