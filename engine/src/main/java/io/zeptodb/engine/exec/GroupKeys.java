package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.plan.Expression;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The group expressions of an aggregation and the numbers of their keys ({@link GroupTable}). Without expressions there is the one group 0, whether rows
 * come or not. Owned by one aggregation, one thread.
 */
final class GroupKeys implements AutoCloseable {
    private final ExpressionEvaluator[] expressions;
    private final ColumnVector[] keys;
    private final @Nullable GroupTable table;

    GroupKeys(List<Expression> groups, ExecutionContext context) {
        expressions = ExpressionEvaluator.all(groups, context);
        keys = new ColumnVector[expressions.length];
        List<ColumnType> types = groups.stream().map(Expression::type).toList();
        table = types.isEmpty()
                ? null
                : Inputs.closingOnFailure(
                        () -> ExpressionEvaluator.closeAll(expressions), () -> new GroupTable(context.budget(), types));
    }

    /** Whether there are no expressions. */
    boolean isWhole() {
        return table == null;
    }

    int groupCount() {
        return table == null ? 1 : table.groupCount();
    }

    /** Group expression i of all groups; valid until keys are added. */
    ColumnVector key(int i) {
        if (table == null) {
            throw new IllegalStateException("an aggregation without groups has no keys");
        }
        return table.key(i);
    }

    /**
     * Finds or adds the groups of the selected rows of a batch.
     *
     * @param groups receives the group of each, at its position; not written to without expressions
     */
    void assign(Batch batch, int[] groups) {
        if (table != null) {
            for (int i = 0; i < keys.length; i++) {
                keys[i] = expressions[i].evaluate(batch);
            }
            table.assign(keys, batch.selection(), batch.rowCount(), groups);
        }
    }

    /** Finds or adds all groups of another one of the same expressions; {@code groups} as in {@link #assign(Batch, int[])}. */
    void assign(GroupKeys other, int[] groups) {
        if (table != null) {
            for (int i = 0; i < keys.length; i++) {
                keys[i] = other.key(i);
            }
            table.assign(keys, null, other.groupCount(), groups);
        }
    }

    @Override
    public void close() {
        ExpressionEvaluator.closeAll(expressions);
        if (table != null) {
            table.close();
        }
    }
}
