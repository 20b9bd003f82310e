package io.zeptodb.engine.catalog;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a database folder holds, at one commit: the one root from which everything else in it is found. What it does not name is garbage. Immutable;
 * {@link ManifestFile} writes and reads it.
 *
 * @param database its identity, made with the folder
 * @param generation counts the manifests of this database
 * @param catalog its tables
 * @param nextSegment number of the next segment file: above all there ever were
 * @param log from where the log is read
 * @param tables what is stored of each table, by table id of the catalog
 */
public record Manifest(
        UUID database, long generation, Catalog catalog, long nextSegment, LogPlace log, List<TableContents> tables) {
    /**
     * What of the log counts.
     *
     * @param firstFile number of the first file that holds rows which no segment has
     * @param frame the last record that this manifest has seen: what it did to tables and to sealed rows is in here
     * @param markFile file that the log had reached, all of it on the disk, when this was written
     * @param markLength bytes of it
     */
    public record LogPlace(long firstFile, long frame, long markFile, long markLength) {}

    /**
     * @param nextSequence of the next row: above all that the table's sealed rows have
     */
    public record TableContents(
            long tableId, long nextSequence, List<DictionaryFile> dictionaries, List<PartitionContents> partitions) {
        public TableContents {
            dictionaries = List.copyOf(dictionaries);
            partitions = List.copyOf(partitions);
        }
    }

    /**
     * The texts of a SYMBOL column.
     *
     * @param file where they are
     * @param bytes of the file that count
     * @param codes that these bytes have
     */
    public record DictionaryFile(int columnId, String file, long bytes, int codes) {
        /** The name of the file of a column. */
        public static String fileName(long tableId, int columnId) {
            return "sym-" + tableId + "-" + columnId + ".dict";
        }

        /** Whether {@link #fileName} could have given this name. */
        public static boolean isFileName(String name) {
            return name.startsWith("sym-") && name.endsWith(".dict");
        }
    }

    /**
     * @param sealedThrough rows of this slice with a smaller sequence number are in the segments, or gone
     */
    public record PartitionContents(SegmentMetadata.Slice slice, long sealedThrough, List<SegmentContents> segments) {
        public PartitionContents {
            segments = List.copyOf(segments);
        }
    }

    /**
     * @param deleted which rows of it are deleted; null when none is
     */
    public record SegmentContents(
            SegmentMetadata metadata, @Nullable DeletedRowsFile deleted) {}

    /**
     * Which rows of a segment are deleted: a file that was written once.
     *
     * @param file where they are
     * @param bytes its length
     * @param checksum CRC32C of all its bytes
     * @param rows that are deleted
     */
    public record DeletedRowsFile(String file, long bytes, int checksum, long rows) {
        private static final String PREFIX = "del-";
        private static final String SUFFIX = ".rows";

        /**
         * The name of such a file.
         *
         * @param segment number of the segment
         * @param generation of the first manifest that names it: the rows that are deleted later go to another file
         */
        public static String fileName(long segment, long generation) {
            return PREFIX + String.format(Locale.ROOT, "%016x-%016x", segment, generation) + SUFFIX;
        }

        /** Whether {@link #fileName} could have given this name. */
        public static boolean isFileName(String name) {
            return name.startsWith(PREFIX) && name.endsWith(SUFFIX);
        }
    }

    public Manifest {
        tables = List.copyOf(tables);
    }
}
