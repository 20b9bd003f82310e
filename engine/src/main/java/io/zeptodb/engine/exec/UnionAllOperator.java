package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of all inputs, one input after the other; an input that has ended is closed at once. */
final class UnionAllOperator implements Operator {
    private final ExecutionContext context;
    private final List<Operator> inputs;
    private int current;

    UnionAllOperator(ExecutionContext context, List<Operator> inputs) {
        this.context = context;
        this.inputs = inputs;
    }

    @Override
    public @Nullable Batch next() {
        while (current < inputs.size()) {
            context.checkCancelled();
            Batch batch = inputs.get(current).next();
            if (batch != null) {
                return batch;
            }
            inputs.get(current).close();
            current++;
        }
        return null;
    }

    @Override
    public void close() {
        current = inputs.size();
        inputs.forEach(Operator::close);
    }
}
