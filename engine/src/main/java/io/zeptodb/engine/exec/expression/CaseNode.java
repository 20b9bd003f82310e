package io.zeptodb.engine.exec.expression;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.MemoryBudget;
import io.zeptodb.engine.batch.SelectionVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.kernel.Selects;
import org.jspecify.annotations.Nullable;

/** CASE: each condition is evaluated for the rows that no condition before it took, each result for the rows its condition took. */
final class CaseNode extends ExpressionNode {
    private final ExpressionNode[] conditions;
    /** One for each condition, then the one for the rest. */
    private final ExpressionNode[] results;

    private final WritableColumn result;
    private final SelectionVector rest = new SelectionVector(0);
    private final SelectionVector taken = new SelectionVector(0);

    CaseNode(ExpressionNode[] conditions, ExpressionNode[] results, ColumnType type, MemoryBudget budget) {
        super(type);
        this.conditions = conditions;
        this.results = results;
        this.result = new WritableColumn(budget, type);
    }

    @Override
    public ColumnVector evaluate(Batch batch, @Nullable SelectionVector selection) {
        int rows = batch.rowCount();
        rest.reserve(rows);
        taken.reserve(rows);
        rest.setCount(Selects.all(positions(selection), count(batch, selection), rest.positions()));
        PositionCopy.begin(result, rows);
        for (int i = 0; i < conditions.length && rest.count() > 0; i++) {
            int count = conditions[i].select(batch, rest, taken);
            if (count > 0) {
                PositionCopy.copy(results[i].evaluate(batch, taken), taken, result);
                rest.setCount(
                        Selects.minus(rest.positions(), rest.count(), taken.positions(), count, rest.positions()));
            }
        }
        if (rest.count() > 0) {
            PositionCopy.copy(results[conditions.length].evaluate(batch, rest), rest, result);
        }
        result.setRowCount(rows);
        return result.vector();
    }

    @Override
    public void close() {
        for (ExpressionNode condition : conditions) {
            condition.close();
        }
        for (ExpressionNode each : results) {
            each.close();
        }
        result.close();
    }
}
