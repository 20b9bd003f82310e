package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import org.jspecify.annotations.Nullable;

/** An operator of EXPLAIN ANALYZE: counts what comes out of another one, and the time that takes, its inputs' time included. */
final class MeasuredOperator implements Operator {
    private final Operator operator;
    private final OperatorProfile profile;

    MeasuredOperator(Operator operator, OperatorProfile profile) {
        this.operator = operator;
        this.profile = profile;
    }

    @Override
    public @Nullable Batch next() {
        long start = profile.whole().now();
        Batch batch;
        try {
            batch = operator.next();
        } finally {
            profile.pulled(profile.whole().now() - start);
        }
        if (batch != null) {
            profile.gave(batch.selectedCount());
        }
        return batch;
    }

    @Override
    public void close() {
        operator.close();
    }
}
