package io.zeptodb.engine.seal;

import io.zeptodb.engine.catalog.TableMetadata;
import io.zeptodb.engine.partition.DatabaseSnapshot;
import io.zeptodb.engine.partition.PartitionSnapshot;
import java.util.ArrayList;
import java.util.List;

/** Which rows a table no longer keeps: those of time slices that ended longer ago than its TTL. Rows without a timestamp are kept. */
public final class Retention {
    /**
     * A slice to be dropped.
     *
     * @param start first nanosecond of it
     */
    public record Expired(TableMetadata table, long start) {}

    private Retention() {}

    /**
     * The slices that have expired.
     *
     * @param nowNanos nanoseconds since 1970 UTC
     */
    public static List<Expired> expired(DatabaseSnapshot snapshot, long nowNanos) {
        List<Expired> expired = new ArrayList<>();
        for (TableMetadata table : snapshot.catalog().tables()) {
            long ttl = table.schema().retention().ttlNanos();
            if (ttl > 0) {
                for (PartitionSnapshot partition : snapshot.table(table.id()).partitions()) {
                    if (!partition.nullTimes() && partition.sliceEnd() <= nowNanos - ttl) {
                        expired.add(new Expired(table, partition.sliceStart()));
                    }
                }
            }
        }
        return expired;
    }
}
