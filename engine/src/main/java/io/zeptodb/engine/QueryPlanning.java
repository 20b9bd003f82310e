package io.zeptodb.engine;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.exec.ConstantFolding;
import io.zeptodb.engine.function.FunctionRegistry;
import io.zeptodb.engine.optimizer.Planner;
import io.zeptodb.engine.partition.DatabaseSnapshot;
import io.zeptodb.engine.partition.SnapshotStatistics;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.Statement;
import io.zeptodb.engine.sql.SqlFrontEnd;
import io.zeptodb.engine.sql.SqlPlaces;
import org.jspecify.annotations.Nullable;

/** From texts to statements, with the plan cache. Thread-safe; made once for a database and closed with it. */
final class QueryPlanning implements AutoCloseable {
    private static final int LONG_TEXT = 8_000;
    private static final String TOO_DEEP = "the statement is nested too deeply: split it up";

    private final MemoryBudget budget;
    private final PlanCache cache;
    private final FunctionRegistry functions;
    private final Planner planner;
    private final ConstantFolding constants;

    /** Takes over the budget. */
    QueryPlanning(MemoryBudget budget, int cacheSize) {
        this.budget = budget;
        this.cache = new PlanCache(cacheSize);
        this.functions = FunctionRegistry.standard();
        this.constants = new ConstantFolding(budget);
        this.planner = new Planner(new SqlFrontEnd(functions), functions, constants);
    }

    /** What the cache has for a key; null when it has nothing, or a plan for tables of other sizes. */
    @Nullable
    Statement cached(PlanCache.Key key, DatabaseSnapshot snapshot) {
        PlanCache.Planned planned = cache.get(key);
        if (planned == null) {
            return null;
        }
        boolean comparable = snapshot.catalog().version() == key.catalogVersion();
        return comparable && !planned.sizes().suit(snapshot) ? null : planned.statement();
    }

    /** Whether the plan of a key depends on how large tables are, so that it is asked for anew with each run. */
    boolean dependsOnSizes(PlanCache.Key key) {
        PlanCache.Planned planned = cache.get(key);
        return planned != null && !planned.sizes().isEmpty();
    }

    /** Parse, validate, optimise, lower; or what the cache has. The snapshot is leased. The key's catalog version may be older than the snapshot's. */
    Statement plan(PlanCache.Key key, DatabaseSnapshot snapshot, Runnable stopCheck) {
        Statement cached = cached(key, snapshot);
        if (cached != null) {
            return cached;
        }
        SnapshotStatistics statistics = new SnapshotStatistics(snapshot, budget);
        SqlFrontEnd.Context context = new SqlFrontEnd.Context(
                SessionAccess.restricted(snapshot.catalog(), key.readable()),
                statistics,
                key.asofDefaultLeft(),
                key.useMaterializedViews(),
                stopCheck,
                snapshot.catalog());
        Statement statement = prepared(key.sql(), context);
        if (snapshot.catalog().version() == key.catalogVersion()) {
            cache.put(key, new PlanCache.Planned(statement, new TableSizes(statistics.askedRows())));
        }
        return statement;
    }

    /** Long texts may be long chains or deep nests: they are planned on a large stack at once, short ones when they turn out to be. */
    private Statement prepared(String sql, SqlFrontEnd.Context context) {
        if (sql.length() > LONG_TEXT) {
            return onLargeStack(sql, context);
        }
        try {
            return planner.prepare(sql, context);
        } catch (StackOverflowError e) {
            return onLargeStack(sql, context);
        } catch (EngineException e) {
            if (DeepStack.isOverflow(e)) {
                return onLargeStack(sql, context);
            }
            throw e;
        }
    }

    private Statement onLargeStack(String sql, SqlFrontEnd.Context context) {
        try {
            return DeepStack.call(() -> planner.prepare(sql, context));
        } catch (StackOverflowError e) {
            SqlPlaces.Place place = SqlPlaces.deepest(sql);
            throw new EngineException(ErrorCode.STATEMENT_TOO_COMPLEX, TOO_DEEP, place.line(), place.column(), e);
        }
    }

    /** A tree of expressions deeper than a thread's stack: refused, the process goes on. */
    static EngineException tooDeep(StackOverflowError e) {
        return new EngineException(ErrorCode.STATEMENT_TOO_COMPLEX, TOO_DEEP, e);
    }

    @Nullable
    Object cast(Expression.Literal value, ColumnType type) {
        return constants.evaluate(new Expression.Cast(value, type, false));
    }

    /** Loads the classes that the first query needs. */
    void warmUp() {
        try {
            SqlFrontEnd.Context context = SqlFrontEnd.warmUpContext();
            SqlFrontEnd.warmUpStatements().forEach(sql -> planner.prepare(sql, context));
        } catch (RuntimeException e) {
            EngineLog.warmUpFailed(e);
        }
    }

    @Override
    public void close() {
        cache.clear();
        budget.close();
    }
}
