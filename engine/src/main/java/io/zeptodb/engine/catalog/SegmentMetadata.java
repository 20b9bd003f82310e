package io.zeptodb.engine.catalog;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.api.ErrorCode;
import java.util.List;
import java.util.Locale;

/**
 * What the database knows of a sealed segment's file without opening it. Immutable.
 *
 * @param number of the segment: unique for ever in its database, also when the file is gone
 * @param file where its rows are
 * @param rows in the file, deleted ones included
 * @param slice of time that the rows are of
 * @param time what the designated timestamps span
 * @param sequences what the sequence numbers span
 * @param columns what the file has: all columns of the table when it was written, in the order of the file
 */
public record SegmentMetadata(
        long number, Contents file, long rows, Slice slice, Span time, Span sequences, List<Column> columns) {
    /**
     * A file that was written once.
     *
     * @param name in the folder
     * @param bytes its length
     * @param checksum CRC32C that the end of the file must have: another file in its place is found by it, and so is an older one
     * @param compression of its buffers
     */
    public record Contents(String name, long bytes, int checksum, SegmentCompression compression) {}

    /**
     * The time slice of a partition, nanoseconds.
     *
     * @param start first instant
     * @param end behind the last
     * @param nullTimes whether it is that of the rows without a timestamp
     */
    public record Slice(long start, long end, boolean nullTimes) {}

    /**
     * Least and greatest of some numbers.
     *
     * @param present false when there is none: no designated timestamp, or all are NULL
     * @param min least, when present
     * @param max greatest, when present
     */
    public record Span(boolean present, long min, long max) {
        public static final Span NONE = new Span(false, 0, 0);

        public static Span of(long min, long max) {
            return new Span(true, min, max);
        }
    }

    /**
     * A column of the file.
     *
     * @param id of the column, as {@link TableMetadata#columnIds()} has it
     * @param statistics of the rows of the file
     */
    public record Column(int id, ColumnStatistics statistics) {}

    private static final String PREFIX = "seg-";
    private static final String SUFFIX = ".arrow";

    public SegmentMetadata {
        columns = List.copyOf(columns);
        if (rows <= 0 || rows > Integer.MAX_VALUE || !sequences.present()) {
            throw new EngineException(
                    ErrorCode.INTERNAL_ERROR,
                    "segment " + number + " cannot have " + rows + " rows with the sequence numbers " + sequences);
        }
    }

    /** The name of the file of a segment. */
    public static String fileName(long number) {
        return PREFIX + String.format(Locale.ROOT, "%016x", number) + SUFFIX;
    }

    /** The number in a name that {@link #fileName} could have given, or -1 for other names. */
    public static long numberOf(String fileName) {
        int digits = Long.BYTES * 2;
        if (fileName.length() != PREFIX.length() + digits + SUFFIX.length()
                || !fileName.startsWith(PREFIX)
                || !fileName.endsWith(SUFFIX)) {
            return -1;
        }
        String hex = fileName.substring(PREFIX.length(), PREFIX.length() + digits);
        for (int i = 0; i < digits; i++) {
            char c = hex.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return -1;
            }
        }
        return Math.max(Long.parseUnsignedLong(hex, Long.BYTES * 2), -1);
    }

    /** Whether the file has a column of this id. */
    public boolean hasColumn(int columnId) {
        return columns.stream().anyMatch(column -> column.id() == columnId);
    }

    /** Where a column of this id stands in the file. @throws EngineException INTERNAL_ERROR when it has none */
    public int placeOf(int columnId) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).id() == columnId) {
                return i;
            }
        }
        throw new EngineException(
                ErrorCode.INTERNAL_ERROR, "segment " + number + " has no column of the id " + columnId);
    }
}
