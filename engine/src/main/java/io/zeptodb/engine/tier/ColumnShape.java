package io.zeptodb.engine.tier;

import io.zeptodb.engine.api.ColumnType;
import java.util.ArrayList;
import java.util.List;

/**
 * How a column lies in the body, which must be known before its first byte is written: the metadata stands before it.
 *
 * @param type of its values
 * @param nulls rows that are NULL
 * @param rawBytes of its buffers: validity (0 when no row is NULL), values, heaps
 * @param fileBytes the same in the file, which are others when they are compressed
 */
record ColumnShape(ColumnType type, long nulls, List<Long> rawBytes, List<Long> fileBytes) {
    /** A column that lies in the file as it lies in memory. */
    static ColumnShape plain(ColumnType type, long rows, long nulls, List<Long> heapBytes) {
        List<Long> bytes = new ArrayList<>();
        bytes.add(nulls == 0 ? 0 : SegmentFormat.bitmapBytes(rows));
        bytes.add(SegmentFormat.valueBytes(type.kind(), rows));
        bytes.addAll(heapBytes);
        return new ColumnShape(type, nulls, bytes, bytes);
    }

    /** Where the buffers are when the first begins at {@code offset}. */
    List<SegmentIndex.Part> parts(long offset) {
        List<SegmentIndex.Part> parts = new ArrayList<>();
        long at = offset;
        for (int i = 0; i < fileBytes.size(); i++) {
            parts.add(new SegmentIndex.Part(at, fileBytes.get(i), rawBytes.get(i)));
            at += SegmentFormat.padded(fileBytes.get(i));
        }
        return parts;
    }

    /** What the buffers take in the file. */
    long paddedBytes() {
        return fileBytes.stream().mapToLong(SegmentFormat::padded).sum();
    }

    ArrowMessages.Node node(long offset) {
        return new ArrowMessages.Node(nulls, parts(offset), type.kind().isView() ? fileBytes.size() - 2 : -1);
    }
}
