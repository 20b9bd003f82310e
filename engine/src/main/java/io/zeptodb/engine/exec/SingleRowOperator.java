package io.zeptodb.engine.exec;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.batch.Batch;
import io.zeptodb.engine.batch.ColumnVector;
import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.plan.PhysicalPlan;
import org.jspecify.annotations.Nullable;

/** A scalar subquery: its one row, a row of NULLs when it has none, an error when it has more. */
final class SingleRowOperator implements Operator {
    private static final int[] NO_ROW = {-1};

    private final ExecutionContext context;
    private final Operator input;
    private final WritableColumn[] columns;
    private boolean ended;

    SingleRowOperator(PhysicalPlan.SingleRow plan, ExecutionContext context, Operator input) {
        this.context = context;
        this.input = input;
        columns = plan.types().stream()
                .map(type -> new WritableColumn(context.budget(), type))
                .toArray(WritableColumn[]::new);
    }

    @Override
    public @Nullable Batch next() {
        if (ended) {
            return null;
        }
        ended = true;
        long rows = 0;
        Batch batch;
        while ((batch = input.next()) != null) {
            context.checkCancelled();
            rows += batch.selectedCount();
            if (rows > 1) {
                throw new EngineException(
                        ErrorCode.CARDINALITY_VIOLATION,
                        "a subquery used as a value gave more than one row (aggregate it, or add LIMIT 1)");
            }
            // copied, as asking for a second row ends the batch's life
            for (int i = 0; i < columns.length; i++) {
                columns[i].append(batch.column(i), batch.position(0), 1);
            }
        }
        ColumnVector[] vectors = new ColumnVector[columns.length];
        for (int i = 0; i < columns.length; i++) {
            if (rows == 0) {
                columns[i].append(new ColumnVector(columns[i].type()), NO_ROW, 1);
            }
            vectors[i] = columns[i].vector();
        }
        return new Batch(vectors).set(1, null);
    }

    @Override
    public void close() {
        ended = true;
        input.close();
        for (WritableColumn column : columns) {
            column.close();
        }
    }
}
