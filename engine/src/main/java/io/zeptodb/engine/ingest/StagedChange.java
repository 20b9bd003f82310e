package io.zeptodb.engine.ingest;

import io.zeptodb.engine.batch.WritableColumn;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.catalog.ViewMetadata;

/** Something that a transaction over several statements does again in the database at its commit. */
sealed interface StagedChange {
    record Create(TableMetadata table) implements StagedChange {}

    record Drop(TableMetadata table) implements StagedChange {}

    record CreateView(ViewMetadata view, boolean replace) implements StagedChange {}

    record DropView(ViewMetadata view) implements StagedChange {}

    record Truncate(TableMetadata table) implements StagedChange {}

    /** Rows that a statement deleted, or that rows which it appended have replaced: own ones too. Sequence numbers ascend. */
    record Delete(TableMetadata table, long[] sequences) implements StagedChange {}

    /** Rows with the sequence numbers from {@code first} on in the workspace. */
    record Rows(TableMetadata table, WritableColumn[] columns, int count, long first) implements StagedChange {}
}
