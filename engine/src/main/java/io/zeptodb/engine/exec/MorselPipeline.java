package io.zeptodb.engine.exec;

import io.zeptodb.engine.batch.Batch;
import org.jspecify.annotations.Nullable;

/**
 * A scan with the filters and projections above it, one of several that share the scan's morsels: every row comes out of exactly one of
 * them. Made by {@link MorselPipelines}; pulled by one thread.
 */
final class MorselPipeline implements Operator {
    private final Operator output;
    private final TableScanOperator scan;

    MorselPipeline(Operator output, TableScanOperator scan) {
        this.output = output;
        this.scan = scan;
    }

    @Override
    public @Nullable Batch next() {
        return output.next();
    }

    /**
     * Number of the morsel that the last batch is of. Morsels are the same however many pipelines there are: who merges partial
     * results in the order of morsels gets one answer whatever the number of threads.
     */
    int morsel() {
        return scan.morsel();
    }

    @Override
    public void close() {
        output.close();
    }
}
