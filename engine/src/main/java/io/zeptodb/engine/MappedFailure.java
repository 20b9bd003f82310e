package io.zeptodb.engine;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import io.zeptodb.engine.catalog.SegmentMetadata;
import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.DatabaseSnapshot;
import io.zeptodb.engine.partition.PartitionSnapshot;
import io.zeptodb.engine.partition.SegmentSnapshot;
import io.zeptodb.engine.store.Directory;
import io.zeptodb.engine.tier.SegmentFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What it means when the JVM says that memory could not be read: a file that is mapped was cut short by another process, or its disk fails. The JVM says so
 * with an InternalError, some instructions late.
 */
final class MappedFailure {
    /** In the message of such an error, of every JVM from 17 on. */
    private static final String UNREADABLE = "unsafe memory access";

    private MappedFailure() {}

    /**
     * The error for the user, which names the files that are shorter than they were written.
     *
     * @param snapshot of the tables whose files may be those
     * @param directory of the files; null for a database in memory
     * @throws InternalError the error itself when it is another one
     */
    static EngineException of(InternalError error, DatabaseSnapshot snapshot, @Nullable Directory directory) {
        if (directory == null
                || error.getMessage() == null
                || !error.getMessage().contains(UNREADABLE)) {
            throw error;
        }
        List<String> cut = new ArrayList<>();
        for (TableMetadata table : snapshot.catalog().tables()) {
            for (PartitionSnapshot partition : snapshot.table(table.id()).partitions()) {
                for (SegmentSnapshot segment : partition.segments()) {
                    SegmentMetadata metadata = segment.file();
                    String wrong = metadata == null ? null : SegmentFile.cutShort(directory, metadata.file());
                    if (wrong != null) {
                        cut.add(wrong);
                    }
                }
            }
        }
        return cut.isEmpty()
                ? new EngineException(
                        ErrorCode.IO_ERROR,
                        "the disk did not give what is in a file of '" + directory.location()
                                + "' (the system's log tells of the disk, 'zepto check' which file it is)",
                        error)
                : new EngineException(
                        ErrorCode.CORRUPTION, String.join(", ", cut) + "; restore the file from a backup", error);
    }
}
