package io.zeptodb.engine.tier;

import com.google.flatbuffers.FlatBufferBuilder;
import io.zeptodb.engine.store.ByteWriter;
import io.zeptodb.engine.store.OutputFile;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.ipc.message.ArrowFooter;
import org.apache.arrow.vector.types.pojo.Schema;

/** Writes what stands behind the body of a segment's file, which has one checksum: index, trailer, Arrow's footer. */
final class SegmentEnd {
    private static final int FOOTER_BYTES = 4096;

    private final OutputFile file;
    private final CRC32C crc = new CRC32C();

    SegmentEnd(OutputFile file) {
        this.file = file;
    }

    /** The checksum. */
    int write(SegmentIndex index, Schema schema, List<ArrowBlock> dictionaries, ArrowBlock batch) {
        byte[] encoded = index.encode();
        ByteWriter trailer = new ByteWriter(SegmentFormat.TRAILER_BYTES);
        int padding = -encoded.length & (SegmentFormat.MESSAGE_ALIGNMENT - 1);
        trailer.take(padding);
        trailer.putLong(SegmentFormat.TRAILER_MAGIC)
                .putInt(SegmentFormat.VERSION)
                .putInt(padding)
                .putLong(encoded.length);
        Map<String, String> notes = Map.of(
                "zepto.format",
                Integer.toString(SegmentFormat.VERSION),
                "zepto.segment",
                Long.toString(index.number()),
                "zepto.table",
                Long.toString(index.tableId()),
                "zepto.index",
                file.length() + " " + encoded.length);
        FlatBufferBuilder builder = new FlatBufferBuilder(FOOTER_BYTES);
        builder.finish(new ArrowFooter(schema, dictionaries, List.of(batch), notes).writeTo(builder));
        byte[] footer = builder.sizedByteArray();
        ByteWriter end = new ByteWriter(SegmentFormat.END_BYTES);
        end.putInt(footer.length);
        for (byte b : SegmentFormat.ARROW_MAGIC) {
            end.putByte(b);
        }
        append(encoded);
        append(trailer.toArray());
        append(footer);
        append(end.toArray());
        return (int) crc.getValue();
    }

    private void append(byte[] bytes) {
        crc.update(bytes, 0, bytes.length);
        file.write(bytes, 0, bytes.length);
    }
}
