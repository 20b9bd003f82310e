package io.zeptodb.engine.partition;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.batch.EndMark;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a sealed segment, wherever it is: made in memory, or a file that is opened when it is first touched. Its columns are those
 * that the table had when the segment was made, in their order then, and the sequence numbers behind them; rows are in the order of (key,
 * time, sequence), the NULL key and NULL timestamps last. Thread-safe. What it gives is valid until {@link #close()}, and as long as
 * somebody retains it.
 */
public interface SegmentColumns extends AutoCloseable {
    /**
     * Where the runs are.
     *
     * @throws io.zeptodb.engine.api.EngineException CORRUPTION, IO_ERROR, FILE_NOT_FOUND, OUT_OF_MEMORY, CLOSED
     */
    SealedRuns runs();

    /**
     * A column of which rows [row, row + count) may be read.
     *
     * @throws io.zeptodb.engine.api.EngineException as {@link #runs()}
     */
    SealedColumn column(int column, int row, int count);

    /** The column when all rows of it may be read, so that nobody need ask again until the segment is closed; else null. */
    @Nullable
    SealedColumn complete(int column);

    /**
     * Where the file's end can be watched. Null while no row was asked for, and for memory that is no file's. Valid until {@link #close()}.
     */
    default @Nullable EndMark endMark() {
        return null;
    }

    /** What to throw when the {@link #endMark()} is not there. */
    default EngineException cutShort() {
        throw new IllegalStateException("no file that could be cut short");
    }

    /** Gives up the segment's hold of its memory, once no snapshot of it can be read any more; who retained a part keeps it. */
    @Override
    void close();
}
