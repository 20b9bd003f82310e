package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import org.jspecify.annotations.Nullable;

/**
 * A running plan record. Pulled by one thread. Constructing an operator constructs its inputs; reading begins with the first {@link
 * #next()}.
 */
public interface Operator extends AutoCloseable {
    /**
     * The next rows, at least one selected, or null at the end and ever after. The batch belongs to the operator and is valid until the next call.
     * Implementations that loop over their input poll {@link ExecutionContext#checkCancelled()} once for each batch.
     */
    @Nullable
    Batch next();

    /** Closes the inputs and frees memory. Always called, also after a failure; again is harmless. */
    @Override
    void close();
}
