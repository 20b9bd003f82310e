package io.zeptodb.engine.partition;

import io.zeptodb.engine.batch.SymbolDictionary;
import io.zeptodb.engine.catalog.TableMetadata;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table at one commit. Immutable and thread-safe; valid while the {@link SnapshotLease} that gave it is open.
 */
public interface TableSnapshot {
    TableMetadata metadata();

    /** COUNT(*): a field. */
    long rowCount();

    /** In the order of their time slices; rows with a NULL timestamp are in a partition of their own, the last. */
    List<PartitionSnapshot> partitions();

    /** The dictionary of a SYMBOL column, null for other columns. */
    @Nullable
    SymbolDictionary dictionary(int ordinal);
}
