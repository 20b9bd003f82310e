package io.zeptodb.engine;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.ResultColumn;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.exec.Operator;
import io.zeptodb.engine.exec.Operators;
import io.zeptodb.engine.exec.PlanProfile;
import io.zeptodb.engine.optimizer.StatementText;
import io.zeptodb.engine.plan.Expression;
import io.zeptodb.engine.plan.PhysicalPlan;
import io.zeptodb.engine.plan.PlanColumn;
import io.zeptodb.engine.plan.Statement;
import java.util.ArrayList;
import java.util.List;

/** EXPLAIN ANALYZE: runs a statement to its end, changes included, throws its rows away and tells what each operator did. */
final class StatementAnalysis {
    /** Of the answer. */
    static final List<ResultColumn> COLUMNS = List.of(new ResultColumn("plan", ColumnType.VARCHAR, false, null, null));

    private StatementAnalysis() {}

    /** The lines of the answer as rows. The execution measures nothing any more when this returns. */
    static PhysicalPlan run(
            Statement.ExplainAnalyze analyze, Engine engine, EngineSession session, Execution execution) {
        Statement statement = analyze.statement();
        long start = engine.clock().monotonicNanos();
        List<String> lines = new ArrayList<>();
        try (PlanProfile profile = new PlanProfile(execution.budget(), engine.clock()::monotonicNanos)) {
            execution.measure(profile);
            long rows = statement instanceof Statement.Query query
                    ? drain(query.plan(), execution)
                    : StatementRunner.run(statement, engine, session, execution);
            lines.addAll(StatementText.lines(statement, profile::text));
            lines.add("Execution: rows=" + rows
                    + ", time=" + PlanProfile.milliseconds(engine.clock().monotonicNanos() - start)
                    + ", memory=" + profile.peakBytes()
                    + ", spilled=" + profile.spilledBytes());
        } finally {
            execution.measure(null);
        }
        List<List<Expression>> values = new ArrayList<>();
        for (String line : lines) {
            values.add(List.of(new Expression.Literal(line, ColumnType.VARCHAR)));
        }
        return new PhysicalPlan.Values(values, List.of(new PlanColumn("plan", ColumnType.VARCHAR, false)));
    }

    private static long drain(PhysicalPlan plan, Execution execution) {
        long rows = 0;
        try (Operator operator = Operators.open(plan, execution.context())) {
            for (Batch batch = operator.next(); batch != null; batch = operator.next()) {
                execution.context().checkCancelled();
                rows += batch.selectedCount();
            }
        }
        return rows;
    }
}
