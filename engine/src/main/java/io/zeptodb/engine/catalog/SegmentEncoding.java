package io.zeptodb.engine.catalog;

import io.zeptodb.engine.api.EngineException;
import io.zeptodb.engine.store.ByteReader;
import io.zeptodb.engine.store.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * What the manifest keeps of a sealed segment, as bytes.
 *
 * <pre>
 *   number (8), file name, file bytes (8), checksum (4), compression, rows (8),
 *   slice start (8), end (8), of NULL times (1), time span, sequence span, each: present (1), min (8), max (8)
 *   columns (4), then of each: id (4), has bounds (1), min and max as longs (8, 8), as doubles (8, 8), NULLs (8)
 * </pre>
 */
final class SegmentEncoding {
    private static final int COLUMN_BYTES = 45;

    private SegmentEncoding() {}

    static void write(ByteWriter out, SegmentMetadata segment) {
        out.putLong(segment.number());
        out.putText(segment.file().name())
                .putLong(segment.file().bytes())
                .putInt(segment.file().checksum());
        out.putText(segment.file().compression().name());
        out.putLong(segment.rows());
        writeSlice(out, segment.slice());
        writeSpan(out, segment.time());
        writeSpan(out, segment.sequences());
        out.putInt(segment.columns().size());
        for (SegmentMetadata.Column column : segment.columns()) {
            ColumnStatistics known = column.statistics();
            out.putInt(column.id()).putBoolean(known.hasBounds());
            out.putLong(known.minLong()).putLong(known.maxLong());
            out.putDouble(known.minDouble()).putDouble(known.maxDouble());
            out.putLong(known.nullCount());
        }
    }

    static void writeSlice(ByteWriter out, SegmentMetadata.Slice slice) {
        out.putLong(slice.start()).putLong(slice.end()).putBoolean(slice.nullTimes());
    }

    private static void writeSpan(ByteWriter out, SegmentMetadata.Span span) {
        out.putBoolean(span.present()).putLong(span.min()).putLong(span.max());
    }

    static SegmentMetadata read(ByteReader in) {
        long number = in.getLong();
        SegmentMetadata.Contents file = new SegmentMetadata.Contents(
                in.getText(), in.getLong(), in.getInt(), in.getEnum(SegmentCompression.class));
        long rows = in.getLong();
        SegmentMetadata.Slice slice = readSlice(in);
        SegmentMetadata.Span time = readSpan(in);
        SegmentMetadata.Span sequences = readSpan(in);
        List<SegmentMetadata.Column> columns = new ArrayList<>();
        for (int left = in.getCount(COLUMN_BYTES); left > 0; left--) {
            int id = in.getInt();
            ColumnStatistics statistics = new ColumnStatistics(
                    in.getBoolean(), in.getLong(), in.getLong(), in.getDouble(), in.getDouble(), in.getLong());
            columns.add(new SegmentMetadata.Column(id, statistics));
        }
        try {
            return new SegmentMetadata(number, file, rows, slice, time, sequences, columns);
        } catch (EngineException e) {
            throw in.corrupt("not a segment: " + e.getMessage());
        }
    }

    static SegmentMetadata.Slice readSlice(ByteReader in) {
        return new SegmentMetadata.Slice(in.getLong(), in.getLong(), in.getBoolean());
    }

    private static SegmentMetadata.Span readSpan(ByteReader in) {
        return new SegmentMetadata.Span(in.getBoolean(), in.getLong(), in.getLong());
    }
}
