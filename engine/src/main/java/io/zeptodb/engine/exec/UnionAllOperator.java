package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of all inputs, one input after the other. Inputs stay open to the end: whoever keeps rows may need the symbols' dictionary. */
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
