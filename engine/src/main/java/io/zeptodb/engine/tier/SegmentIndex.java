package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.ColumnType;
import io.zeptodb.engine.api.TypeKind;
import io.zeptodb.engine.catalog.ColumnStatistics;
import io.zeptodb.engine.catalog.SegmentCompression;
import io.zeptodb.engine.partition.SealedRuns;
import io.zeptodb.engine.store.ByteReader;
import io.zeptodb.engine.store.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a segment's file says of itself: where its buffers are, which runs it has, which checksums its blocks must have.
 *
 * @param number of the segment
 * @param tableId of its table
 * @param compression of its buffers
 * @param columns those of the table, then the sequence numbers
 * @param areas from the first byte of the file to the index, without a gap
 * @param runs in the order of the rows
 */
record SegmentIndex(
        long number,
        long tableId,
        SegmentCompression compression,
        List<Column> columns,
        List<Area> areas,
        SealedRuns runs) {
    /**
     * A buffer in the file.
     *
     * @param offset of its first byte in the file
     * @param length of its bytes in the file
     * @param rawLength of its bytes when they are decompressed; the same as the length when they are not compressed
     */
    record Part(long offset, long length, long rawLength) {}

    /**
     * @param id as the table has it
     * @param type when the segment was written
     * @param statistics of all rows
     * @param validity null when no row is NULL
     * @param values of all rows
     * @param heaps of a column of views
     */
    record Column(
            int id,
            ColumnType type,
            ColumnStatistics statistics,
            @Nullable Part validity,
            Part values,
            List<Part> heaps) {}

    /**
     * A stretch of the file that is mapped at once.
     *
     * @param checksums CRC32C of its blocks
     */
    record Area(long offset, long length, int[] checksums) {}

    private static final int LEAST_COLUMN_BYTES = 64;
    private static final int LEAST_AREA_BYTES = 20;
    private static final int LEAST_RUN_BYTES = 2;
    private static final int VARINT_BITS = 7;
    private static final int VARINT_MASK = 0x7F;

    byte[] encode() {
        ByteWriter out = new ByteWriter(1024);
        out.putLong(number).putLong(tableId).putText(compression.name()).putInt(columns.size());
        for (Column column : columns) {
            encode(column, out);
        }
        out.putInt(areas.size());
        for (Area area : areas) {
            out.putLong(area.offset).putLong(area.length).putInt(area.checksums.length);
            for (int checksum : area.checksums) {
                out.putInt(checksum);
            }
        }
        out.putBoolean(runs.hasNullKey()).putInt(runs.count());
        long last = 0;
        for (int run = 0; run < runs.count(); run++) {
            long step = runs.keys()[run] - last;
            last = runs.keys()[run];
            putVarint(out, (step << 1) ^ (step >> (Long.SIZE - 1)));
            putVarint(out, runs.starts()[run + 1] - runs.starts()[run]);
        }
        return out.toArray();
    }

    private static void encode(Column column, ByteWriter out) {
        ColumnStatistics known = column.statistics;
        out.putInt(column.id)
                .putText(column.type.kind().name())
                .putByte(column.type.precision())
                .putByte(column.type.scale())
                .putBoolean(known.hasBounds())
                .putLong(known.minLong())
                .putLong(known.maxLong())
                .putDouble(known.minDouble())
                .putDouble(known.maxDouble())
                .putLong(known.nullCount())
                .putBoolean(column.validity != null);
        if (column.validity != null) {
            encode(column.validity, out);
        }
        encode(column.values, out);
        out.putInt(column.heaps.size());
        for (Part heap : column.heaps) {
            encode(heap, out);
        }
    }

    private static void encode(Part part, ByteWriter out) {
        out.putLong(part.offset).putLong(part.length).putLong(part.rawLength);
    }

    private static void putVarint(ByteWriter out, long value) {
        long rest = value;
        while ((rest & ~VARINT_MASK) != 0) {
            out.putByte((int) (rest & VARINT_MASK) | ~VARINT_MASK);
            rest >>>= VARINT_BITS;
        }
        out.putByte((int) rest);
    }

    /**
     * @param in over the index
     * @param end where the index begins in the file: the areas end there
     */
    static SegmentIndex decode(ByteReader in, long end) {
        long number = in.getLong();
        long tableId = in.getLong();
        SegmentCompression compression = in.getEnum(SegmentCompression.class);
        int count = in.getCount(LEAST_COLUMN_BYTES);
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            columns.add(decodeColumn(in, end));
        }
        List<Area> areas = decodeAreas(in, end);
        SealedRuns runs = decodeRuns(in);
        in.expectEnd();
        for (Column column : columns) {
            if (column.values.rawLength != SegmentFormat.valueBytes(column.type.kind(), runs.rows())
                    || (column.validity != null
                            && column.validity.rawLength != SegmentFormat.bitmapBytes(runs.rows()))) {
                throw in.corrupt("the buffers of column " + column.id + " do not fit " + runs.rows() + " rows");
            }
        }
        return new SegmentIndex(number, tableId, compression, List.copyOf(columns), areas, runs);
    }

    private static Column decodeColumn(ByteReader in, long end) {
        int id = in.getInt();
        ColumnType type = new ColumnType(in.getEnum(TypeKind.class), in.getByte(), in.getByte());
        ColumnStatistics statistics = new ColumnStatistics(
                in.getBoolean(), in.getLong(), in.getLong(), in.getDouble(), in.getDouble(), in.getLong());
        Part validity = in.getBoolean() ? decodePart(in, end) : null;
        Part values = decodePart(in, end);
        int count = in.getCount(3 * Long.BYTES);
        List<Part> heaps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            heaps.add(decodePart(in, end));
        }
        return new Column(id, type, statistics, validity, values, List.copyOf(heaps));
    }

    private static Part decodePart(ByteReader in, long end) {
        Part part = new Part(in.getLong(), in.getLong(), in.getLong());
        if (part.offset < 0 || part.length < 0 || part.rawLength < 0 || part.offset > end - part.length) {
            throw in.corrupt("a buffer at " + part.offset + " of " + part.length + " bytes is not before " + end);
        }
        return part;
    }

    private static List<Area> decodeAreas(ByteReader in, long end) {
        int count = in.getCount(LEAST_AREA_BYTES);
        List<Area> areas = new ArrayList<>();
        long next = 0;
        for (int i = 0; i < count; i++) {
            long offset = in.getLong();
            long length = in.getLong();
            int[] checksums = new int[in.getCount(Integer.BYTES)];
            if (offset != next
                    || length <= 0
                    || length > Integer.MAX_VALUE
                    || checksums.length != (length + SegmentFormat.BLOCK_BYTES - 1) / SegmentFormat.BLOCK_BYTES) {
                throw in.corrupt("an area at " + offset + " of " + length + " bytes with " + checksums.length
                        + " blocks cannot follow at " + next);
            }
            for (int block = 0; block < checksums.length; block++) {
                checksums[block] = in.getInt();
            }
            areas.add(new Area(offset, length, checksums));
            next += length;
        }
        if (next != end) {
            throw in.corrupt("the areas end at " + next + ", expected " + end);
        }
        return List.copyOf(areas);
    }

    private static SealedRuns decodeRuns(ByteReader in) {
        boolean hasNullKey = in.getBoolean();
        int count = in.getCount(LEAST_RUN_BYTES);
        long[] keys = new long[count];
        int[] starts = new int[count + 1];
        long last = 0;
        for (int run = 0; run < count; run++) {
            long coded = getVarint(in);
            last += (coded >>> 1) ^ -(coded & 1);
            keys[run] = last;
            long rows = getVarint(in);
            if (rows <= 0 || rows > Integer.MAX_VALUE - starts[run]) {
                throw in.corrupt("run " + run + " cannot have " + rows + " rows");
            }
            starts[run + 1] = starts[run] + (int) rows;
        }
        return new SealedRuns(keys, starts, hasNullKey);
    }

    /** Bytes of the arrays of so many runs. */
    static long runBytes(int count) {
        return (long) count * (Long.BYTES + Integer.BYTES) + Integer.BYTES;
    }

    private static long getVarint(ByteReader in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += VARINT_BITS) {
            int next = in.getByte();
            value |= (long) (next & VARINT_MASK) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw in.corrupt("a number does not end");
    }
}
