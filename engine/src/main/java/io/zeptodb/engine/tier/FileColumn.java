package io.zeptodb.engine.tier;

import io.zeptodb.engine.partition.SealedColumn;
import org.jspecify.annotations.Nullable;

/** A column of a segment's file that was asked for. Thread-safe. */
interface FileColumn {
    /** The column, of which rows [row, row + count) may be read. */
    SealedColumn rows(int row, int count);

    /** The column when all rows of it may be read until the segment is closed, else null. */
    @Nullable
    SealedColumn complete();

    /** Gives up its hold of the memory. */
    void close();
}
